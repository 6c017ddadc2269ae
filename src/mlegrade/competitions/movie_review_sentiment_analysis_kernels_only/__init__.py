"""Movie Review Sentiment Analysis (Kernels Only)."""
