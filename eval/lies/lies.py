"""The ten lies about a true claim, each of them false for certain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eval.lies.claim import Lie, seeded
from eval.lies.figures import digits, scales, units
from eval.lies.names import sources, subjects
from eval.lies.stated import may_support, states
from eval.lies.times import periods
from eval.lies.turns import directions, negations, qualifiers

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from eval.lies.claim import Change, LieKind, TrueClaim

    Changer = Callable[[str, random.Random, date | None], Iterator[Change]]

CHANGERS: Mapping[LieKind, Changer] = {
    "digit": lambda text, chance, _: digits(text, chance),
    "unit": lambda text, chance, _: units(text, chance),
    "scale": lambda text, chance, _: scales(text, chance),
    "period": periods,
    "subject": lambda text, chance, _: subjects(text, chance),
    "negation": lambda text, chance, _: negations(text, chance),
    "direction": lambda text, chance, _: directions(text, chance),
    "qualifier": lambda text, chance, _: qualifiers(text, chance),
    "invented_source": lambda text, chance, _: sources(text, chance),
}
KINDS: tuple[LieKind, ...] = (*CHANGERS, "citation_off_by_one")


def lies(claim: TrueClaim) -> Iterator[Lie]:
    """Yield one lie about the claim of each kind that it can be turned into."""
    for kind in KINDS:
        lie = moved(claim) if kind == "citation_off_by_one" else changed(claim, kind)
        if lie is not None:
            yield lie


def changed(claim: TrueClaim, kind: LieKind) -> Lie | None:
    """Return the claim with one change of the kind that its passage does not bear out, `None` where there is none."""
    chance = seeded(kind, claim.text)
    changes = list(CHANGERS[kind](claim.text, chance, claim.passage.published))
    if kind != "invented_source":
        chance.shuffle(changes)
    for change in changes:
        if not any(states(claim.passage, proof) for proof in change.proof):
            was = claim.text[change.start : change.end]
            tail = claim.text[change.end :]
            tail = re.sub(r"^[A-Z](?=[a-z]* [a-z])", lambda match: match[0].lower(), tail) if change.end == 0 else tail
            return Lie(
                kind=kind,
                key=claim.key,
                text=claim.text[: change.start] + change.now + tail,
                passages=claim.passages,
                cited=claim.cited,
                was=was,
                now=change.now,
            )
    return None


def moved(claim: TrueClaim) -> Lie | None:
    """Return the claim with the label before or after its own, where that passage does not say the same."""
    chance = seeded("citation_off_by_one", claim.text)
    for at in chance.sample((claim.cited - 1, claim.cited + 1), k=2):
        if 0 <= at < len(claim.passages) and not may_support(claim.passages[at], claim.text):
            return Lie(
                kind="citation_off_by_one",
                key=claim.key,
                text=claim.text,
                passages=claim.passages,
                cited=at,
                was=f"[{claim.cited + 1}]",
                now=f"[{at + 1}]",
            )
    return None
