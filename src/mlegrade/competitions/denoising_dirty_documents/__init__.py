"""Denoising Dirty Documents."""
