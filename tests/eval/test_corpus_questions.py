"""The bundled question set: sound against the real corpus, and as broad as it claims."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from eval.check import check_questions
from eval.questions import load_questions
from rag.assembly import open_assistant
from rag.config import Settings

QA = Path(__file__).resolve().parents[2] / "eval" / "qa"
LOADED = load_questions([QA / "corpus.jsonl"])
ROWS = LOADED.questions
TYPES = {
    "fact",
    "definition",
    "list",
    "procedure",
    "comparison",
    "multi",
    "temporal",
    "duplicate",
    "false_premise",
    "unanswerable",
    "content_missing",
    "followup",
    "digest",
    "dossier",
    "complete_list",
}


def test_no_row_is_bad() -> None:
    assert LOADED.bad == ()


def test_every_kind_of_question_is_there_in_number() -> None:
    kinds = Counter(row.type for row in ROWS)
    assert set(kinds) == TYPES
    assert min(kinds.values()) >= 5
    assert len(ROWS) >= 240
    assert sum(row.lang == "en" for row in ROWS) >= 40
    assert kinds["unanswerable"] >= 40
    assert sum(len(row.gold) > 1 for row in ROWS) >= 40


def test_the_questions_rest_on_many_articles() -> None:
    assert len({page for row in ROWS for group in row.gold for page in group}) >= 75


def test_the_split_is_about_half_and_keeps_clusters_together() -> None:
    sides = Counter(row.split for row in ROWS)
    assert set(sides) == {"dev", "test"}
    assert abs(sides["dev"] - sides["test"]) <= len(ROWS) / 10
    clusters: dict[str, set[str | None]] = {}
    for row in ROWS:
        clusters.setdefault(row.cluster or row.id, set()).add(row.split)
    assert all(len(found) == 1 for found in clusters.values())


def test_the_starter_is_a_part_of_the_set() -> None:
    starter = load_questions([QA / "starter.jsonl"]).questions
    assert 10 <= len(starter) <= len(ROWS) / 4
    assert {row.id for row in starter} <= {row.id for row in ROWS}


def test_the_set_is_sound_against_the_real_corpus(corpus_index: Path) -> None:
    with open_assistant(Settings(index=corpus_index)) as assistant:
        assert check_questions(LOADED, assistant=assistant) == ()
