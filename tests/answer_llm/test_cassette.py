"""Replies on a cassette: recorded once, replayed without a server, and never replaced by something else in silence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from prompts.hash import prompt_hash
from rag.answer.llm.cassette import open_cassette
from rag.answer.llm.queries import LONGEST_REPLY
from rag.answer.llm.recorded import RecordedLLM
from rag.assembly import open_assistant
from rag.config import Settings
from rag.errors import BackendError, ConfigError
from rag.types import Turn, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.answer_llm.conftest import Serve, Upstream

ASKED = "2023年上海工业战略性新兴产业总产值占规上工业总产值的比重是多少？"
PROMPT = (Turn(role="system", content="规则"), Turn(role="user", content="问题"))


@dataclass
class Talking:
    """A model that says the same to everything, and counts how often it was asked; then it may fail."""

    says: tuple[str, ...] = ("甲。", "", "乙。")
    fails: bool = False
    asked: int = 0
    name: str = "openai:talking"
    usage: Usage | None = field(default_factory=lambda: Usage(prompt_tokens=7, completion_tokens=2))

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Talking:
        assert messages
        assert within_s is None
        self.asked += 1
        return self

    def __iter__(self) -> Iterator[str]:
        yield from self.says
        if self.fails:
            raise BackendError("gone")

    def close(self) -> None:
        return


def recording(path: Path, llm: Talking | None) -> RecordedLLM:
    return RecordedLLM(name="openai:talking", cassette=open_cassette(path, record=llm is not None), llm=llm)


def heard(llm: RecordedLLM, prompt: Sequence[Turn] = PROMPT) -> tuple[str, Usage | None]:
    completion = llm.stream(prompt)
    try:
        return "".join(completion), completion.usage
    finally:
        completion.close()


def test_a_reply_is_recorded_once_and_replayed_without_the_model(tmp_path: Path) -> None:
    path, model = tmp_path / "sub" / "tape.jsonl", Talking()
    said = ("甲。乙。", Usage(prompt_tokens=7, completion_tokens=2))
    assert heard(recording(path, model)) == said
    assert heard(recording(path, model)) == said
    assert model.asked == 1
    assert heard(recording(path, None)) == said


def test_the_hash_tells_roles_contents_and_the_borders_of_turns_apart() -> None:
    prompts = [
        PROMPT,
        PROMPT[::-1],
        (Turn(role="system", content="规则问题"),),
        (Turn(role="user", content="规则"), Turn(role="user", content="问题")),
    ]
    assert len({prompt_hash(prompt) for prompt in prompts}) == 4
    assert prompt_hash(PROMPT).startswith("3d60da6a3e54"), "cassettes of earlier versions can no longer be read"


def test_a_prompt_that_was_never_recorded_is_named_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "tape.jsonl"
    heard(recording(path, Talking()))
    other = (*PROMPT, Turn(role="user", content="另一个问题"))
    with pytest.raises(ConfigError, match=rf"tape\.jsonl.*`openai:talking`.*`{prompt_hash(other)[:12]}`.*--record"):
        heard(recording(path, None), other)


def test_a_model_that_fails_is_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "tape.jsonl"
    with pytest.raises(BackendError, match="gone"):
        heard(recording(path, Talking(fails=True)))
    assert path.read_bytes() == b""


def test_a_reply_that_its_reader_breaks_off_serves_that_reader_only(tmp_path: Path) -> None:
    path, model = tmp_path / "tape.jsonl", Talking(says=("x" * LONGEST_REPLY, "y", "z"))
    completion = recording(path, model).stream(PROMPT)
    pieces = iter(completion)
    read = next(pieces) + next(pieces)
    completion.close()
    assert next(iter(recording(path, None).stream(PROMPT))) == read
    with pytest.raises(ConfigError, match="no whole reply"):
        heard(recording(path, None))
    assert heard(recording(path, model))[0] == f"{read}z"
    assert heard(recording(path, None))[0] == f"{read}z"


def test_what_a_kill_tore_is_cut_off_and_recorded_again(tmp_path: Path) -> None:
    path, model = tmp_path / "tape.jsonl", Talking()
    heard(recording(path, model))
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    assert heard(recording(path, None))[0] == "甲。乙。"
    open_cassette(path, record=True)
    assert path.read_bytes() == whole


def test_a_line_that_is_no_reply_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tape.jsonl"
    path.write_text('\n{"llm": "openai:m", "prompt": "short", "reply": "x"}\n', "utf-8")
    with pytest.raises(ConfigError, match=r"line 2 of the cassette `.*tape\.jsonl`"):
        open_cassette(path, record=False)


def test_no_cassette_to_replay_is_an_error_with_the_command_that_records_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"No such file.*--cassette .*tape\.jsonl --record"):
        open_cassette(tmp_path / "tape.jsonl", record=False)


def quoting(upstream: Upstream) -> None:
    upstream.head()
    upstream.text("比重是61.7%。[1]")
    upstream.stop()


def test_through_the_settings_a_recorded_answer_comes_back_without_server_or_key(
    sample_index: Path, serve: Serve, tmp_path: Path
) -> None:
    path = tmp_path / "tape.jsonl"
    server = serve(quoting)
    online = Settings(
        index=sample_index, llm="openai:m", llm_base_url=server.url, llm_cassette=path, llm_cassette_mode="record"
    )
    with open_assistant(online) as assistant:
        recorded = assistant.ask(ASKED)
    offline = Settings(index=sample_index, llm="openai:m", llm_cassette=path)
    with open_assistant(offline) as assistant:
        replayed = assistant.ask(ASKED)
        stream = assistant.stream(ASKED)
        assert "".join(stream) == replayed.text == recorded.text
        with pytest.raises(ConfigError, match="has no whole reply"):
            assistant.ask("模速空间有多少家企业？")
    assert (recorded.llm, recorded.claims, recorded.usage) == (replayed.llm, replayed.claims, replayed.usage)
    assert len(server.seen.requests) == 2
    assert [json.loads(line)["llm"] for line in path.read_text("ascii").splitlines()] == ["openai:m"] * 2
