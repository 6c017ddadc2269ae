"""HMS - Harmful Brain Activity Classification."""
