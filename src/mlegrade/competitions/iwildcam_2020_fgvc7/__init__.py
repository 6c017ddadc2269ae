"""iWildCam 2020 - FGVC7."""
