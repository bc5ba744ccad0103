"""The checks of one sentence against its sources, one idea a file."""
