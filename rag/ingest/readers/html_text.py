"""Takes the main text and its particulars out of HTML with trafilatura; reads nothing from the network."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlArticle:
    """What a web page is about."""

    text: str
    title: str | None
    source: str | None
    published: date | None
    url: str | None


def article_of(markup: str) -> HtmlArticle | None:
    """Return the main text of a web page; `None` where there is none."""
    import trafilatura

    found = trafilatura.bare_extraction(
        # The text is decoded already: what the page says of its encoding is no longer true.
        _DECLARATION.sub("", markup),
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        # A date is taken from where pages declare it, not from the first one in the text.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict) or not found.text or not found.text.strip():
        return None
    title = _clean(found.title)
    return HtmlArticle(
        text=_without_title(found.text.strip(), title),
        title=title,
        source=_clean(found.sitename),
        published=_day(found.date),
        url=_clean(found.url),
    )


def extract(path: Path) -> dict[str, object]:
    """Return `article` for a file in UTF-8: its fields, or `None`."""
    article = article_of(path.read_text("utf-8"))
    if article is None:
        return {"article": None}
    fields = asdict(article)
    return {"article": fields | {"published": None if article.published is None else article.published.isoformat()}}


def told_article(told: Mapping[str, object]) -> HtmlArticle | None:
    """Return the article that `extract` told of."""
    fields = told["article"]
    if not isinstance(fields, dict):
        return None
    return HtmlArticle(**(fields | {"published": _day(fields["published"])}))


def _without_title(text: str, title: str | None) -> str:
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if title is not None and first.strip() == title and rest.strip() else text


def _clean(value: str | None) -> str | None:
    return None if value is None else " ".join(value.split()) or None


def _day(value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value[:10])
    except ValueError:
        return None
