"""The store of articles and the two search indexes over their chunks."""
