"""Jigsaw Unintended Bias in Toxicity Classification."""
