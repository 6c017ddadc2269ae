"""Freesound Audio Tagging 2019."""
