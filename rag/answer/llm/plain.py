"""Markup to plain text: a model's headings, bold type, links, images and tags do not reach an answer."""

from __future__ import annotations

import re

_IMAGE = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])?")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>|<!--.*?-->")
_BARE_LINK = re.compile(r"<(https?://[^<>\s]+|[\w.+-]+@[\w.-]+)>")
_LINE_MARK = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+|\d{1,2}[.)](?:[ \t]+|$)|```\w*[ \t]*$|\|[-:| ]+\|?[ \t]*$)",
    re.MULTILINE,
)
_EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_DIGITS = re.compile(r"\s*\^?\d{1,2}\s*")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")


def plain_text(text: str) -> str:
    """Return the text without markup, its words and citation marks kept.

    A link keeps its words and loses its address, an image goes altogether; an address that is written out stays.
    """
    text = _IMAGE.sub("", _INVISIBLE.sub("", text))
    text = _BARE_LINK.sub(r"\1", _LINK.sub(_link_words, text))
    return _EMPHASIS.sub("", _LINE_MARK.sub("", _TAG.sub("", text)))


def _link_words(link: re.Match[str]) -> str:
    return f"[{link[1]}]" if _DIGITS.fullmatch(link[1]) else link[1]
