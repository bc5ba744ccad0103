"""Every way to end that is not a result: one line on stderr, the right code, never a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from api.cli.ask import command as ask

if TYPE_CHECKING:
    from tests.cli.conftest import Huwen


def fail_with(error: BaseException) -> click.Command:
    def body(**_: object) -> None:
        raise error

    return click.Command("ask", callback=body, params=ask.params)


def test_an_unknown_command_exits_with_2(huwen: Huwen) -> None:
    ran = huwen("nonsense")
    assert ran.code == 2
    assert "nonsense" in ran.err


def test_no_command_shows_the_help_and_exits_with_2(huwen: Huwen) -> None:
    ran = huwen()
    assert ran.code == 2
    assert "Commands:" in ran.err


def test_an_unexpected_failure_is_one_line_and_code_5(huwen: Huwen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.cli.ask.command", fail_with(ValueError("two\nlines")))
    ran = huwen("ask", "x")
    assert ran.code == 5
    assert ran.err == "Error: unexpected failure (ValueError: two lines); run again with HUWEN_DEBUG=1 to see where\n"


def test_debugging_shows_where(huwen: Huwen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.cli.ask.command", fail_with(ValueError("broken")))
    monkeypatch.setenv("HUWEN_DEBUG", "1")
    assert "Traceback" in huwen("ask", "x").err


def test_an_interrupt_exits_with_130_and_says_nothing(huwen: Huwen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.cli.ask.command", fail_with(KeyboardInterrupt()))
    ran = huwen("ask", "x")
    assert (ran.code, ran.out, ran.err) == (130, "", "")


@pytest.mark.parametrize(("locale", "start"), [("zh_CN.UTF-8", "错误："), ("C.UTF-8", "Error: ")])
def test_errors_begin_in_the_language_of_the_locale(
    huwen: Huwen, monkeypatch: pytest.MonkeyPatch, locale: str, start: str
) -> None:
    monkeypatch.setenv("LANG", locale)
    assert huwen("ask", "x", "--index", "nowhere").err.startswith(start)
