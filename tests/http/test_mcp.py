"""The MCP door, through the SDK's own client: over stdio, over HTTP, and within one process."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp_types import TextResourceContents

from api.http.assistants import Assistants
from api.mcp.server import create_server
from rag.assembly import open_assistant
from rag.config import Settings
from rag.contract import answer_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from mcp.server.mcpserver import MCPServer
    from mcp_types import CallToolResult

    from tests.http.conftest import Server

QUESTION = "2023年上海战略性新兴产业产值占比是多少？"
START = "from api.cli.main import main; main()"
REFUSED = "江州市2031年的人口目标是多少？"


@pytest.fixture
def mcp_server(sample_index: Path) -> Iterator[MCPServer]:
    assistants = Assistants(Settings(index=sample_index))
    yield create_server(assistants)
    assistants.close()


def run(door: MCPServer | StdioServerParameters | str, use: Callable[[Client], Awaitable[None]]) -> None:
    async def session() -> None:
        async with Client(door) as client:
            await use(client)

    anyio.run(session)


def content(result: CallToolResult) -> dict[str, object]:
    assert not result.is_error
    return cast("dict[str, object]", result.structured_content)


async def asks_as_the_engine_answers(client: Client, index: Path) -> None:
    with open_assistant(Settings(index=index)) as assistant:
        expected = answer_json(assistant.ask(QUESTION))
    found = content(await client.call_tool("ask", {"question": QUESTION}))
    assert {**found, "timings_ms": None} == {**expected, "timings_ms": None}


def test_the_three_tools_are_listed_as_reading_only(mcp_server: MCPServer) -> None:
    async def use(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["ask", "search", "read_article"]
        assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in tools)

    run(mcp_server, use)


def test_an_answer_is_the_same_as_through_the_other_doors(mcp_server: MCPServer, sample_index: Path) -> None:
    run(mcp_server, lambda client: asks_as_the_engine_answers(client, sample_index))


def test_a_follow_up_is_understood_from_its_history(mcp_server: MCPServer) -> None:
    before = [
        {"role": "user", "content": "前三季度上海GDP是多少？"},
        {"role": "assistant", "content": "40721.17亿元"},
    ]

    async def use(client: Client) -> None:
        found = content(await client.call_tool("ask", {"question": "增长了多少？", "history": before}))
        assert "5.5%" in str(found["answer"])

    run(mcp_server, use)


def test_a_client_that_starts_the_command_gets_the_same_answer(sample_index: Path) -> None:
    arguments = StdioServerParameters(command=sys.executable, args=["-c", START, "mcp", "--index", str(sample_index)])
    run(arguments, lambda client: asks_as_the_engine_answers(client, sample_index))


def test_a_client_of_the_running_server_gets_the_same_answer(server: Server, sample_index: Path) -> None:
    run(f"{server.url}/mcp", lambda client: asks_as_the_engine_answers(client, sample_index))


def test_a_web_page_that_gave_this_machine_a_name_of_its_own_is_refused(server: Server) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert server.send("POST", "/mcp", body, headers | {"Host": "evil.example"}).status == 421
    assert server.send("POST", "/mcp", body, headers | {"Origin": "https://evil.example"}).status == 403


def test_a_file_system_path_is_no_article(mcp_server: MCPServer) -> None:
    async def use(client: Client) -> None:
        with pytest.raises(MCPError):
            await client.read_resource("article://..%2F..%2Fetc%2Fpasswd")

    run(mcp_server, use)


def test_a_citation_can_be_read_back(mcp_server: MCPServer) -> None:
    async def use(client: Client) -> None:
        answer = content(await client.call_tool("ask", {"question": QUESTION}))
        citation = cast("list[dict[str, object]]", answer["citations"])[0]
        article = content(await client.call_tool("read_article", {"article_id": citation["article_id"]}))
        start, end = cast("int", citation["start"]), cast("int", citation["end"])
        assert cast("str", article["text"])[start:end] == citation["quote"]
        address = f"article://{quote(str(citation['article_id']), safe='')}"
        (resource,) = (await client.read_resource(address)).contents
        assert isinstance(resource, TextResourceContents)
        assert citation["quote"] in resource.text

    run(mcp_server, use)


def test_search_keeps_to_its_number_and_filters(mcp_server: MCPServer) -> None:
    async def use(client: Client) -> None:
        found = content(await client.call_tool("search", {"question": "产业", "top_k": 2, "until": "2024-12-31"}))
        hits = cast("list[dict[str, str]]", found["hits"])
        assert len(hits) == 2
        assert all(hit["published"] <= "2024-12-31" for hit in hits)

    run(mcp_server, use)


def test_a_refusal_is_a_result_and_not_an_error(mcp_server: MCPServer) -> None:
    async def use(client: Client) -> None:
        assert content(await client.call_tool("ask", {"question": REFUSED}))["status"] == "refused"

    run(mcp_server, use)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": "？"}, "no words"),
        ("ask", {"question": QUESTION, "since": "soon"}, "since"),
        ("search", {"question": QUESTION, "top_k": 0}, "top_k"),
        ("read_article", {"article_id": "nowhere"}, "nowhere"),
    ],
)
def test_bad_input_is_an_error_that_names_it(
    mcp_server: MCPServer, tool: str, arguments: dict[str, object], said: str
) -> None:
    async def use(client: Client) -> None:
        result = await client.call_tool(tool, arguments)
        assert result.is_error
        assert said in str(result.content)

    run(mcp_server, use)


def test_an_article_that_is_not_there_is_no_resource(mcp_server: MCPServer) -> None:
    async def use(client: Client) -> None:
        with pytest.raises(MCPError, match="nowhere"):
            await client.read_resource("article://nowhere")

    run(mcp_server, use)
