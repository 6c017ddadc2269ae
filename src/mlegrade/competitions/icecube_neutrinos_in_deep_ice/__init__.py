"""IceCube - Neutrinos in Deep Ice."""
