"""Toxic Comment Classification Challenge."""
