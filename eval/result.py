"""The ask object as scoring reads it: the contract's JSON with the fields that metrics need, whoever produced it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import HarnessError

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Citation(_Row):
    """One row of `citations`."""

    label: int
    article_id: str
    page_id: str
    title: str = ""
    published: str | None = None
    quote: str
    start: int
    end: int


class Claim(_Row):
    """One row of `claims`; one that is not `supported` is usually left out of the answer."""

    text: str
    labels: tuple[int, ...] = ()
    supported: bool = True


class Passage(_Row):
    """One row of `passages`, ranks from 1."""

    rank: int
    label: int | None = None
    article_id: str
    page_id: str
    also: tuple[str, ...] = ()
    title: str = ""
    published: str | None = None
    text: str

    def is_of(self, page_id_prefix: str) -> bool:
        """Tell whether the passage, or a duplicate collapsed into it, comes from such a page."""
        return any(page.startswith(page_id_prefix) for page in (self.page_id, *self.also))


class Result(_Row):
    """One answer or refusal."""

    status: Literal["answered", "refused"]
    reason: str | None = None
    answer: str
    llm: str = ""
    confidence: float = 0.0
    as_of: str | None = None
    citations: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    timings_ms: dict[str, float] = {}

    @property
    def refused(self) -> bool:
        """Whether it is a refusal. The correction of a false premise is not one: it tells the user something."""
        return self.status == "refused" and self.reason != "false_premise"

    @property
    def told(self) -> tuple[Claim, ...]:
        """The claims that the user got to read."""
        return tuple(row for row in self.claims if row.supported or row.text in self.answer)

    @property
    def said(self) -> str:
        """What it tells the user of the matter: nothing, where it refuses."""
        return "" if self.refused else self.answer


def read_result(row: Mapping[str, object]) -> Result:
    """Check an ask object. Raises `HarnessError` naming the first field that breaks the contract."""
    try:
        return Result.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise HarnessError(
            f"the answer breaks the contract: `{where}`: {first['msg']} (got {first['input']!r:.80})"
        ) from None
