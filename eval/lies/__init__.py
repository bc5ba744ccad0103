"""A liar: true claims of an index, changed in ten ways that make them false, to measure a checker of claims by."""
