"""Markdown to plain lines: emphasis and links lose their marks, headings keep theirs for the splitter."""

from __future__ import annotations

import re

_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\((\S+?)(?:\s+\"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]*?\S)\1")
_EMPHASIS = re.compile(r"(?<![A-Za-z0-9*])\*(?=\S)([^*\n]*?\S)\*(?![A-Za-z0-9*])")
_CODE = re.compile(r"`([^`\n]+)`")


def plain_markdown(text: str) -> str:
    """Return the text without Markdown's inline marks; a link keeps its address in brackets, an image its description."""
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1 (\2)", text)
    for mark, kept in ((_STRONG, r"\2"), (_EMPHASIS, r"\1"), (_CODE, r"\1")):
        text = mark.sub(kept, text)
    return text
