"""Tweet Sentiment Extraction."""
