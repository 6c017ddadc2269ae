"""Text Normalization Challenge - Russian Language."""
