"""HTML inside records and feeds to plain lines: scripts, styles and comments are dropped; reads no files."""

from __future__ import annotations

import html
import re

# What only markup has: a known tag, closed.
_TAG = re.compile(r"</?(?:p|div|br|span|section|table|ul|ol|li|h[1-6]|a|img|strong|em|script)\b[^<>]*>", re.IGNORECASE)
_BLOCKS = frozenset(
    (
        "p div br section article table tr ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre figure figcaption hr"
    ).split()
)
_HIDDEN = ("script", "style", "noscript", "template", "iframe", "object", "svg", "head")
_BLANKS = re.compile(r"[ \t\r\f\v\n]+")
_MANY_LINES = re.compile(r"\s*\n\s*")


def plain_lines(text: str) -> str:
    """Return a record's text with entities decoded, line ends as line feeds and, where it is HTML, a line a block."""
    if _TAG.search(text) is not None:
        return _lines_of(text)
    return html.unescape(text).replace("\r\n", "\n").replace("\r", "\n")


def _lines_of(markup: str) -> str:
    from lxml import etree
    from lxml import html as lxml_html

    try:
        tree = lxml_html.fromstring(f"<div>{markup.replace(chr(0), '')}</div>")
    except (etree.LxmlError, ValueError):
        return ""
    etree.strip_elements(tree, *_HIDDEN, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    pieces: list[str] = []
    # Events instead of recursion: hostile markup is nested deep.
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        is_block = node.tag in _BLOCKS
        if is_block:
            pieces.append("\n")
        words = node.text if event == "start" else (node.tail if node is not tree else None)
        if words:
            pieces.append(_BLANKS.sub(" ", words))
    return _MANY_LINES.sub("\n", "".join(pieces)).strip()
