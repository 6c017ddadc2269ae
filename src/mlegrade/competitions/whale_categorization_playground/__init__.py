"""Humpback Whale Identification Challenge."""
