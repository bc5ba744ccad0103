"""Answers that a language model writes, held to the passages that it was given."""
