"""Makes any Python string fit for libraries and servers that speak UTF-8."""

from __future__ import annotations


def encodable(text: str) -> str:
    """Return the text with a question mark for each lone surrogate, which UTF-8 cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
