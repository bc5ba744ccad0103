"""Any sentence-transformers model as an embedder; torch is imported only when one is opened."""
