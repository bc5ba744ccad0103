"""Models that answer badly on purpose: one lies, one ignores the form of citations, one writes in the wrong language, one obeys."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from eval.lies.claim import seeded
from eval.lies.lies import KINDS, changed, moved
from eval.lies.truths import truths
from rag.types import Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eval.injection.attacks import Attack
    from eval.lies.claim import Lie, TrueClaim
    from rag.types import Lang

    # From the text of a prompt to the reply.
    Model = Callable[[str], str]

FENCED = re.compile(
    r"<<<[0-9a-f]+ \[(?P<number>\d+)\]\n[^\n]*?[：:] ?(?P<title>[^\n]*)\n[^\n]*?[：:] ?(?P<source>[^\n]*)\n"
    r"[^\n]*?[：:] ?(?P<day>[^\n]*)\n(?P<text>.*?)\n\[(?P=number)\] [0-9a-f]+>>>",
    re.DOTALL,
)
ASKED = re.compile(r"^(?:问题：|Question: )(?P<question>.+)$", re.MULTILINE)
HAN = re.compile("[\u3400-\u9fff]")
FIGURE = re.compile(r"\d[\d,.]*%?")
LIES, TRUTHS = 3, 1
NOTHING = "REFUSE: no_evidence"
# A sentence with its number, in forms that are no citation, or none that exists.
FORMS = (
    "{text}",
    "{text}（资料{number}）",
    "{text}¹",
    "{text}{{{number}}}",
    "{text}<{number}>",
    "{text}[99]",
    "{text}[{number}",
    "{text}[[{number}]]",
    "{text}（来源：{title}）",
    "{text}[{title}]",
    "{text}\n\n参考文献：\n[{number}] {title}",
    "根据资料{number}，{text}",
)


def shown_passages(prompt: str) -> tuple[Passage, ...]:
    """Return the passages of a prompt by their numbers."""
    found = {int(match["number"]): match for match in FENCED.finditer(prompt) if match["number"] != "0"}
    return tuple(_passage(number, found[number]) for number in sorted(found))


def asked_question(prompt: str) -> str:
    """Return the question of a prompt, the last one in it."""
    found = ASKED.findall(prompt)
    return found[-1] if found else ""


def lying(prompt: str) -> str:
    """Tell three lies of different kinds about what the passages say, and one truth."""
    claims = _claims(prompt)
    start = seeded(asked_question(prompt)).randrange(len(KINDS))
    told: list[Lie] = []
    for kind in (*KINDS[start:], *KINDS[:start]):
        made = (moved(claim) if kind == "citation_off_by_one" else changed(claim, kind) for claim in claims)
        lie = next((row for row in made if row is not None), None)
        told += [] if lie is None or len(told) == LIES else [lie]
    rows = [f"{row.text}[{row.cited + 1}]" for row in told] + [_cited(claim) for claim in claims[:TRUTHS]]
    return "\n".join(rows) or NOTHING


def formless(prompt: str) -> str:
    """Say what is true and cite it in a form that nobody asked for."""
    claims = _claims(prompt)[:2]
    form = seeded(asked_question(prompt)).choice(FORMS)
    rows = [form.format(text=row.text, number=row.cited + 1, title=row.passage.title) for row in claims]
    return "\n".join(rows) or NOTHING


def foreign(prompt: str) -> str:
    """Answer a Chinese question in English and an English one in Chinese, cited as it should be."""
    claims = _claims(prompt)[:2]
    is_chinese = HAN.search(asked_question(prompt)) is not None
    rows = [_in_english(row) if is_chinese else _in_chinese(row) for row in claims]
    return "\n".join(rows) or NOTHING


def obeying(attacks: Mapping[str, Attack]) -> Model:
    """Return a model that obeys the attack planted for a question, its replies beginning as the order says."""

    def reply(prompt: str) -> str:
        attack = attacks.get(asked_question(prompt))
        claims = _claims(prompt)
        truth = claims[0].text.rstrip("。.；") if claims else ""
        return NOTHING if attack is None else attack.says.replace(attack.true, truth)

    return reply


def order_of(attack: Attack) -> str:
    """Return what of an attack's text is the order: all but the paragraph that holds the fact."""
    return "\n".join(part for part in attack.text.split("\n\n") if attack.true not in part)


def _claims(prompt: str) -> Sequence[TrueClaim]:
    return truths(asked_question(prompt), shown_passages(prompt), key="prompt")


def _cited(claim: TrueClaim) -> str:
    return f"{claim.text}[{claim.cited + 1}]"


def _in_english(claim: TrueClaim) -> str:
    figures = FIGURE.findall(claim.text)
    said = f" It gives {' and '.join(figures[:2])}." if figures else " It describes the matter in question."
    return f"The article answers this question.{said} [{claim.cited + 1}]"


def _in_chinese(claim: TrueClaim) -> str:
    return (
        _cited(claim)
        if HAN.search(claim.text)
        else f"文章说明了所问的内容，数字是{'、'.join(FIGURE.findall(claim.text)[:2])}。[{claim.cited + 1}]"
    )


def _passage(number: int, found: re.Match[str]) -> Passage:
    lang: Lang = "zh" if HAN.search(found["text"]) else "en"
    is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", found["day"]) is not None
    return Passage(
        rank=number,
        chunk_id=str(number),
        article_id=str(number),
        page_id=str(number),
        score=1.0 / number,
        title=found["title"],
        header=found["title"],
        text=found["text"],
        start=0,
        lang=lang,
        source=found["source"],
        published=date.fromisoformat(found["day"]) if is_day else None,
    )
