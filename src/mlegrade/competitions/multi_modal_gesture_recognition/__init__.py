"""Multi-modal Gesture Recognition."""
