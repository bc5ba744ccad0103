"""Which field of a record is what: given by the user, else guessed by the names that exports use; reads nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Names are compared without case, spaces, `_` and `-`; the first that a record has is taken.
_GUESSES: dict[str, tuple[str, ...]] = {
    "id": ("文章标识符aid", "aid", "id", "articleid", "docid", "guid", "uuid", "编号", "文章编号", "文章id"),
    "title": ("标题title", "title", "headline", "标题", "文章标题", "题目", "name"),
    "text": (
        *("finalcontent", "content", "text", "body", "fulltext", "articlebody", "contenthtml", "html"),
        *("正文", "内容", "文章内容", "全文", "文章正文"),
    ),
    "source": ("公众号名称", "source", "publisher", "account", "site", "sitename", "media", "来源", "公众号", "媒体"),
    "published": (
        *(
            "时间time",
            "published",
            "publishedat",
            "publishdate",
            "publishtime",
            "pubdate",
            "datepublished",
            "date",
            "time",
        ),
        *("发布时间", "发布日期", "日期", "时间", "发表时间"),
    ),
    "url": ("链接url", "url", "link", "href", "permalink", "链接", "网址", "原文链接", "文章链接"),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """The record's field that holds each particular of an article; `None` is guessed, or not there."""

    id: str | None = None
    title: str | None = None
    text: str | None = None
    source: str | None = None
    published: str | None = None
    url: str | None = None

    def completed(self, names: Iterable[str]) -> ColumnMapping:
        """Return the mapping with what is not given guessed from the fields' names; a given one stays as it is."""
        given = dataclasses.asdict(self)
        taken = {name for name in given.values() if name is not None}
        by_key = {_key(name): name for name in reversed(list(names)) if name not in taken}
        guesses = {field: _guess(field, by_key) for field, name in given.items() if name is None}
        return dataclasses.replace(self, **guesses)


def _guess(field: str, by_key: dict[str, str]) -> str | None:
    return next((by_key[guess] for guess in _GUESSES[field] if guess in by_key), None)


def _key(name: str) -> str:
    return "".join(char for char in name.casefold() if char not in " _-\ufeff\t")
