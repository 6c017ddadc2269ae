"""Kuzushiji Recognition."""
