"""Divides a question set into `dev`, for looking at and tuning on, and `test`, for reporting: never one story in both."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.questions import Question

# A question over so many pages surveys the corpus; it would tie all its stories together.
SURVEY = 4
DEV, TEST = "dev", "test"


def is_survey(question: Question) -> bool:
    """Tell whether a question gathers so many pages that sharing one of them gives nothing away."""
    return len(question.gold) >= SURVEY


def assign_splits(questions: Sequence[Question]) -> dict[str, str]:
    """Return `dev` or `test` for each question id, about half each.

    Questions of one cluster, and clusters that share a gold page, stay together. A group with a question that has a
    split already keeps it, and is `dev` where both occur: what was looked at once can never be reported on. The other
    groups are taken in the order of their names' hashes, each to the side that has fewer questions.
    """
    groups = _groups(questions)
    given = {row.id: row.split for row in questions}
    sides: dict[str, list[str]] = {DEV: [], TEST: []}
    open_groups = []
    for name in sorted(groups, key=lambda name: hashlib.sha256(name.encode()).hexdigest()):
        before = {given[question_id] for question_id in groups[name]}
        if side := DEV if DEV in before else TEST if TEST in before else None:
            sides[side] += groups[name]
        else:
            open_groups.append(name)
    for name in open_groups:
        smaller = min(sides, key=lambda side: (len(sides[side]), side))
        sides[smaller] += groups[name]
    return {question_id: side for side, ids in sides.items() for question_id in ids}


def _groups(questions: Sequence[Question]) -> dict[str, list[str]]:
    """Return ids of questions that belong together, by the least cluster name among them."""
    parents: dict[str, str] = {}
    for row in questions:
        _join(parents, _cluster(row), _cluster(row))
        for page in () if is_survey(row) else (page for group in row.gold for page in group):
            _join(parents, _cluster(row), f"page {page}")
    groups: dict[str, list[str]] = {}
    for row in questions:
        groups.setdefault(_root(parents, _cluster(row)), []).append(row.id)
    return groups


def _cluster(row: Question) -> str:
    return f"cluster {row.cluster or row.id}"


def _root(parents: dict[str, str], name: str) -> str:
    while parents.setdefault(name, name) != name:
        name = parents[name]
    return name


def _join(parents: dict[str, str], one: str, other: str) -> None:
    """Put two names into one group; "cluster …" sorts before "page …", so a group is named by a cluster."""
    first, second = sorted((_root(parents, one), _root(parents, other)))
    parents[second] = first
