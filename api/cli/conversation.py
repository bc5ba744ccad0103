"""The loop behind `huwen chat`: reads lines, asks with what was said before, and obeys words that begin with a slash."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import click

from api.cli.answering import print_pieces
from api.cli.messages import WORDS, locale_lang
from api.cli.printing import line, note, print_json, terminal_columns
from api.cli.sources import sources_text
from api.cli.typed import edit_lines, read_message
from api.cli.wrapping import wrapped
from api.language.errors import in_language
from eval.drafts import add_draft
from rag.assembly import open_assistant
from rag.config import with_changes
from rag.contract import answer_json
from rag.errors import HuwenError, UsageError
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from api.cli.messages import Words
    from rag.answer.assistant import Assistant
    from rag.config import Settings
    from rag.contract import Json
    from rag.types import Answer, Filters, Lang


@dataclass(slots=True, kw_only=True)
class Conversation:
    """What was said so far, and under which limits the next question is asked."""

    settings: Settings
    assistant: Assistant
    drafts: Path
    filters: Filters
    as_of: date | None
    as_json: bool
    turns: list[Turn] = field(default_factory=list)
    last: Answer | None = None
    before_last: tuple[Turn, ...] = ()
    lang: Lang = field(default_factory=lambda: locale_lang(os.environ))

    @property
    def text(self) -> Words:
        """The sentences of the conversation's own language, that of the locale."""
        return WORDS[self.lang]

    def run(self) -> None:
        """Read and answer until the input ends or /quit; the assistant is closed then."""
        try:
            self._talk()
        finally:
            self.assistant.close()

    def _talk(self) -> None:
        edit_lines([f"/{name}" for name in self._commands()])
        if sys.stdin.isatty():
            note(self.text.chat_hint)
        while (typed := read_message()) is not None:
            try:
                if typed in ("/quit", "/exit"):
                    return
                self._obey(typed)
            except HuwenError as error:
                note(f"{self.text.error}{in_language(str(error), self.lang)}")

    def _obey(self, typed: str) -> None:
        if not typed:
            return
        if not typed.startswith("/"):
            self._ask(typed)
            return
        name, _, rest = typed[1:].partition(" ")
        command = self._commands().get(name)
        if command is None:
            raise UsageError(self.text.chat_unknown.format(typed=typed))
        command(rest.strip())

    def _commands(self) -> Mapping[str, Callable[[str], None]]:
        return {
            "help": self._help,
            "sources": self._sources,
            "open": self._open,
            "since": self._since,
            "until": self._until,
            "source": self._source,
            "model": self._model,
            "wrong": self._wrong,
            "new": self._new,
            "quit": self._help,
        }

    def _ask(self, question: str) -> None:
        stream = self.assistant.stream(question, filters=self.filters, as_of=self.as_of, history=self.turns)
        try:
            pieces = list(stream) if self.as_json else stream
            if not self.as_json:
                print_pieces(pieces)
            answer = stream.answer
        except KeyboardInterrupt:
            line()
            return
        finally:
            stream.close()
        self.last, self.before_last = answer, tuple(self.turns)
        self.turns += [Turn(role="user", content=question), Turn(role="assistant", content=answer.text)]
        if self.as_json:
            print_json(answer_json(answer))
        else:
            self._sources("")

    def _help(self, _: str) -> None:
        line(self.text.chat_help)

    def _sources(self, _: str) -> None:
        below = "" if self.last is None else sources_text(self.last, columns=terminal_columns())
        line(f"\n{below}\n" if below else "")

    def _open(self, label: str) -> None:
        """Show the article that a label leads to, its quotes marked."""
        cited = () if self.last is None else self.last.citations
        rows = [row for row in cited if str(row.label) == label.strip("[]")]
        if not rows:
            raise UsageError(self.text.chat_no_label.format(label=label))
        article = self.assistant.article(rows[0].article_id)
        line(click.style(article.title, bold=True))
        body, at = "", 0
        for start, end in sorted({(row.start, row.end) for row in rows}):
            if start >= at:
                body += article.text[at:start] + click.style(article.text[start:end], reverse=True)
                at = end
        line(wrapped(body + article.text[at:], columns=None))

    def _since(self, day: str) -> None:
        self._limit(replace(self.filters, since=_day(day)))

    def _until(self, day: str) -> None:
        self._limit(replace(self.filters, until=_day(day)))

    def _source(self, name: str) -> None:
        self._limit(replace(self.filters, source=name or None))

    def _limit(self, filters: Filters) -> None:
        """Take other limits, and say which are in force."""
        if filters.since is not None and filters.until is not None and filters.since > filters.until:
            raise UsageError(f"no day is between `since` {filters.since} and `until` {filters.until}; swap them")
        self.filters = filters
        given = {"/since": filters.since, "/until": filters.until, "/source": filters.source}
        limits = " · ".join(f"{name} {value}" for name, value in given.items() if value is not None)
        note(self.text.chat_limits.format(limits=limits) if limits else self.text.chat_no_limits)

    def _model(self, spec: str) -> None:
        """Let another model answer from here on; without a name say which one does."""
        if spec:
            chosen = with_changes(self.settings, {"llm": spec})
            newer = open_assistant(chosen)
            self.assistant.close()
            self.settings, self.assistant = chosen, newer
        line(self.assistant.llm)

    def _wrong(self, remark: str) -> None:
        """Keep the last question as one whose answer is wrong."""
        if self.last is None:
            raise UsageError(self.text.chat_nothing_asked)
        history: list[dict[str, Json]] = [{"role": turn.role, "content": turn.content} for turn in self.before_last]
        draft = add_draft(self.drafts, result=answer_json(self.last), note=remark, history=history)
        line(self.text.chat_kept.format(draft=draft, drafts=self.drafts))

    def _new(self, _: str) -> None:
        self.turns, self.last = [], None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"`{text}` is not a day; write it as 2025-11-05") from error
