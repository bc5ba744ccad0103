"""Checks a sentence against the passages that it cites, and finds the exact spans that support it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer.entail.attribution import without_attribution
from rag.answer.entail.dates import date_problems
from rag.answer.entail.english import english_problems
from rag.answer.entail.figures import figure_problems
from rag.answer.entail.names import name_problems
from rag.answer.entail.reading import read, sources_of
from rag.answer.entail.stance import stance_problems
from rag.answer.entail.substitution import substitution_problems
from rag.answer.entail.translated import translated_share
from rag.answer.entail.wording import held_share, is_verbatim, without_quotations
from rag.text.figures import covers
from rag.text.language import detect_lang

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.answer.entail.reading import Reading, Source
    from rag.types import Lang, Passage

# Of a claim's characters and words, how many its sources must hold when both are in one language.
LEAST_HELD = 0.5
# Of a claim's words, how many must have a counterpart in sources of the other language; see docs/decisions.md.
LEAST_TRANSLATED: dict[Lang, float] = {"en": 0.25, "zh": 0.2}
MAX_SPANS = 3
# A further sentence is cited for its wording alone where it holds this share of the claim's that no other does.
MUCH_WORDING = 0.2
NO_CITATION = "no_citation"
NOT_IN_SOURCE = "not_in_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """The spans (offsets in their articles) that support a claim; `problems` is empty where they do."""

    spans: tuple[tuple[Passage, int, int], ...]
    problems: tuple[str, ...]


def ground_claim(text: str, passages: Sequence[Passage]) -> Grounding:
    """Return the fewest sentences of the passages that support the claim, and every reason why they do not.

    A claim fails when it cites nothing; when a figure, date, code or name of it stands in none of the passages, or with
    another unit, qualifier, period or subject; when it turns round what they assert; and, between texts of one language,
    when they hold less than half of its wording or say another thing in one place of a sentence that is else the same.
    """
    if not passages:
        return Grounding(spans=(), problems=(NO_CITATION,))
    sources = sources_of(passages)
    claim = read(text, reference=passages[0].published)
    chosen = _chosen(claim, sources)
    spans = tuple((row.passage, row.span.start, row.span.end) for row in chosen)
    if is_verbatim(text, passages):
        return Grounding(spans=spans, problems=())
    text = _own_words(without_attribution(text, passages), passages)
    claim = read(text, reference=passages[0].published)
    problems = [*figure_problems(claim, sources), *date_problems(text, passages, sources)]
    problems += [*name_problems(claim, passages), *stance_problems(claim, sources)]
    if _same_language(text, passages):
        problems += _repeated_problems(text, passages)
        if held_share(text, "\n".join(f"{row.header}\n{row.text}" for row in passages)) < LEAST_HELD:
            problems.append(NOT_IN_SOURCE)
    elif _is_untranslated(text, passages):
        problems.append(NOT_IN_SOURCE)
    return Grounding(spans=spans, problems=tuple(dict.fromkeys(problems)))


def _own_words(text: str, passages: Sequence[Passage]) -> str:
    """Return the claim without the quotations that a passage holds, where they are in another language than the rest."""
    rest = without_quotations(text, passages)
    return text if detect_lang(rest) == detect_lang(text) else rest


def _repeated_problems(text: str, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield what the claim changes of a sentence that it otherwise repeats: by characters, and in English by words."""
    yield from substitution_problems(text, passages) if detect_lang(text) == "zh" else english_problems(text, passages)


def _is_untranslated(text: str, passages: Sequence[Passage]) -> bool:
    """Tell whether the passages, in the other language, hold too few counterparts of the claim's words."""
    lang = detect_lang(text)
    share = translated_share(text, "\n".join(f"{row.header}\n{row.text}" for row in passages), lang=lang)
    return share is not None and share < LEAST_TRANSLATED[lang]


def _chosen(claim: Reading, sources: Sequence[Source]) -> list[Source]:
    """Return sentences greedily: the one that adds most of the claim, while one adds a figure, a date or much wording."""
    chosen: list[Source] = []
    tokens, marks = set(claim.tokens), set(range(len(claim.figures) + len(claim.dates)))
    much = MUCH_WORDING * len(claim.tokens)
    while sources and len(chosen) < MAX_SPANS:
        best = max(sources, key=lambda row: (len(_borne(claim, row) & marks), len(row.reading.tokens & tokens)))
        if chosen and not _borne(claim, best) & marks and len(best.reading.tokens & tokens) < much:
            break
        chosen.append(best)
        tokens -= best.reading.tokens
        marks -= _borne(claim, best)
    return chosen


def _borne(claim: Reading, source: Source) -> set[int]:
    """Return the places of the claim's figures, and behind them of its dates, that the sentence bears out."""
    figures = [any(covers(figure, found) for found in source.reading.figures) for figure in claim.figures]
    said = {(row.period, row.minutes) for row in source.reading.dates}
    dates = [(row.period, row.minutes) in said for row in claim.dates]
    return {at for at, is_borne in enumerate([*figures, *dates]) if is_borne}


def _same_language(text: str, passages: Sequence[Passage]) -> bool:
    lang = detect_lang(text)
    return any(passage.lang == lang for passage in passages)
