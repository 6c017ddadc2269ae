"""Tabular Playground Series - May 2022."""
