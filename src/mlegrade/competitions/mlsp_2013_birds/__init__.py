"""MLSP 2013 Bird Classification Challenge."""
