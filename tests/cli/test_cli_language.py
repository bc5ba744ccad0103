"""Errors in Chinese: every message that the code raises is in the table, and says as much there."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.language.errors import HOLE, in_language, table
from rag import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Huwen

ROOT = Path(__file__).resolve().parent.parent.parent
RAISED = {name for name, value in vars(errors).items() if isinstance(value, type)} | {"HTTPException", "damaged"}
# Made of other messages, or a name and what the table has by itself.
COMPOSED = {"`{}` {}", "{} ({})"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def parts_of(node: ast.expr) -> list[str] | None:
    """The literal parts of a message, what is filled in as `{}`; `None` where it is made elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]  # type: ignore[misc]
    if isinstance(node, ast.BinOp):
        left, right = parts_of(node.left), parts_of(node.right)
        return None if left is None or right is None else left + right
    return None


def raised_messages() -> Iterator[str]:
    for layer in ("rag", "api", "eval", "embeddings", "prompts"):
        for path in sorted((ROOT / layer).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", None) in RAISED:
                    parts = parts_of(node.args[-1])
                    if parts is not None:
                        yield "".join(parts)


MESSAGES = sorted(set(raised_messages()) - COMPOSED)


def test_the_messages_were_found() -> None:
    assert len(MESSAGES) > 150


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_is_said_in_chinese(message: str) -> None:
    filled = message.replace("{}", "v")
    said = in_language(filled, "zh")
    assert CHINESE.search(said), f"add it to api/language/errors.zh.txt: {message}"
    assert in_language(filled, "en") == filled


@pytest.mark.parametrize(("message", "chinese"), list(table()))
def test_both_languages_fill_in_the_same_and_name_the_same_commands(message: str, chinese: str) -> None:
    assert set(HOLE.findall(message)) == set(HOLE.findall(chinese))
    assert len(re.findall(r"`huwen ", message)) == len(re.findall(r"`huwen ", chinese))


def test_reasons_within_a_message_and_joined_messages_are_said_too() -> None:
    reason = "a row of `pages` in the store does not match its seal"
    message = f"the index `x` is damaged: {reason}; run `huwen index repair --index x`"
    assert (
        in_language(message, "zh")
        == "索引 `x` 已损坏：存储中 `pages` 的一行与封印不符；请运行 `huwen index repair --index x`"
    )
    joined = "`a` is empty; remove it or fill it; `b.exe` is of no known format; remove it from the archive"
    assert in_language(joined, "zh") == "`a` 是空的；请删掉或填上内容；`b.exe` 的格式不认识；请把它移出压缩包"
    assert in_language("something else; entirely", "zh") == "something else; entirely"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask",), "缺少参数"),
        (("ask", "x", "--nonsense"), "没有选项"),
        (("nonsense",), "没有命令"),
        (("ask", "x", "--since", "gestern"), "不是日期"),
        (("search", "x", "--top-k", "0"), "范围"),
        (("ask", "x", "y"), "多出了参数"),
        (("ask", "x", "--since", "2025-02-01", "--until", "2025-01-01"), "请对调"),
        (("ask", "x", "--index", "nowhere"), "`huwen index sync 路径 --index nowhere`"),
        (("index", "sync", "nowhere"), "没有这个文件"),
        (("mcp", "--config", "none.toml"), "没有配置文件"),
    ],
)
def test_every_kind_of_mistake_is_answered_in_chinese_under_a_chinese_locale(
    huwen: Huwen, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    ran = huwen(*arguments)
    assert ran.code in (2, 3, 4)
    assert words in ran.err
    assert "错误：" in ran.err
    assert "Usage" not in ran.err


def test_doctor_says_what_to_do_in_chinese(huwen: Huwen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "处没有索引；请运行 `huwen index sync" in huwen("doctor").out
