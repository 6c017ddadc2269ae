"""Herbarium 2022 - FGVC9."""
