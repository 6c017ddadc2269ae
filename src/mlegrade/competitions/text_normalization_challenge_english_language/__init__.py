"""Text Normalization Challenge - English Language."""
