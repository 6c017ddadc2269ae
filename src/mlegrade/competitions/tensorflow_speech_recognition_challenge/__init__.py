"""TensorFlow Speech Recognition Challenge."""
