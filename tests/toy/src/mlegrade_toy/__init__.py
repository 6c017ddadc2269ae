"""Competitions of another package."""
