"""iMet Collection 2020 - FGVC7."""
