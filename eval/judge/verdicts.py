"""Asks the judge one thing at a time and remembers what it said; a reply that cannot be read is missing, never 0."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from eval.judge.templates import RULES
from rag.errors import BackendError
from rag.types import Turn

if TYPE_CHECKING:
    from pathlib import Path

    from rag.protocols import LLM

Reply = TypeVar("Reply", bound=BaseModel)


def _lower(word: object) -> object:
    return word.strip().lower() if isinstance(word, str) else word


class ClaimsReply(BaseModel):
    """The claims of an answer."""

    model_config = ConfigDict(frozen=True)

    claims: tuple[str, ...]


class YesNo(BaseModel):
    """A yes or a no."""

    model_config = ConfigDict(frozen=True)

    verdict: Annotated[Literal["yes", "no"], BeforeValidator(_lower)]


class Coverage(BaseModel):
    """How much of a point an answer says."""

    model_config = ConfigDict(frozen=True)

    verdict: Annotated[Literal["full", "partial", "none"], BeforeValidator(_lower)]


@dataclass(slots=True, kw_only=True)
class Judge:
    """A language model that grades. Verdicts are kept in `cache`, a JSON line each, by the hash of model and prompt."""

    llm: LLM
    cache: Path
    calls: int = 0
    failures: int = 0
    _known: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what earlier runs were told."""
        lines = self.cache.read_text("utf-8").splitlines() if self.cache.exists() else []
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:  # cut short by a kill
                continue
            self._known[row["key"]] = row["reply"]

    def ask(self, prompt: str, *, shape: type[Reply]) -> Reply | None:
        """Return the judge's reply in its shape; `None` where the model failed or said something else."""
        key = hashlib.sha256(f"{self.llm.name}\0{RULES}\0{prompt}".encode()).hexdigest()
        self.calls += 1
        text = self._known.get(key)
        reply = None if text is None else _parsed(text, shape)
        if reply is None:
            text = self._complete(prompt)
            reply = None if text is None else _parsed(text, shape)
            if text is not None and reply is not None:
                self._remember(key, text)
        self.failures += reply is None
        return reply

    def _complete(self, prompt: str) -> str | None:
        try:
            completion = self.llm.stream((Turn(role="system", content=RULES), Turn(role="user", content=prompt)))
            try:
                return "".join(completion)
            finally:
                completion.close()
        except BackendError:
            return None

    def _remember(self, key: str, text: str) -> None:
        self._known[key] = text
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        with self.cache.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "model": self.llm.name, "reply": text}, ensure_ascii=False) + "\n")


def _parsed(text: str, shape: type[Reply]) -> Reply | None:
    """Read the outermost JSON object of a reply, whatever stands around it."""
    start, end = text.find("{"), text.rfind("}")
    try:
        return shape.model_validate_json(text[start : end + 1])
    except ValidationError:
        return None
