"""Several indexes behind one server: which of them a path is about, and the app that answers for it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/i/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The apps of the indexes by name, each of which knows nothing of the others; `lives` are open while the server runs."""

    apps: Mapping[str, ASGIApp]
    lives: Sequence[AbstractAsyncContextManager[object]]

    async def answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app of an index, which must be here, answer a request to `/i/NAME/…` or to the plain path."""
        app, root = self.apps[name], f"{PREFIX}{name}"
        if scope["path"] == root:
            app = RedirectResponse(f"{root}/")
        elif named_in(scope["path"]) is not None:
            # In place, as routers do: what stands around this one reads the route that was found.
            scope["root_path"] = root
        await app(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        """Answer the server's `lifespan`: open what must be open, and close it at the end."""
        await receive()
        async with AsyncExitStack() as running:
            for life in self.lives:
                await running.enter_async_context(life)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def named_in(path: str) -> str | None:
    """Return the name of the index that a path says, whether or not there is such an index; `None` for a plain path."""
    return path.removeprefix(PREFIX).partition("/")[0] if path.startswith(PREFIX) else None
