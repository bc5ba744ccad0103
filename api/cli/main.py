"""The console script `huwen`: finds the command, runs it, and turns every way to fail into one line and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from api.cli.lazy import LazyGroup
from api.cli.messages import WORDS, locale_lang
from rag.errors import HuwenError

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "huwen"
COMPLETE_VARIABLE = "_HUWEN_COMPLETE"
DEBUG_VARIABLE = "HUWEN_DEBUG"
FAILED, INTERRUPTED, CLOSED_OUTPUT = 5, 130, 141

huwen = LazyGroup(
    name=PROGRAM,
    help="Answers you can check: cited question answering over Chinese and English articles.",
    epilog="Start with: huwen index sync FOLDER, then: huwen ask 'QUESTION'.",
    modules={
        "ask": "api.cli.ask",
        "chat": "api.cli.chat",
        "search": "api.cli.search",
        "show": "api.cli.show",
        "index": "api.cli.index.group",
        "serve": "api.cli.serve",
        "keys": "api.cli.keys.group",
        "mcp": "api.cli.mcp",
        "model": "api.cli.model.group",
        "eval": "api.cli.evaluate.group",
        "doctor": "api.cli.doctor",
    },
)
huwen.params.append(
    click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=lambda context, _, value: _show_version(context) if value else None,
        help="Show the version and exit.",
    )
)


def main() -> None:
    """Run the command line of this process and exit."""
    instruction = os.environ.get(COMPLETE_VARIABLE)
    if instruction is not None:
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(huwen, {}, PROGRAM, COMPLETE_VARIABLE, instruction))
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what went wrong is on stderr, in one line."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return CLOSED_OUTPUT
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a user
        return _failure(error)
    return code


def _invoke(arguments: Sequence[str]) -> int:
    try:
        with huwen.make_context(PROGRAM, list(arguments)) as context:
            huwen.invoke(context)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    return 0


def _show(error: click.ClickException) -> None:
    """Write how a command is used, and what was wrong; without a command the help is all."""
    lang = locale_lang(os.environ)
    if lang == "en" or isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    from api.language.errors import in_language

    text = WORDS[lang]
    context = getattr(error, "ctx", None)
    if context is not None:
        click.echo(
            f"{text.usage}{context.command_path} {' '.join(context.command.collect_usage_pieces(context))}", err=True
        )
    click.echo(f"{text.error}{in_language(error.format_message(), lang)}", err=True)


def _failure(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        traceback.print_exception(error)
    lang = locale_lang(os.environ)
    text = WORDS[lang]
    if isinstance(error, HuwenError):
        from api.language.errors import in_language

        click.echo(f"{text.error}{in_language(str(error), lang)}", err=True)
        return error.exit_code
    what = " ".join(f"{type(error).__name__}: {error}".split())
    click.echo(f"{text.error}{text.unexpected.format(what=what, variable=DEBUG_VARIABLE)}", err=True)
    return FAILED


def _show_version(context: click.Context) -> None:
    from importlib.metadata import version

    click.echo(f"{PROGRAM} {version(PROGRAM)}")
    context.exit()


def _discard_output() -> None:
    """Keep the interpreter from flushing into the closed pipe once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
