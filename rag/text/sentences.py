"""Cuts text into sentences and clauses; a span never ends inside a number, a name, a title or a quotation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A quotation or bracket longer than this may be cut at its inner ends; an unclosed one protects nothing.
LONGEST_QUOTATION = 300

_LINE = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BRACKET = re.compile('[“”"《》〈〉「」『』（）()【】\\[\\]]')
_CLOSERS = {"“": "”", "《": "》", "〈": "〉", "「": "」", "『": "』", "（": "）", "(": ")", "【": "】", "[": "]"}
_QUOTES = frozenset('“"「『')
_TAIL = "[”’」』）)\\]】》〉\"']*"
# What belongs to the sentence before it: closing marks, a bracketed source and citation labels, but no list mark.
_AFTER = re.compile(
    _TAIL
    + r"(?:[ \t]?(?:[(（](?![一二三四五六七八九十百\d]{1,4}[)）])[^()（）]{1,60}[)）][。.]?|\[\d{1,3}(?:[,，] ?\d{1,3})*\]))*"
    + _TAIL
)
_SENTENCE_END = re.compile(r"[。！？｡]+|[!?][!?。！？]*|\.+(?=[\s”’」』）)\]】》〉\"']|\[\d|$)")
_CLAUSE_END = re.compile(r"[，；]|[,;](?!\d)")
_NEXT_SENTENCE = re.compile(r"\s*$|\s+[^\sa-z,;:，；：、)）\]”’]|\s*[\u3400-\u9fff“《（【①-⑳]")
# The verb with which the rest of a line names who spoke: then the quotation before it does not end the sentence.
_SPEAKER = re.compile(
    "[^。！？，；“：\n]{0,24}?(?:说|表示|指出|认为|介绍|告诉|坦言|强调|道|解释|感慨|称|回忆|谈到|问|笑言)"
)
_ABBREVIATION = re.compile(
    r"(?:(?<![A-Za-z])(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Gov|Sen|Rep|St|Mt|Jr|Sr|vs|cf|eg|ie|al|ca|approx|est|Fig|Figs|Art|Sec|Ch|"
    r"Vol|pp|ed|eds|No|Nos|Inc|Corp|Co|Ltd|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Dept|Univ|Ave|Blvd|Rd|para|etc)"
    r"|[A-Za-z](?:\.[A-Za-z])*))$",
    re.IGNORECASE,
)
# These may close a sentence: they do so before a word that opens one, or before anything but a figure.
_MAY_CLOSE = re.compile(r"(?:Inc|Corp|Co|Ltd|etc|al|Ave|Blvd|Rd|Jr|Sr|[A-Za-z](?:\.[A-Za-z])+)$", re.IGNORECASE)
_NEEDS_FIGURE = re.compile(r"(?:No|Nos|Fig|Figs|Art|Sec|Ch|Mar|ed|est|al)$", re.IGNORECASE)
_OPENER = re.compile(
    r"\s+(?:The|A|An|In|On|At|It|Its|He|She|They|We|You|I|This|That|These|Those|But|And|However|As|For|After|Since|By|"
    r"From|With|According|Meanwhile|Last|Also|There|When|While|If|Our|Their|His|Her)\b"
)
_LIST_MARK = re.compile(r"(?:^|[.!?:;]\s)\s{0,8}\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,4})$")
_NOTHING = re.compile(r"\s*$")
_DEEPEST = 16


def sentence_spans(text: str) -> list[Span]:
    """Return the sentences in order, trimmed of blanks; they do not overlap and leave out nothing but blanks.

    A line break always ends a sentence. Closing marks, a bracketed source and citation labels stay with the sentence
    that they follow.
    """
    return [span for line in _LINE.finditer(text) for span in _pieces(text, line.span(), clauses=False)]


def clause_spans(text: str) -> list[Span]:
    """Return sentences cut further at commas and semicolons; the mark stays with the clause before it."""
    return [span for line in _LINE.finditer(text) for span in _pieces(text, line.span(), clauses=True)]


def _pieces(text: str, bounds: tuple[int, int], *, clauses: bool) -> Iterator[Span]:
    start, end = bounds
    line = text[start:end]
    guarded = _guarded(line)
    cuts = set(_sentence_cuts(line, guarded))
    if clauses:
        cuts.update(_outside(_clause_cuts(line), guarded))
    begin = 0
    for cut in (*sorted(cuts), len(line)):
        piece = line[begin:cut]
        if stripped := piece.strip():
            left = start + begin + len(piece) - len(piece.lstrip())
            yield Span(left, left + len(stripped))
        begin = cut


def _guarded(line: str) -> list[Span]:
    """Return the outermost bracketed and quoted stretches, brackets left out, in order."""
    pairs: list[Span] = []
    opened: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(line):
        mark, at = match[0], match.start()
        wanted = '"' if mark == '"' else ""
        if mark in _CLOSERS or (wanted and not any(open_mark == '"' for open_mark, _ in opened)):
            opened.append((mark, at))
            del opened[:-_DEEPEST]
            continue
        depth = next((n for n in reversed(range(len(opened))) if _closes(mark, opened[n][0])), None)
        if depth is None:
            continue
        begin = opened[depth][1]
        del opened[depth:]
        if at - begin <= LONGEST_QUOTATION:
            while pairs and pairs[-1].start > begin:
                pairs.pop()
            pairs.append(Span(begin, at + 1))
    return pairs


def _closes(mark: str, opener: str) -> bool:
    return _CLOSERS.get(opener, opener) == mark


def _outside(cuts: Iterator[int], guarded: Sequence[Span]) -> Iterator[int]:
    """Yield the cuts, which must rise, that lie in no guarded span."""
    at = 0
    for cut in cuts:
        while at < len(guarded) and guarded[at].end <= cut:
            at += 1
        if at == len(guarded) or cut <= guarded[at].start:
            yield cut


def _clause_cuts(line: str) -> Iterator[int]:
    for match in _CLAUSE_END.finditer(line):
        yield match.end()


def _sentence_cuts(line: str, guarded: Sequence[Span]) -> Iterator[int]:
    at = 0
    for match in _SENTENCE_END.finditer(line):
        while at < len(guarded) and guarded[at].end <= match.start():
            at += 1
        tail = _AFTER.match(line, match.end())
        cut = match.end() if tail is None else tail.end()
        if at < len(guarded) and guarded[at].start < match.start():
            # Inside a quotation: its last mark may end the sentence around it, the ones before may not.
            inside = guarded[at]
            if line[match.end() : inside.end - 1].strip("”’」』\"'") or not _quotation_ends(line, inside):
                continue
            cut = max(cut, inside.end)
        if _is_end(line, match, cut):
            yield cut


def _quotation_ends(line: str, quotation: Span) -> bool:
    """Tell whether a quotation that closes with a full stop closes its sentence too."""
    if line[quotation.start] not in _QUOTES:
        return False
    before, after = (
        line[max(0, quotation.start - 9) : quotation.start].rstrip(),
        line[quotation.end : quotation.end + 40],
    )
    return (bool(before) and before[-1] in "：:，,") or _SPEAKER.match(after) is None


def _is_end(line: str, match: re.Match[str], cut: int) -> bool:
    mark = match[0]
    if mark[0] in "。！？｡":
        return True
    if not _NEXT_SENTENCE.match(line, cut):
        return False
    return mark[0] != "." or not _is_abbreviation(line, match.start(), cut)


def _is_abbreviation(line: str, dot: int, cut: int) -> bool:
    """Tell whether the dot belongs to the word or list mark before it."""
    # The mark before the window keeps a word that is cut in two from looking like the start of a line.
    before = line[:dot] if dot <= 24 else "_" + line[dot - 24 : dot]
    mark = _LIST_MARK.search(before)
    if mark is not None and _ABBREVIATION.search(before, 0, mark.start()) is None:
        return True
    if _NOTHING.match(line, cut):
        return False
    found = _ABBREVIATION.search(before)
    if found is None:
        return False
    if _NEEDS_FIGURE.search(found[0]):
        return bool(re.match(r"\s*\d", line[cut : cut + 8]))
    return _MAY_CLOSE.search(found[0]) is None or _OPENER.match(line, cut) is None
