"""Herbarium 2021 - FGVC8."""
