"""The languages that the doors speak to people."""
