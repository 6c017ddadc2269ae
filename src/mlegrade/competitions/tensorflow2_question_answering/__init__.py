"""TensorFlow 2.0 Question Answering."""
