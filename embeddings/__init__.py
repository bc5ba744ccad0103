"""Text to vectors: the built-in model and the back-ends that may take its place."""
