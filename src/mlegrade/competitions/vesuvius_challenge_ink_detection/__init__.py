"""Vesuvius Challenge - Ink Detection."""
