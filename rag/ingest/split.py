"""One page to its articles: finds where stories begin, names them, dates them, and numbers them for good."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rag.ingest.announced import is_list_missing
from rag.ingest.blocks import Block, BlockKind, blocks_of, ends_sentence, is_rule
from rag.ingest.clean import clean_paragraphs, join_broken, without_space_inside
from rag.ingest.doctype import document_type
from rag.ingest.frontmatter import take_frontmatter
from rag.ingest.identity import article_key
from rag.ingest.introductions import without_introduction
from rag.ingest.markdown import plain_markdown
from rag.ingest.particulars import particulars_of
from rag.ingest.provenance import take_source, wire_of
from rag.ingest.publication import dateline_day, page_year
from rag.ingest.stories import stories_of
from rag.ingest.teasers import take_teasers
from rag.text.language import detect_lang
from rag.types import Article

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.ingest.stories import Story
    from rag.types import Page

# Changes whenever the same page would give other articles, so that a sync reads every page again.
SPLIT_VERSION = "8"
CONTENT_MISSING, LIST_MISSING, TEASER = "content_missing", "list_missing", "teaser"
ORIGIN = "来源："
HEADER_BLOCKS = 6
# Below this a body cannot answer anything: the content is in a picture.
SHORTEST_BODY = 12

_LABELLED_DAY = re.compile(
    r"(?:发布时间|发布日期|日期|Published|Date)\s*[:：]\s*(20\d\d)\D(\d{1,2})\D(\d{1,2})", re.IGNORECASE
)
_LABELLED_TITLE = re.compile(r"(?:原文链接|标题|Title)\s*[:：]\s*(\S.*)$", re.IGNORECASE)
_DAY = re.compile(r"(20\d\d)\D+(\d{1,2})\D+(\d{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    title: str
    paragraphs: tuple[str, ...]
    published: date | None
    source: str | None = None
    origin: str | None = None
    flags: tuple[str, ...] = ()


def split_page(page: Page, known: Mapping[str, int]) -> tuple[Article, ...]:
    """Return the page's articles in page order.

    `known` maps keys of articles seen on this page before (`article_key`) to their numbers, which they keep.
    """
    drafts = _record_drafts(page) if page.own_id else _page_drafts(page)
    if len(drafts) == 1 and not known:
        return (_article(page, drafts[0], page.page_id),)
    numbers = _numbers(drafts, known)
    return tuple(
        _article(page, draft, f"{page.page_id}#{number}") for draft, number in zip(drafts, numbers, strict=True)
    )


def _record_drafts(page: Page) -> tuple[_Draft, ...]:
    title = page.title or page.page_id
    source, lines = take_source(clean_paragraphs(page.text, furniture=page.furniture))
    paragraphs = tuple(line for line in without_introduction(lines, title=title) if not is_rule(line))
    flags = _flags(title, paragraphs)
    if paragraphs and source is not None and page.source is not None:
        # The account is the article's source; whom it took the text from is a fact that only this line states.
        paragraphs = (*paragraphs, f"{ORIGIN}{source}")
    return (
        _Draft(
            title=title,
            paragraphs=paragraphs,
            published=page.published,
            source=page.source or source,
            origin=source,
            flags=flags,
        ),
    )


def _page_drafts(page: Page) -> tuple[_Draft, ...]:
    front, text = take_frontmatter(page.text)
    text = plain_markdown(text) if page.markup == "markdown" else text
    source, lines = take_source(clean_paragraphs(text, furniture=page.furniture))
    paragraphs, teasers = take_teasers(lines)
    blocks = blocks_of(paragraphs)
    published = front.published or page.published or _header_day(blocks)
    stories = stories_of(_without_date_lines(blocks))
    drafts = [
        _Draft(
            title=(front.title if len(stories) == 1 else None)
            or (None if story.title is None else without_space_inside(story.title))
            or _labelled_title(blocks)
            or page.page_id,
            paragraphs=join_broken(story.blocks),
            published=published or _dateline_day(story, blocks),
            source=page.source or source,
            origin=source,
        )
        for story in stories
    ]
    drafts = [replace(draft, flags=_flags(draft.title, draft.paragraphs)) for draft in drafts]
    drafts += [_Draft(title=row.title, paragraphs=(row.text,), published=None, flags=(TEASER,)) for row in teasers]
    return tuple(draft for draft in drafts if draft.paragraphs) or tuple(drafts[:1])


def _flags(title: str, paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of what the article is and of what it lacks, in a fixed order."""
    text = "\n".join(paragraphs)
    if len(text) < SHORTEST_BODY:
        return tuple(code for code in (document_type(title, text), CONTENT_MISSING) if code is not None)
    missing = LIST_MISSING if is_list_missing(text) else None
    return tuple(code for code in (document_type(title, text), missing) if code is not None)


def _dateline_day(story: Story, page: Sequence[Block]) -> date | None:
    """Return the day of the story's own dateline, else the latest on its page, where the page states the year."""
    year = page_year(page)
    return None if year is None else dateline_day(story.blocks, year=year) or dateline_day(page, year=year)


def _article(page: Page, draft: _Draft, article_id: str) -> Article:
    text = "\n".join(draft.paragraphs)
    return Article(
        article_id=article_id,
        page_id=page.page_id,
        title=draft.title,
        text=text,
        source_path=page.source_path,
        lang=detect_lang(f"{draft.title}\n{text[:2000]}"),
        source=draft.source,
        origin=draft.origin or wire_of(text),
        published=draft.published,
        url=page.url,
        flags=draft.flags,
        particulars=particulars_of(text, published=draft.published),
    )


def _numbers(drafts: Sequence[_Draft], known: Mapping[str, int]) -> list[int]:
    highest = max(known.values(), default=0)
    taken: set[int] = set()
    numbers = []
    for draft in drafts:
        number = known.get(article_key(draft.title, "\n".join(draft.paragraphs)), 0)
        if number == 0 or number in taken:
            highest = number = highest + 1
        taken.add(number)
        numbers.append(number)
    return numbers


def _header_day(blocks: Sequence[Block]) -> date | None:
    for block in blocks[:HEADER_BLOCKS]:
        found = _LABELLED_DAY.search(block.text) or (_DAY.search(block.text) if block.kind is BlockKind.DATE else None)
        if found is not None:
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                continue
    return None


def _without_date_lines(blocks: Sequence[Block]) -> list[Block]:
    """Drop lines of the header that hold nothing but the date, which the article carries as its own field."""
    return [
        block
        for at, block in enumerate(blocks)
        if at >= HEADER_BLOCKS or not (block.kind is BlockKind.DATE or _is_label(block))
    ]


def _is_label(block: Block) -> bool:
    """Tell whether the line gives a date and a title by their labels, and no more."""
    return _LABELLED_DAY.match(block.text) is not None and _LABELLED_TITLE.search(block.text) is not None


def _labelled_title(blocks: Sequence[Block]) -> str | None:
    for block in blocks[:HEADER_BLOCKS]:
        found = _LABELLED_TITLE.search(block.text)
        if found is not None and not ends_sentence(found[1]):
            return found[1].strip()
    return None
