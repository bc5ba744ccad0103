"""Paragraphs of a page and what each is, judged by its form alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from rag.ingest import openings

if TYPE_CHECKING:
    from collections.abc import Sequence

# A title, sub-head or caption is a short line that no sentence mark ends.
SHORT_LINE = 40
LATIN_TITLE = 120
# A paragraph that long without a sentence mark at its end was cut by a column.
BROKEN_LINE = 40
LONGEST_TAG = 12

_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_ARROW_CAPTION = re.compile(r"^[▲▼▶◀△▽▷◁]|^(?:上|下|左|右)?图[：:为]|^[(（]图")
_CREDIT_CAPTION = re.compile(r"(?:摄|供图|制图[:：]?[一-鿿]{0,4})[)）。]?$")
_KICKER = re.compile(rf"^[★☆][^。]*$|^【[^】]{{2,{LONGEST_TAG}}}】$")
_RULE = re.compile(r"^(?:[-—–_=*＊~～.·•◆◇■□●○☆★/\\|+#\s]){2,}$")
_DECK_START, _DECK_END = "——", "——"
_DATE_LINE = re.compile(
    r"^(?:(?:发布时间|发布日期|发表时间|更新时间|日期|时间|Published|Updated|Date)\s*[:：]\s*)?"
    r"20\d\d\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}\s*日?(?:\s+\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
    r"(?:\s*[|｜]?\s*(?:来源|作者|记者|编辑|浏览|阅读|责编|责任编辑|点击)(?:次数|量)?\s*[:：]?\s*[^。，\s]{1,16})*$"
)
# A title may ask or call out; a line of an interview or with a sentence in it is none.
_CALL = re.compile(r"^[^。：:“”]*[！？!?]$")
_COMMAS = (",", "，", "、")
_SENTENCE_END = re.compile(r"[。！？!?…；;：:.][”’」』）)》】\"']*$")


class BlockKind(Enum):
    """What a paragraph is on its page."""

    HEADING = auto()
    BYLINE = auto()
    SIGN_OFF = auto()
    ARROW_CAPTION = auto()
    CREDIT_CAPTION = auto()
    KICKER = auto()
    DECK = auto()
    DATE = auto()
    RULE = auto()
    TEXT = auto()


CAPTIONS = frozenset({BlockKind.ARROW_CAPTION, BlockKind.CREDIT_CAPTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph. `level` is a heading's depth, 1 to 6, and 0 for all else."""

    kind: BlockKind
    text: str
    level: int = 0

    @property
    def is_short(self) -> bool:
        """Tell whether the paragraph could be a title: short, and no sentence mark ends it."""
        return self.kind is BlockKind.TEXT and len(self.text) <= SHORT_LINE and not _is_sentence(self.text)

    @property
    def is_title(self) -> bool:
        """Tell whether the paragraph could head a story; an English title has more letters, and a title may ask."""
        if self.kind is not BlockKind.TEXT:
            return False
        if self.text.isascii() and len(self.text) <= LATIN_TITLE and not self.text.endswith((".", ":", ";")):
            return True
        return self.is_short or (len(self.text) <= SHORT_LINE and _CALL.match(self.text) is not None)

    @property
    def is_prose(self) -> bool:
        """Tell whether the paragraph is running text, whole or cut off."""
        return self.kind is BlockKind.TEXT and not self.is_title

    @property
    def is_broken(self) -> bool:
        """Tell whether a column cut the paragraph off in mid-sentence."""
        if self.kind is not BlockKind.TEXT or ends_sentence(self.text):
            return False
        return len(self.text) >= BROKEN_LINE or self.text.endswith(_COMMAS) or _is_sentence(self.text)

    @property
    def starts_wire_story(self) -> bool:
        """Tell whether the paragraph opens as a story does: with a dateline, or as a letter or correction."""
        return self.kind is BlockKind.TEXT and openings.is_opening(self.text)


def ends_sentence(text: str) -> bool:
    """Tell whether a sentence mark ends the text, closing quotation marks and brackets after it left aside."""
    return _SENTENCE_END.search(text) is not None


def is_rule(text: str) -> bool:
    """Tell whether the line is made of ornaments alone."""
    return _RULE.match(text) is not None


def _is_sentence(text: str) -> bool:
    """Tell whether the text ends a sentence, has one before it breaks off, or breaks off inside a quotation."""
    return ends_sentence(text) or "。" in text or text.count("“") > text.count("”")


def blocks_of(paragraphs: Sequence[str]) -> tuple[Block, ...]:
    """Return the paragraphs with their kinds; Markdown heading marks are taken off."""
    return tuple(_block(paragraph) for paragraph in paragraphs)


def _block(text: str) -> Block:
    heading = _HEADING.match(text)
    if heading is not None:
        return Block(kind=BlockKind.HEADING, text=heading[2].strip(), level=len(heading[1]))
    return Block(kind=_kind(text), text=text)


def _kind(text: str) -> BlockKind:
    if openings.is_byline(text):
        return BlockKind.BYLINE
    if openings.is_sign_off(text):
        return BlockKind.SIGN_OFF
    by_pattern = (
        (_RULE, BlockKind.RULE),
        (_ARROW_CAPTION, BlockKind.ARROW_CAPTION),
        (_KICKER, BlockKind.KICKER),
        (_DATE_LINE, BlockKind.DATE),
    )
    for pattern, kind in by_pattern:
        if pattern.match(text):
            return kind
    if len(text) <= 3 * SHORT_LINE and _CREDIT_CAPTION.search(text):
        return BlockKind.CREDIT_CAPTION
    if len(text) <= 2 * SHORT_LINE and (text.startswith(_DECK_START) or text.endswith(_DECK_END)):
        return BlockKind.DECK if not ends_sentence(text) else BlockKind.TEXT
    return BlockKind.TEXT
