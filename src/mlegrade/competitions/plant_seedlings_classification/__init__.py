"""Plant Seedlings Classification."""
