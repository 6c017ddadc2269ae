"""Dog Breed Identification."""
