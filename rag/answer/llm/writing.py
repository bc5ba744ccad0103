"""An answer while it is written: each sentence is grounded, then numbered as it is first cited, then passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rag.answer.cite import Labels, citation, marked
from rag.answer.llm.addresses import foreign_addresses
from rag.text.language import is_in_another_language
from rag.types import Citation, Claim, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.answer.llm.draft import Drafted
    from rag.types import Lang

WRONG_LANGUAGE = "wrong_language"


class Grounded(Protocol):
    """What a check of one sentence found: spans as offsets in their articles, and why it is not supported."""

    @property
    def spans(self) -> tuple[tuple[Passage, int, int], ...]:
        """The passages' spans that support the sentence."""
        ...

    @property
    def problems(self) -> tuple[str, ...]:
        """Empty where the sentence is supported."""
        ...


class Ground(Protocol):
    """Checks a sentence against the passages that it cites."""

    def __call__(self, text: str, passages: Sequence[Passage], /) -> Grounded:
        """Return what supports the sentence, or what is wrong with it."""
        ...


class Writing:
    """Takes drafted sentences; those that hold are emitted. `shown` are the passages by their numbers in the prompt.

    With a `mark`, sentences that do not hold are emitted too, followed by it, once one that holds is there.
    """

    def __init__(
        self, *, lang: Lang, shown: Sequence[Passage], ground: Ground, emit: Callable[[str], None], mark: str | None
    ) -> None:
        self._lang = lang
        self._mark = mark
        self._waiting: list[str] = []
        self._shown = shown
        self._ground = ground
        self._emit = emit
        self._labels = Labels()
        self._pieces: list[str] = []
        self._claims: list[Claim] = []
        self._citations: list[Citation] = []

    @property
    def text(self) -> str:
        """All that was emitted."""
        return "".join(self._pieces)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every sentence of the draft in order, also those that did not hold."""
        return tuple(self._claims)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One row for each sentence and span."""
        return tuple(self._citations)

    @property
    def dropped(self) -> int:
        """How many sentences did not hold."""
        return sum(not claim.supported for claim in self._claims)

    def labelled(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Return the passages with the labels that the text gives them."""
        return self._labels.labelled(passages)

    def add(self, drafted: Drafted) -> None:
        """Check a sentence, record it, and emit it with its labels where it holds."""
        cited = [self._shown[number - 1] for number in drafted.numbers if 1 <= number <= len(self._shown)]
        found = self._ground(drafted.text, cited)
        problems = [
            *found.problems,
            *([WRONG_LANGUAGE] if is_in_another_language(drafted.text, lang=self._lang) else []),
            *(f"address_not_in_source: {row}" for row in foreign_addresses(drafted.text, cited)),
        ]
        if problems or not found.spans:
            unknown = [f"unknown_label: {number}" for number in drafted.numbers if not 1 <= number <= len(self._shown)]
            rejected = (*problems, *unknown) or ("not_in_source",)
            self._claims.append(Claim(text=drafted.text, labels=(), supported=False, problems=rejected))
            self._write_marked(drafted)
        else:
            self._write(drafted, found.spans)

    def _write(self, drafted: Drafted, spans: Sequence[tuple[Passage, int, int]]) -> None:
        labels = tuple(dict.fromkeys(self._labels.label(passage) for passage, _, _ in spans))
        self._claims.append(Claim(text=drafted.text, labels=labels, supported=True))
        self._citations += [
            citation(passage, Span(start, end), label=self._labels.label(passage)) for passage, start, end in spans
        ]
        for sentence in self._waiting:
            self._pass_on(sentence, gap=" ")
        self._waiting.clear()
        self._pass_on(marked(drafted.text, labels), gap=drafted.gap)

    def _write_marked(self, drafted: Drafted) -> None:
        if self._mark is not None:
            sentence = f"{drafted.text} {self._mark}"
            if self._pieces:
                self._pass_on(sentence, gap=drafted.gap)
            else:
                self._waiting.append(sentence)

    def _pass_on(self, sentence: str, *, gap: str) -> None:
        self._pieces.append(f"{(gap or ' ') if self._pieces else ''}{sentence}")
        self._emit(self._pieces[-1])
