"""The model in the box: static token vectors for Chinese and English, read with numpy and tokenizers alone."""
