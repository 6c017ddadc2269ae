"""iWildCam 2019 - FGVC6."""
