"""PetFinder.my - Pawpularity Contest."""
