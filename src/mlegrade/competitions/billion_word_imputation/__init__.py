"""Billion Word Imputation."""
