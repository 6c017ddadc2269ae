"""Detecting Insults in Social Commentary."""
