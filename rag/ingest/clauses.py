"""Numbered clauses and steps of rules, plans and notices."""

from __future__ import annotations

import re

_HAN = "一二三四五六七八九十百零〇"
_MARK = re.compile(
    rf"(?m)^[ \t]*(?:第[{_HAN}\d]{{1,4}}[条款步]|步骤[{_HAN}\d]{{1,2}}|[{_HAN}]{{1,3}}、|[（(][{_HAN}\d]{{1,3}}[)）]"
    r"|\d{1,2}[.．、](?!\d)|[①-⑳]|(?:Article|Section|Step) \d{1,3}\b)"
)


def clause_starts(text: str) -> frozenset[int]:
    """Return where lines begin that open with the number of a clause or step."""
    return frozenset(found.end() - len(found[0].lstrip()) for found in _MARK.finditer(text))
