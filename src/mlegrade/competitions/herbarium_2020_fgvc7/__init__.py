"""Herbarium 2020 - FGVC7."""
