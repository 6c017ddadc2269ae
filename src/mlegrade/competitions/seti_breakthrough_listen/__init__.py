"""SETI Breakthrough Listen - E.T. Signal Search."""
