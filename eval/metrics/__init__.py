"""One metric a function: pure, with its formula and its source. Nothing here reads files or asks questions."""
