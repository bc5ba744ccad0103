"""What the judge makes of one answer: correctness by three votes, faithfulness claim by claim, key points covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eval.judge.templates import CLAIMS, CORRECT, FAITHFUL, NUGGET
from eval.judge.verdicts import ClaimsReply, Coverage, YesNo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.judge.verdicts import Judge
    from eval.questions import Question
    from eval.result import Result

COVERED: Final[Mapping[str, float]] = {"full": 1.0, "partial": 0.5, "none": 0.0}


def judge_answer(question: Question, result: Result, *, judge: Judge) -> dict[str, float | None]:
    """Return the judged metrics of an answer to an answerable question; `None` where nothing applies or a verdict is missing.

    A refusal is wrong and covers nothing; it claims nothing either, so it has no faithfulness.
    """
    if not question.answerable:
        return dict.fromkeys(("judged_correctness", "judged_faithfulness", "judged_coverage"))
    if result.refused:
        return {"judged_correctness": 0.0, "judged_faithfulness": None, "judged_coverage": 0.0}
    return {
        "judged_correctness": correctness(question.question, question.answer, result.said, judge=judge),
        "judged_faithfulness": faithfulness(result, judge=judge),
        "judged_coverage": coverage(question, result, judge=judge),
    }


def correctness(question: str, reference: str, answer: str, *, judge: Judge) -> float | None:
    """Return 1 where at least two of three votes are yes, else 0; `None` where fewer than two votes agree or came."""
    parts = {"question": question, "reference": reference, "answer": answer}
    votes = [_yes(template.format(**parts), judge) for template in CORRECT]
    for verdict in (1.0, 0.0):
        if votes.count(verdict) > len(CORRECT) / 2:
            return verdict
    return None


def faithfulness(result: Result, *, judge: Judge) -> float | None:
    """Return |claims that the cited text states| / |claims|, the judge's own claims; `None` where any verdict is missing."""
    split = judge.ask(CLAIMS.format(answer=result.said), shape=ClaimsReply)
    if split is None or not split.claims:
        return None
    evidence = "\n".join([row.text for row in result.passages if row.label is not None])
    return _mean([_yes(FAITHFUL.format(evidence=evidence, claim=claim), judge) for claim in split.claims])


def coverage(question: Question, result: Result, *, judge: Judge) -> float | None:
    """Return (full + partial / 2) / key points (nugget scoring of TREC RAG 2024); `None` where any verdict is missing."""
    prompts = [
        NUGGET.format(point=" / ".join(point), question=question.question, answer=result.said)
        for point in question.key_points
    ]
    return _mean([_share(prompt, judge) for prompt in prompts])


def _yes(prompt: str, judge: Judge) -> float | None:
    reply = judge.ask(prompt, shape=YesNo)
    return None if reply is None else float(reply.verdict == "yes")


def _share(prompt: str, judge: Judge) -> float | None:
    reply = judge.ask(prompt, shape=Coverage)
    return None if reply is None else COVERED[reply.verdict]


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None
