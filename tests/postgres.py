"""A real PostgreSQL for a run of the tests, from the system's packages, on a free port of this machine."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "postgres"


def schema_for(index: Path) -> str:
    """Return a schema for the index of a folder."""
    return f"i_{hashlib.sha256(str(index).encode()).hexdigest()[:20]}"


def programs() -> Path | None:
    """Return the folder of the newest installed server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return None if initdb is None else Path(initdb).resolve().parent


class Postgres:
    """A server that can be stopped, killed and started again over the same data."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.address = f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root.
        self._user = USER if os.geteuid() == 0 else None

    def make(self) -> None:
        """Make the data."""
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        options = ["--auth=trust", f"--username={USER}", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8"]
        self._run("initdb", *options, "--pgdata", str(self.folder / "data")).wait(60)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            "fsync=off",
        ]
        data = str(self.folder / "data")
        self._process = self._run("postgres", "-D", data, *(word for option in options for word in ("-c", option)))
        deadline = time.monotonic() + 30
        while self._run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port)).wait(10):
            assert self._process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it at once, its connections with it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def _run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        bin_folder = programs()
        assert bin_folder is not None
        return subprocess.Popen(
            [str(bin_folder / program), *words],
            user=self._user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run a server until the block ends; skips where none is installed."""
    pytest.importorskip("psycopg", reason="needs huwen[postgresql]")
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="huwen-pg-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Postgres(folder, port)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        with suppress(OSError):
            shutil.rmtree(folder)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server until the block ends and yield its address."""
    with postgres_server() as server:
        yield server.address
