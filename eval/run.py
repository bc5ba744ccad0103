"""One run: every question asked, scored and recorded, then summed up. A question that fails is recorded and counted."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from eval.aggregate import summarise
from eval.gold import gold_spans
from eval.manifest import build_manifest
from eval.metrics.spread import determinism
from eval.records import (
    ITEMS,
    MANIFEST,
    SUMMARY,
    GoldRow,
    Item,
    append_item,
    drop_torn_line,
    read_items,
    read_object,
    write_object,
)
from eval.result import read_result
from eval.score import score
from rag.contract import answer_json
from rag.errors import HarnessError, NotFoundError, TooLittleDataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from eval.assistant import Assistant
    from eval.questions import Question, QuestionSet
    from rag.contract import Json
    from rag.types import Article

SEED = 20251111
TOLERATED_FAILURES = 0.02
ASKED_TWICE = 20
DETERMINISTIC = "extractive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is: questions done, of how many, and how many of them failed."""

    done: int
    total: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What a run found, and where it is kept. `summary` is the content of `summary.json`.

    `first_failure` names the first question that failed, and why; `None` where none did.
    """

    folder: Path
    summary: Mapping[str, Json]
    failed: int
    total: int
    first_failure: str | None

    @property
    def too_many_failed(self) -> bool:
        """Whether more than 2 % of the questions failed: the harness, not the answers, is what this run shows."""
        return self.failed > TOLERATED_FAILURES * self.total

    def json(self) -> dict[str, Json]:
        """Return the form of `huwen eval run --json`."""
        return {**self.summary, "run_dir": str(self.folder)}


def run_questions(
    questions: QuestionSet,
    *,
    assistant: Assistant,
    out: Path,
    settings: Mapping[str, Json],
    judge: str | None = None,
    seed: int = SEED,
    resume: bool = False,
    is_replayed: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """Ask and score all questions into a new folder below `out`.

    With `resume`, an unfinished run made there under the same conditions goes on. `settings` is recorded as given: mask
    secrets first. Quoted answers, and those of a model whose replies are recorded (`is_replayed`), are asked for twice to
    see that they repeat. Raises `TooLittleDataError` where no row can be used.
    """

    def scored(question: Question, as_of: date | None) -> Item:
        return score_result(question, _ask(question, assistant, as_of), assistant=assistant)

    return run_with(
        scored,
        questions=questions,
        assistant=assistant,
        out=out,
        settings=settings,
        llm=assistant.llm,
        judge=judge,
        seed=seed,
        resume=resume,
        repeats=is_replayed or assistant.llm == DETERMINISTIC,
        progress=progress,
    )


def run_with(
    scored: Callable[[Question, date | None], Item],
    *,
    questions: QuestionSet,
    assistant: Assistant,
    out: Path,
    settings: Mapping[str, Json],
    llm: str,
    judge: str | None = None,
    seed: int = SEED,
    resume: bool = False,
    repeats: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> RunSummary:
    """Run with another way to get a question's row; `llm` is recorded as the one that answered. See `run_questions`."""
    if not questions.questions:
        raise TooLittleDataError(f"`{questions.name}` has no usable question; see `huwen eval check`")
    status = assistant.status()
    manifest = build_manifest(
        questions,
        status=status,
        settings=settings,
        llm=llm,
        judge=judge,
        as_of=status.newest,
        seed=seed,
        started=datetime.now(UTC),
    )
    unfinished = _unfinished(out, manifest) if resume else None
    folder = _open_folder(out, manifest) if unfinished is None else unfinished
    items = _score_all(questions.questions, scored, folder, status.newest, progress)
    repeated = _repeat(questions.questions, items, assistant, status.newest) if repeats else None
    summary = summarise(
        items, dataset=questions.name, llm=llm, seed=seed, determinism=repeated, bad_rows=len(questions.bad)
    )
    write_object(folder / SUMMARY, summary)
    failures = [f"`{item.id}`: {item.error}" for item in items if item.failed]
    return RunSummary(
        folder=folder,
        summary=summary,
        failed=len(failures),
        total=len(items),
        first_failure=failures[0] if failures else None,
    )


def score_result(question: Question, result: Mapping[str, Json], *, assistant: Assistant) -> Item:
    """Return the row of an ask object, wherever it was made."""
    gold = gold_spans(question, articles=_articles(assistant))
    metrics = score(question, read_result(result), gold=gold, text_of=_texts(assistant))
    return Item(
        id=question.id,
        question=question.question,
        row=question,
        result=dict(result),
        metrics=metrics,
        gold_spans=tuple(GoldRow(**asdict(span)) for span in gold),
    )


def _ask(question: Question, assistant: Assistant, as_of: date | None) -> dict[str, Json]:
    day = as_of if question.as_of is None else question.as_of
    return answer_json(assistant.ask(question.question, as_of=day, history=question.turns()))


def _score_all(
    questions: Sequence[Question],
    scored: Callable[[Question, date | None], Item],
    folder: Path,
    as_of: date | None,
    progress: Callable[[Progress], None] | None,
) -> list[Item]:
    done = {item.id: item for item in read_items(folder)} if (folder / ITEMS).exists() else {}
    items: list[Item] = []
    for question in questions:
        item = done.get(question.id)
        if item is None:
            item = _row(question, scored, as_of)
            append_item(folder, item)
        items.append(item)
        if progress is not None:
            progress(Progress(done=len(items), total=len(questions), failed=sum(row.failed for row in items)))
    return items


def _row(question: Question, scored: Callable[[Question, date | None], Item], as_of: date | None) -> Item:
    """Return one question's row; an error becomes the row's error."""
    try:
        return scored(question, as_of)
    except Exception as error:  # noqa: BLE001 - whatever broke, the other questions go on and this one is counted
        reason = f"{type(error).__name__}: {error}"
        return Item(id=question.id, question=question.question, row=question, result=None, error=reason)


def _repeat(
    questions: Sequence[Question], items: Sequence[Item], assistant: Assistant, as_of: date | None
) -> float | None:
    """Ask some questions, spread over the set, a second time and compare the answers byte by byte."""
    step = -(-len(items) // ASKED_TWICE)
    pairs = []
    for question, item in list(zip(questions, items, strict=True))[::step]:
        if item.result is not None:
            pairs.append((_bytes(item.result), _bytes(_ask(question, assistant, as_of))))
    return determinism(pairs)


def _bytes(result: Mapping[str, object]) -> str:
    kept = {name: value for name, value in result.items() if name != "timings_ms"}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _open_folder(out: Path, manifest: Mapping[str, Json]) -> Path:
    """Make `out/<UTC time>-<commit>`; a second run within the second gets a number."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{manifest['commit']}"
    for number in range(1, 1000):
        folder = out / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        write_object(folder / MANIFEST, manifest)
        return folder
    raise HarnessError(f"no free name for a run in `{out}`; give another --out")


def _unfinished(out: Path, manifest: Mapping[str, Json]) -> Path | None:
    """Return the newest folder that a kill left without a summary, made under the same conditions."""
    for path in sorted(out.glob(f"*/{MANIFEST}"), reverse=True):
        same = read_object(path).get("fingerprint") == manifest["fingerprint"]
        if same and not (path.parent / SUMMARY).exists():
            drop_torn_line(path.parent)
            return path.parent
    return None


def _articles(assistant: Assistant) -> Callable[[str], Sequence[Article]]:
    return assistant.page_articles


def _texts(assistant: Assistant) -> Callable[[str], str | None]:
    @cache
    def text_of(article_id: str) -> str | None:
        try:
            return assistant.article(article_id).text
        except NotFoundError:
            return None

    return text_of
