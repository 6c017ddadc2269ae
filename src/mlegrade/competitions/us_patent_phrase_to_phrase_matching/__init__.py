"""U.S. Patent Phrase to Phrase Matching."""
