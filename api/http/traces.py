"""A span for each request where OpenTelemetry is set up: method, route, status and the log's id, never what was asked."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from api.http.log import REQUEST_ID

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def traced(app: ASGIApp) -> ASGIApp:
    """Return the app within spans, or as it is where OpenTelemetry is not installed."""
    return app if find_spec("opentelemetry") is None else Traced(app)


@dataclass(frozen=True, slots=True)
class Traced:
    """Opens spans by OpenTelemetry's interface; where nothing was set up to take them they are nothing."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, within the trace that its headers name."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from opentelemetry import propagate, trace

        status = 0

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with trace.get_tracer("huwen").start_as_current_span(
            scope["method"],
            context=propagate.extract(Headers(scope=scope)),
            kind=trace.SpanKind.SERVER,
            # An exception's text may hold what was asked.
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                await self.app(scope, receive, marked)
            finally:
                route = getattr(scope.get("route"), "path", "other")
                span.update_name(f"{scope['method']} {route}")
                span.set_attributes(
                    {
                        "http.request.method": scope["method"],
                        "http.route": route,
                        "http.response.status_code": status,
                        "huwen.request_id": REQUEST_ID.get(),
                    }
                )
