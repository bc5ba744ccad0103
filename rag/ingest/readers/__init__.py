"""One file a format: each reads files into pages and interprets nothing."""
