"""Spooky Author Identification."""
