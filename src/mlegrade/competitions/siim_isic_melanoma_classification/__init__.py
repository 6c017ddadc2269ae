"""SIIM-ISIC Melanoma Classification."""
