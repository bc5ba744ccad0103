"""What an English word may be a form of: endings, irregular verbs and plurals, British spellings. Grammar, learned from nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Words this short have no ending.
SHORTEST = 4
_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("es", ""), ("es", "is"), ("s", ""),
    ("isation", "ization"), ("ise", "ize"), ("our", "or"), ("tre", "ter"), ("ogue", "og"), ("mme", "m"),
)  # fmt: skip
# A base form with its irregular forms, one group between semicolons.
_IRREGULAR = (
    "be is are was were been being am; begin began begun; become became; break broke broken; bring brought; build built; buy bought; catch caught; "
    "choose chose chosen; come came; cost costs; deal dealt; draw drew drawn; drive drove driven; fall fell fallen; feel felt; "
    "fight fought; find found; fly flew flown; forecast forecasts; get got gotten; give gave given; go went gone; grow grew grown; "
    "have has had; hear heard; hold held; keep kept; know knew known; lead led; leave left; lend lent; lose lost; make made; "
    "mean meant; meet met; overcome overcame; pay paid; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; "
    "send sent; shake shook; shoot shot; show showed shown; sign signed signing; speak spoke spoken; spend spent; stand stood; steal stole stolen; "
    "strike struck; take took taken; teach taught; tell told; think thought; undergo underwent; understand understood; undertake undertook; "
    "wear wore worn; win won; withdraw withdrew withdrawn; write wrote written; child children; person people; man men; woman women; "
    "foot feet; analysis analyses; criterion criteria; medium media; datum data; index indices; life lives; half halves; shelf shelves"
)


def forms(word: str) -> tuple[str, ...]:
    """Return a lower-case word and what it may be a form of, the word first."""
    if len(word) < SHORTEST:
        return (word, *_base(word))
    stems = [word.removesuffix(end) + new for end, new in _ENDINGS if word.endswith(end)]
    doubled = [stem[:-1] for stem in stems if len(stem) > SHORTEST and stem[-1] == stem[-2]]
    both = [
        spelt
        for stem in stems
        for end, new in _ENDINGS[-6:]
        if stem.endswith(end)
        for spelt in (stem.removesuffix(end) + new,)
    ]
    return tuple(dict.fromkeys([word, *_base(word), *(form for form in [*stems, *doubled, *both] if len(form) > 1)]))


def _base(word: str) -> tuple[str, ...]:
    found = _bases().get(word)
    return () if found is None else (found,)


@cache
def _bases() -> Mapping[str, str]:
    groups = [group.split() for group in _IRREGULAR.split(";")]
    return {form: base for base, *others in groups for form in others}
