"""The report's lower half: single questions with their answers, side by side where they flipped, passages a click away."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from eval.causes import CAUSES, cause
from eval.metrics.answers import points_found
from eval.report.marks import marked
from eval.report.words import CAUSE_NAMES, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.compare import Pair
    from eval.questions import Question
    from eval.records import Item
    from eval.result import Passage, Result
    from rag.types import Lang


SHOWN_POINTS = 4


def flip_list(pairs: Sequence[Pair], *, lang: Lang) -> str:
    """Return flipped questions with both answers side by side."""
    return "".join(_flip(pair, lang) for pair in pairs)


def failures_by_cause(items: Sequence[Item], *, lang: Lang) -> str:
    """Return the wrong answers, grouped by cause, each question folded."""
    parts = []
    for name in CAUSES:
        rows = [item for item in items if cause(item) == name]
        if rows:
            head = f'<summary><h3>{CAUSE_NAMES[name][lang]} <span class="n">{len(rows)}</span></h3></summary>'
            parts.append(f'<details class="cause" id="{name}">{head}{question_list(rows, lang=lang)}</details>')
    return "".join(parts) or f'<p class="quiet">{WORDS["none"][lang]}</p>'


def cause_bar(items: Sequence[Item], *, lang: Lang) -> str:
    """Return one bar of all questions, split into right answers and each cause."""
    counts = {name: sum(cause(item) == name for item in items) for name in CAUSES}
    right = sum(item.metrics.get("answer_accuracy") == 1.0 for item in items)
    total = max(1, right + sum(counts.values()))
    parts = [("right", WORDS["right_ones"][lang], right)]
    parts += [(name, CAUSE_NAMES[name][lang], counts[name]) for name in CAUSES]
    shown = [part for part in parts if part[2]]
    bar = "".join(
        f'<i class="{key}" style="width:{100 * n / total:.2f}%" title="{name}: {n}"></i>' for key, name, n in shown
    )
    legend = "".join(f'<li><i class="{key}"></i>{name} <b>{n}</b></li>' for key, name, n in shown)
    return f'<div class="split">{bar}</div><ul class="legend">{legend}</ul>'


def question_list(items: Sequence[Item], *, lang: Lang) -> str:
    """Return questions as folded rows: open one to see answer, reference, key points and passages."""
    return "".join(
        f'<details class="question"><summary>{_head(item)}{_missing(item)}</summary><div class="body">{_body(item, lang)}</div></details>'
        for item in items
    )


def _flip(pair: Pair, lang: Lang) -> str:
    old, new = _said(pair.old, lang), _said(pair.new, lang)
    row = pair.new.row
    columns = "".join(
        f"<div><h4>{WORDS[side][lang]}</h4><p>{marked(text, question=row, other=other)}</p></div>"
        for side, text, other in (("before", old, new), ("now", new, old))
    )
    return (
        f'<article class="flip"><p class="asked">{_head(pair.new)}</p><div class="columns">{columns}</div>'
        f"{_reference(row, lang)}{_passages(pair.new, lang)}</article>"
    )


def _head(item: Item) -> str:
    row = item.row
    return (
        f"<code>{html.escape(item.id)}</code> {html.escape(item.question)} "
        f'<span class="tag">{html.escape(row.type)}</span><span class="tag">{row.lang}</span>'
    )


def _missing(item: Item) -> str:
    """Return the key points that a wrong answer lacks."""
    if item.result is None or item.metrics.get("answer_accuracy") != 0.0:
        return ""
    points = item.row.key_points
    found = points_found(item.answer().said, points=points)
    lacking = [point[0] for point, held in zip(points, found, strict=True) if not held]
    return "".join(f'<span class="chip miss">✗ {html.escape(form)}</span>' for form in lacking[:SHOWN_POINTS])


def _said(item: Item, lang: Lang) -> str:
    if item.result is None:
        return item.error or ""
    result = item.answer()
    if result.status == "refused":
        return f"({WORDS['refused'][lang]}: {result.reason}) {result.answer}"
    return result.answer


def _body(item: Item, lang: Lang) -> str:
    answer = marked(_said(item, lang), question=item.row)
    turns = "".join(f'<p class="quiet">{turn.role}: {html.escape(turn.content)}</p>' for turn in item.row.history)
    return (
        f"{turns}<h4>{WORDS['answer'][lang]}</h4><p>{answer}</p>{_reference(item.row, lang)}"
        f"{_points(item, lang)}{_passages(item, lang)}"
    )


def _reference(row: Question, lang: Lang) -> str:
    if not row.answerable:
        return f'<p class="reference"><b>{WORDS["reference"][lang]}</b> {WORDS["unanswerable"][lang]}</p>'
    return f'<p class="reference"><b>{WORDS["reference"][lang]}</b> {html.escape(row.answer)}</p>'


def _points(item: Item, lang: Lang) -> str:
    points = item.row.key_points
    if not points:
        return ""
    said = "" if item.result is None else item.answer().said
    chips = "".join(
        f'<span class="chip {"hit" if held else "miss"}">{"✓" if held else "✗"} {html.escape(point[0])}</span>'
        for point, held in zip(points, points_found(said, points=points), strict=True)
    )
    return f"<p><b>{WORDS['points'][lang]}</b> {chips}</p>"


def _passages(item: Item, lang: Lang) -> str:
    if item.result is None:
        return ""
    result = item.answer()
    rows = "".join(_passage(row, item.row, lang) for row in result.passages)
    return f'<details class="passages"><summary>{_found(item, result, lang)}</summary><ol>{rows}</ol></details>'


def _found(item: Item, result: Result, lang: Lang) -> str:
    gold = sum(_is_gold(row, item.row) for row in result.passages)
    return f"{WORDS['passages'][lang]}: {len(result.passages)} · {WORDS['gold'][lang]}: {gold}"


def _passage(row: Passage, question: Question, lang: Lang) -> str:
    tags = f'<span class="tag gold">{WORDS["gold"][lang]}</span>' if _is_gold(row, question) else ""
    tags += f'<span class="tag">{WORDS["cited"][lang]} [{row.label}]</span>' if row.label is not None else ""
    day = "" if row.published is None else f" · {html.escape(row.published)}"
    title = f"<b>{html.escape(row.title)}</b>{day} · <code>{html.escape(row.page_id)}</code> {tags}"
    return f"<li><p>{title}</p><p>{marked(row.text, question=question)}</p></li>"


def _is_gold(row: Passage, question: Question) -> bool:
    return any(row.is_of(page) for group in question.gold for page in group)
