"""`huwen model`: the embedding model that ships with the package."""
