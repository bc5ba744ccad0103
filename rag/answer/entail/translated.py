"""How much of a claim stands in a passage of the other language, word by word through the translation lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.text.normalise import fold, level

if TYPE_CHECKING:
    from rag.types import Lang

# Fewer words than this tell nothing.
FEWEST = 4


def translated_share(text: str, held: str, *, lang: Lang) -> float | None:
    """Return the share of the claim's words of which a counterpart stands in `held`, 0 to 1; `None` for too few words.

    `lang` is the claim's language; `held` is in the other.
    """
    from embeddings.lexicon.lexicon import open_lexicon

    terms = open_lexicon().terms(level(text), lang=lang)
    if len(terms) < FEWEST:
        return None
    folded = fold(held)
    forms = [[fold(row) for row in (term.source, *(option for option, _ in term.options))] for term in terms]
    found = [any(form in folded for form in row) for row in forms]
    return sum(found) / len(found)
