"""What clients send, as checked values: the bodies of the requests, and the question that each of them comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - pydantic reads it at run time
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rag.errors import UsageError
from rag.types import Filters, Turn

if TYPE_CHECKING:
    from rag.answer.assistant import Assistant
    from rag.answer.stream import AnswerStream

MOST_PASSAGES = 100
MOST_MESSAGES = 64
MOST_NOTE = 2000


def _whole(text: str) -> str:
    """Refuse half a surrogate pair: JSON can say it, UTF-8 cannot."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds half a surrogate pair, which is no character")
    return text


Text = Annotated[str, AfterValidator(_whole)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with its conditions, as the assistant takes it."""

    question: str
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
    history: tuple[Turn, ...] = ()

    def stream(self, assistant: Assistant) -> AnswerStream:
        """Start the answer."""
        return assistant.stream(self.question, filters=self.filters, as_of=self.as_of, history=self.history)


class Body(BaseModel):
    """Whatever is not known is ignored, so that clients may send more than this version reads."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class TextPart(Body):
    """One part of a message in several parts; only text is read."""

    type: str
    text: Text = ""


class Message(Body):
    """One message of a conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[TextPart], Field(max_length=MOST_MESSAGES)] | None = None

    @property
    def text(self) -> str:
        """The message's text, its parts joined."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type in ("text", "input_text"))
        return self.content or ""


class Filtered(Body):
    """The filters that search and ask share."""

    since: date | None = None
    until: date | None = None
    source: Text | None = None
    lang: Literal["zh", "en"] | None = None

    @property
    def filters(self) -> Filters:
        """The filters as one value. Raises `UsageError` where no day lies between them."""
        if self.since is not None and self.until is not None and self.since > self.until:
            raise UsageError(f"no day is between `since` {self.since} and `until` {self.until}; swap them")
        return Filters(since=self.since, until=self.until, source=self.source, lang=self.lang)


class SearchBody(Filtered):
    """The body of `POST /api/search`."""

    question: Text
    top_k: int = Field(8, ge=1, le=MOST_PASSAGES)


class AskBody(Filtered):
    """The body of `POST /api/ask`."""

    question: Text
    as_of: date | None = None
    history: list[Message] = Field(default=[], max_length=MOST_MESSAGES)
    stream: bool = False

    def asked(self) -> Asked:
        """Return the question."""
        return Asked(question=self.question, filters=self.filters, as_of=self.as_of, history=turns_of(self.history))


class MarkBody(AskBody):
    """The body of `POST /api/wrong`: the question as it was asked, and what was wrong with the answer."""

    note: Text = Field("", max_length=MOST_NOTE)


class StreamOptions(Body):
    """What a client wants to know from a stream."""

    include_usage: bool = False


class ChatBody(Body):
    """The body of `POST /v1/chat/completions`. Sampling parameters are checked and have no effect here."""

    model: str = "huwen"
    messages: list[Message] = Field(min_length=1, max_length=MOST_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(None, ge=1, le=1)
    temperature: float | None = Field(None, ge=0, le=2, allow_inf_nan=False)
    top_p: float | None = Field(None, ge=0, le=1, allow_inf_nan=False)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)

    def asked(self) -> Asked:
        """Return the last message as the question. Raises `UsageError` where it is not the user's."""
        *before, last = self.messages
        if last.role != "user":
            raise UsageError(f"the last of `messages` must be the user's question (its role is `{last.role}`)")
        return Asked(question=last.text, history=turns_of(before))


def turns_of(messages: list[Message]) -> tuple[Turn, ...]:
    """Return what was said by both sides. Instructions to the model are no part of it: how to answer is not theirs to say."""
    return tuple(
        Turn(role=message.role, content=message.text)
        for message in messages
        if message.role in ("user", "assistant") and message.text
    )
