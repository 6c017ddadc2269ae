"""iNaturalist 2019 at FGVC6."""
