"""Explore Multi-Label Classification with an Enzyme Substrate Dataset."""
