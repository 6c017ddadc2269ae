"""ALASKA2 Image Steganalysis."""
