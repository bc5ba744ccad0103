"""A stream through nginx with its default settings: nothing is held back, and a reader who leaves is noticed."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from api.http import events
from tests.http.test_http_streams import GDP, LIMIT_S, answered_by, upstream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.http.test_http_streams import EndlessServer

__all__ = ["upstream"]

# The place for files is all that is not nginx's own default.
CONFIGURATION = """
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/a;
    proxy_temp_path {folder}/b;
    fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d;
    scgi_temp_path {folder}/e;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{behind};
        }}
    }}
}}
"""
STREAMED = json.dumps({"messages": [{"role": "user", "content": GDP}], "stream": True})


@contextmanager
def proxied(folder: Path, *, port: int, behind: int) -> Iterator[None]:
    """Run nginx before a server until the block ends."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("no nginx on this machine")
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, behind=behind), "utf-8")
    with subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")]) as process:
        try:
            ends = time.monotonic() + 10
            while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
                assert time.monotonic() < ends, (folder / "errors").read_text("utf-8")
                time.sleep(0.02)
            yield
        finally:
            process.terminate()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_nothing_is_held_back_and_a_reader_who_leaves_is_noticed(
    sample_index: Path,
    upstream: EndlessServer,
    free_port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_S", 0.2)
    with (
        answered_by(upstream, sample_index) as server,
        proxied(tmp_path, port=free_port, behind=server.port),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=10)
        connection.request("POST", "/v1/chat/completions", STREAMED, {"Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.headers["Server"].startswith("nginx")
        assert b'"role":"assistant"' in response.readline()
        arrived: list[float] = []
        while len(arrived) < 4:
            if response.readline().startswith(b":"):
                arrived.append(time.monotonic())
        # Held back, the comments would come together.
        assert all(later - earlier > 0.1 for earlier, later in pairwise(arrived))
        left = time.monotonic()
        assert connection.sock is not None
        connection.sock.close()
        response.close()
        connection.close()
        assert upstream.left.wait(10)
        assert time.monotonic() - left < LIMIT_S
