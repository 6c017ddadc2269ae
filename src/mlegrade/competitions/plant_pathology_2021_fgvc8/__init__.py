"""Plant Pathology 2021 - FGVC8."""
