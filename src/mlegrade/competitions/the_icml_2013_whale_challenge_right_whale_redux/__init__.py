"""The ICML 2013 Whale Challenge - Right Whale Redux."""
