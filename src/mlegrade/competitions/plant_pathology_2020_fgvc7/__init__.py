"""Plant Pathology 2020 - FGVC7."""
