"""The MCP server: the tools `ask`, `search` and `read_article`, and articles as resources; opens no transport."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import unquote

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from api.http.bodies import MOST_MESSAGES, Message, turns_of
from rag.contract import answer_json, article_json, search_json
from rag.errors import HuwenError, NotFoundError
from rag.types import Filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.http.assistants import Assistants
    from rag.answer.assistant import Assistant

T = TypeVar("T")
# The SDK makes an output schema of this; `Json` names itself, which it cannot read.
Form = dict[str, object]

INSTRUCTIONS = (
    "Answers questions over a collection of Chinese and English news and policy articles. Every sentence of an answer ends "
    "with [n], the label of a citation whose quote stands word for word in the article. A refusal says why the articles do "
    "not answer. Quote citations when you pass an answer on, and do not add facts of your own."
)
READS_ONLY = ToolAnnotations(read_only_hint=True, open_world_hint=False)
MOST_PASSAGES = 50

QuestionText = Annotated[str, Field(description="The question, in Chinese or English.")]
Since = Annotated[date | None, Field(description="Only articles published on this day (YYYY-MM-DD) or later.")]
Until = Annotated[date | None, Field(description="Only articles published on this day (YYYY-MM-DD) or earlier.")]
Source = Annotated[str | None, Field(description="Only articles of this source, as its name is written.")]
AsOf = Annotated[date | None, Field(description="The day that 今年 and “last year” in the question count from.")]

History = Annotated[
    list[Message],
    Field(
        max_length=MOST_MESSAGES,
        description="What was asked and answered before, oldest first, where the question follows up on it.",
    ),
]


def create_server(assistants: Assistants) -> MCPServer:
    """Return the server over the newest revision of an index; each call borrows the assistant for itself."""
    server = MCPServer(
        "huwen", title="Huwen 沪问", version=version("huwen"), instructions=INSTRUCTIONS, log_level="WARNING"
    )
    _add_question_tools(server, assistants)
    _add_articles(server, assistants)
    return server


def _add_question_tools(server: MCPServer, assistants: Assistants) -> None:
    @server.tool(title="Ask", annotations=READS_ONLY)
    def ask(
        question: QuestionText,
        since: Since = None,
        until: Until = None,
        source: Source = None,
        as_of: AsOf = None,
        history: History = [],  # noqa: B006 - the SDK reads the default; nothing changes it
    ) -> Form:
        """Answer a question with checked citations, or refuse it with the reason."""
        filters = Filters(since=since, until=until, source=source)

        def asked(assistant: Assistant) -> Form:
            return dict(answer_json(assistant.ask(question, filters=filters, as_of=as_of, history=turns_of(history))))

        return _called(assistants, asked)

    @server.tool(title="Search", annotations=READS_ONLY)
    def search(
        question: QuestionText,
        top_k: Annotated[int, Field(ge=1, le=MOST_PASSAGES, description="How many passages at most.")] = 8,
        since: Since = None,
        until: Until = None,
        source: Source = None,
    ) -> Form:
        """Find the passages nearest to a question, best first."""
        filters = Filters(since=since, until=until, source=source)

        def searched(assistant: Assistant) -> Form:
            hits, timings = assistant.search(question, k=top_k, filters=filters)
            return dict(search_json(question, hits, timings))

        return _called(assistants, searched)


def _add_articles(server: MCPServer, assistants: Assistants) -> None:
    @server.tool(title="Read article", annotations=READS_ONLY)
    def read_article(article_id: Annotated[str, Field(description="As `ask` and `search` give it.")]) -> Form:
        """Return one article with its whole text; citations index into it."""
        return _called(assistants, lambda assistant: dict(article_json(assistant.article(article_id))))

    @server.resource("article://{article_id}", title="Article", mime_type="text/plain")
    def article(article_id: str) -> str:
        """Give the text of one article under its title. In the address, the `#` of an id is written %23."""
        try:
            with assistants.borrow() as assistant:
                found = assistant.article(unquote(article_id))
        except NotFoundError as error:
            raise ResourceNotFoundError(str(error)) from error
        return f"{found.title}\n\n{found.text}"


def _called(assistants: Assistants, function: Callable[[Assistant], T]) -> T:
    """Return what a function makes of the assistant; an error of ours reaches the client with its next step."""
    try:
        with assistants.borrow() as assistant:
            return function(assistant)
    except HuwenError as error:
        raise ToolError(str(error)) from error
