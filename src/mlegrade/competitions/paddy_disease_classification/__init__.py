"""Paddy Doctor: Paddy Disease Classification."""
