"""Predicting Molecular Properties."""
