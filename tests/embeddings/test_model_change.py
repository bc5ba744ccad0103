"""Another model in one line of the settings: everything is embedded anew, and the old index answers until that is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embeddings.sentence_transformers import SentenceTransformersEmbedder
from rag.assembly import open_assistant, sync_index
from rag.config import Settings, with_changes
from rag.errors import IndexMismatchError

if TYPE_CHECKING:
    from rag.ingest.sync import SyncProgress

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "articles"
QUESTION = "前三季度地区生产总值是多少？"


def silent(_: SyncProgress) -> None:
    return


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    settings = Settings(index=tmp_path / "index")
    sync_index(settings, [SAMPLES], progress=silent)
    return settings


@pytest.fixture
def new(old: Settings, tiny_transformer: Path) -> Settings:
    return with_changes(
        old,
        {"embedder": f"sentence-transformers:{tiny_transformer}", "embedder_cache": old.index.with_name("v.sqlite")},
    )


def test_the_old_index_answers_until_the_new_one_is_whole(old: Settings, new: Settings) -> None:
    with pytest.raises(IndexMismatchError, match="huwen index sync --rebuild"):
        open_assistant(new)
    seen: list[SyncProgress] = []
    with open_assistant(old) as serving:
        before = serving.ask(QUESTION)

        def watch(step: SyncProgress) -> None:
            seen.append(step)
            if step.stage == "embed":
                with open_assistant(old) as fresh:
                    assert fresh.ask(QUESTION).text == before.text

        sync_index(new, [SAMPLES], progress=watch, rebuild=True)
        assert serving.ask(QUESTION).text == before.text
    assert {"embed", "publish"} <= {step.stage for step in seen}
    with open_assistant(new) as changed:
        assert changed.status().embedder.startswith("sentence-transformers/tiny-e5-model@")
    with pytest.raises(IndexMismatchError):
        open_assistant(old)


def test_a_rebuild_that_dies_leaves_the_old_index_and_is_finished_by_the_same_command(
    old: Settings, new: Settings
) -> None:
    def die(step: SyncProgress) -> None:
        if step.stage == "embed" and step.chunks > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync_index(new, [SAMPLES], progress=die, rebuild=True)
    with open_assistant(old) as serving:
        assert serving.ask(QUESTION).citations
    sync_index(new, [SAMPLES], progress=silent, rebuild=True)
    with open_assistant(new) as changed:
        assert changed.status().embedder.startswith("sentence-transformers/")


def test_coming_back_to_a_model_embeds_nothing_anew(
    old: Settings, new: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync_index(new, [SAMPLES], progress=silent, rebuild=True)
    sync_index(old, [SAMPLES], progress=silent, rebuild=True)
    monkeypatch.setattr(
        SentenceTransformersEmbedder, "_encode", lambda *_, **__: pytest.fail("a text was embedded again")
    )
    assert sync_index(new, [SAMPLES], progress=silent, rebuild=True).revision == 4
