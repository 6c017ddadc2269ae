"""Leaf Classification."""
