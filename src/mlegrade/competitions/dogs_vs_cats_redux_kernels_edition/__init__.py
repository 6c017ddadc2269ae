"""Dogs vs. Cats Redux: Kernels Edition."""
