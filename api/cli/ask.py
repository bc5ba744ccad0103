"""`huwen ask`: one question, one answer whose every sentence can be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from api.cli.options import FILE, as_of_option, filter_options, json_option, llm_option, settings_options

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from rag.config import Settings
    from rag.contract import Json
    from rag.types import Answer, Filters


@click.command("ask")
@click.argument("question")
@filter_options
@llm_option
@as_of_option
@click.option("--history", type=FILE, metavar="FILE", help="Earlier turns: JSON rows of role and content.")
@click.option("--no-stream", is_flag=True, help="Print the answer when it is whole, not as it is written.")
@click.option("--show-prompt", is_flag=True, help="Show the prompt that the language model got, too.")
@click.option("--explain", is_flag=True, help="Show why it was answered or refused, too.")
@settings_options
@json_option
def command(
    *,
    question: str,
    filters: Filters,
    llm: str | None,
    as_of: date | None,
    history: Path | None,
    no_stream: bool,
    show_prompt: bool,
    explain: bool,
    settings: Settings,
    as_json: bool,
) -> None:
    """Answer QUESTION from the indexed articles, with citations.

    A QUESTION of - is read from stdin. A refusal is a result too: it says why, and names the closest articles.
    """
    from api.cli.answering import print_explanation, print_pieces, print_rest
    from api.cli.printing import print_json
    from api.cli.question import read_history, read_question

    asked, turns = read_question(question), read_history(history)
    from rag.assembly import open_assistant
    from rag.config import with_changes

    with open_assistant(with_changes(settings, {"llm": llm})) as assistant:
        if as_json or no_stream:
            answer = assistant.ask(asked, filters=filters, as_of=as_of, history=turns)
            if as_json:
                print_json(_answer_json(answer, show_prompt=show_prompt, explain=explain))
                return
            print_pieces([answer.text])
        else:
            stream = assistant.stream(asked, filters=filters, as_of=as_of, history=turns)
            try:
                print_pieces(stream)
                answer = stream.answer
            finally:
                stream.close()
    print_rest(answer, show_prompt=show_prompt)
    if explain:
        print_explanation(answer)


def _answer_json(answer: Answer, *, show_prompt: bool, explain: bool) -> dict[str, Json]:
    from rag.contract import answer_json

    form = answer_json(answer)
    if show_prompt:
        form["prompt"] = [{"role": turn.role, "content": turn.content} for turn in answer.prompt]
    if explain:
        form["explain"] = cast("Json", dict(answer.explain))
    return form
