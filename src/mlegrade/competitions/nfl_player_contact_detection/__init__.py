"""1st and Future - Player Contact Detection."""
