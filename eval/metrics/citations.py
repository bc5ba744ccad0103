"""Whether citations carry what they are put behind: recall and precision, validity, and the grounding of figures."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from eval.metrics.entailment import bigram_weights, supports
from eval.normalise import contains, figures, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eval.result import Citation, Claim, Passage, Result

    Weights = Callable[[], Mapping[str, float]]

LABEL_NUMBER = re.compile(r"\[([0-9]+)\]")
FULL_DATE = re.compile(r"([0-9]{4})年([0-9]{1,2}月(?:[0-9]{1,2}日)?)")


def citation_recall(result: Result) -> float | None:
    """Return the share of the claims told that their cited text supports; a claim without a citation counts 0.

    `None` without claims. Gao et al. 2023 (ALCE), with `supports` in place of the inference model.
    """
    told = result.told
    if not told:
        return None
    weights = _weights(result)
    return sum(supports(row.text, by=_cited(result, row.labels), weights=weights) for row in told) / len(told)


def sentences_held(result: Result) -> float | None:
    """Return the share of the drafted sentences that the checks let pass; `None` without any."""
    return sum(row.supported for row in result.claims) / len(result.claims) if result.claims else None


def citation_precision(result: Result) -> float | None:
    """Return the share of (claim, label) pairs that are needed; `None` without any.

    A pair fails if the claim's citations together do not support it, or if this one alone does not and the others
    without it do (Gao et al. 2023, micro-averaged over the answer).
    """
    weights = _weights(result)
    pairs = [(claim, label) for claim in result.told for label in claim.labels]
    return sum(_needed(result, claim, label, weights) for claim, label in pairs) / len(pairs) if pairs else None


def citation_validity(result: Result, *, text_of: Callable[[str], str | None]) -> float | None:
    """Return |citations that resolve| / |citations|; `None` without any.

    One resolves if its label stands in the answer and on a passage of the same article, and `text_of(article_id)`
    holds exactly the quote at its offsets.
    """
    used = {int(label) for label in LABEL_NUMBER.findall(result.answer)}
    places = {(row.label, row.article_id) for row in result.passages}
    valid = [
        row.label in used and (row.label, row.article_id) in places and _resolves(row, text_of(row.article_id))
        for row in result.citations
    ]
    return sum(valid) / len(valid) if valid else None


def figure_grounding(result: Result) -> float | None:
    """Return |figures and dates of the claims found in the text they cite| / |figures and dates|; `None` without any.

    A full date is also grounded by month and day in the text and the year in the passage's publication date.
    """
    found = [
        _stands(figure, normalise(text), years)
        for claim in result.told
        for text, years in [_cited_passages(result, claim)]
        for figure in figures(claim.text)
    ]
    return sum(found) / len(found) if found else None


def _weights(result: Result) -> Weights:
    return cache(lambda: bigram_weights([row.text for row in result.passages]))


def _needed(result: Result, claim: Claim, label: int, weights: Weights) -> bool:
    others = tuple(row for row in claim.labels if row != label)
    if not supports(claim.text, by=_cited(result, claim.labels), weights=weights):
        return False
    alone = supports(claim.text, by=_cited(result, (label,)), weights=weights)
    return alone or not supports(claim.text, by=_cited(result, others), weights=weights)


def _cited(result: Result, labels: tuple[int, ...]) -> str:
    """Return the quotes behind some labels; where an answer made elsewhere has none, the passages themselves."""
    quotes = [row.quote for row in result.citations if row.label in labels]
    return "\n".join(quotes or [row.text for row in result.passages if row.label in labels])


def _resolves(citation: Citation, text: str | None) -> bool:
    inside = text is not None and 0 <= citation.start < citation.end <= len(text)
    return inside and text is not None and text[citation.start : citation.end] == citation.quote


def _cited_passages(result: Result, claim: Claim) -> tuple[str, set[str]]:
    """Return the text that a claim's labels lead to, and the years in which those articles were published."""
    rows: list[Citation | Passage] = [row for row in result.citations if row.label in claim.labels]
    passages = [row for row in result.passages if row.label in claim.labels]
    text = "\n".join(
        [row.quote for row in result.citations if row.label in claim.labels] + [row.text for row in passages]
    )
    rows += passages
    titles = "\n".join(row.title for row in rows)
    return f"{text}\n{titles}", {row.published[:4] for row in rows if row.published is not None}


def _stands(figure: str, text: str, years: set[str]) -> bool:
    if contains(text, form=figure):
        return True
    full = FULL_DATE.fullmatch(figure)
    if full is not None:
        return contains(text, form=full[2]) and (full[1] in years or contains(text, form=f"{full[1]}年"))
    return figure.removesuffix("年") in years and figure.endswith("年")
