"""Cassava Leaf Disease Classification."""
