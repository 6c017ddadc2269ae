"""Aerial Cactus Identification."""
