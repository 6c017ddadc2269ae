"""TGS Salt Identification Challenge."""
