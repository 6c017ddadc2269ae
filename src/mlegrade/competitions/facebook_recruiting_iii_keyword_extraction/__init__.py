"""Facebook Recruiting III - Keyword Extraction."""
