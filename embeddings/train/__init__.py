"""Trains the built-in model from public data sets; nothing here is imported at run time."""
