"""`huwen keys`: who may ask the server."""
