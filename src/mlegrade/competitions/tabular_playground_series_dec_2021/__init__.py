"""Tabular Playground Series - Dec 2021."""
