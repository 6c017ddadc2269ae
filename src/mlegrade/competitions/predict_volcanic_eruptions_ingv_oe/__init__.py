"""INGV - Volcanic Eruption Prediction."""
