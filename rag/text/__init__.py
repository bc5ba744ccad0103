"""Pure functions on strings: no input or output, no model."""
