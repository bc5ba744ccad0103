"""`huwen index`: the commands that build and inspect an index."""
