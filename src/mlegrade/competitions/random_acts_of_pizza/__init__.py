"""Random Acts of Pizza."""
