"""`huwen serve` as a process of its own, as an operator runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PROGRAM = [sys.executable, "-c", "from api.cli.main import main; main()"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The process and the port that it listens on."""

    process: subprocess.Popen[str]
    port: int


@contextmanager
def started(
    *arguments: str, environment: Mapping[str, str] | None = None, errors: Path | None = None
) -> Iterator[Running]:
    """Serve until the block ends; what it writes to stderr goes to a file."""
    with (
        errors.open("w") if errors is not None else open("/dev/null", "w") as stderr,  # noqa: PTH123
        subprocess.Popen(
            [*PROGRAM, "serve", "--port", "0", "--json", *arguments],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=None if environment is None else dict(environment),
        ) as process,
    ):
        try:
            assert process.stdout is not None
            url = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")["url"]
            yield Running(process=process, port=int(url.rstrip("/").rpartition(":")[2]))
        finally:
            process.terminate()
            process.wait(60)
