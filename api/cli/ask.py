"""`huwen ask`: one question, one cited answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import Day, common, filtered, filters_of, question_of, settings_of

if TYPE_CHECKING:
    from datetime import date

    from rag.answer.assistant import Assistant
    from rag.types import Answer, Filters, Turn


@click.command()
@click.argument("question")
@common
@filtered
@click.option("--llm", default=None, help="Who writes the answer: `extractive`, or `openai:MODEL`.")
@click.option(
    "--as-of",
    type=Day(),
    default=None,
    help="The day that 今年 or “last year” count from. [default: the newest article's]",
)
@click.option(
    "--history", type=click.Path(path_type=Path), default=None, help="JSON file with earlier turns: role and content."
)
@click.option("--no-stream", is_flag=True, help="Print the answer when it is whole.")
@click.option("--show-prompt", is_flag=True, help="Print what a language model was given, too.")
def ask(
    *,
    question: str,
    index: Path | None,
    config: Path | None,
    as_json: bool,
    since: date | None,
    until: date | None,
    source: str | None,
    lang: str | None,
    llm: str | None,
    as_of: date | None,
    history: Path | None,
    no_stream: bool,
    show_prompt: bool,
) -> None:
    """Answer QUESTION from the indexed articles, every sentence with its citation; `-` reads it from stdin."""
    from api.cli.output import print_json
    from api.cli.turns import read_turns
    from rag.assembly import open_assistant
    from rag.contract import answer_json

    text = question_of(question)
    filters = filters_of(since, until, source, lang)
    turns = () if history is None else read_turns(history)
    with open_assistant(settings_of(config, index=index, llm=llm)) as assistant:
        if as_json:
            print_json(answer_json(assistant.ask(text, filters=filters, as_of=as_of, history=turns)))
            return
        answer = assistant.ask(text, filters=filters, as_of=as_of, history=turns) if no_stream else None
        if answer is None:
            answer = _streamed(assistant, text, filters=filters, as_of=as_of, history=turns)
        else:
            click.echo(answer.text)
        print_sources(answer)
        if show_prompt:
            for turn in answer.prompt:
                click.echo(f"\n--- {turn.role}\n{turn.content}")


def _streamed(
    assistant: Assistant, text: str, *, filters: Filters, as_of: date | None, history: tuple[Turn, ...]
) -> Answer:
    stream = assistant.stream(text, filters=filters, as_of=as_of, history=history)
    try:
        for piece in stream:
            click.echo(piece, nl=False)
    finally:
        stream.close()
    click.echo()
    return stream.answer


def print_sources(answer: Answer) -> None:
    """Print what an answer rests on, or for a refusal what lies closest."""
    from api.cli.messages import MESSAGES
    from api.cli.output import shortened

    words = MESSAGES[answer.question.lang]
    if answer.notice:
        click.echo(f"\n{words['notice']}: {answer.notice}")
    if answer.missing:
        click.echo(f"\n{words['missing']}: {'; '.join(answer.missing)}")
    if answer.citations:
        click.echo(f"\n{words['sources']}")
    for label in sorted({row.label for row in answer.citations}):
        rows = [row for row in answer.citations if row.label == label]
        facts = (
            rows[0].title,
            rows[0].source,
            None if rows[0].published is None else rows[0].published.isoformat(),
            rows[0].article_id,
        )
        click.echo(f"[{label}] {' · '.join(fact for fact in facts if fact)}")
        for row in rows:
            click.echo(f"    “{shortened(row.quote)}”")
        if rows[0].url:
            click.echo(f"    {rows[0].url}")
    if answer.nearest:
        click.echo(f"\n{words['nearest']}")
    for near in answer.nearest:
        day = "" if near.published is None else f" · {near.published.isoformat()}"
        click.echo(f"  - {near.title}{day} · {near.article_id}")
