"""Google Research - Identify Contrails to Reduce Global Warming."""
