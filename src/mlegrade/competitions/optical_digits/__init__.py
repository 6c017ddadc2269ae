"""Optical Recognition of Handwritten Digits."""
