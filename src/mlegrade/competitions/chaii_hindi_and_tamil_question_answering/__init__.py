"""Hindi and Tamil Question Answering."""
