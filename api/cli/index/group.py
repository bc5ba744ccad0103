"""The group `huwen index`."""

from __future__ import annotations

from api.cli.lazy import LazyGroup

command = LazyGroup(
    name="index",
    help="Build an index from files and folders, and look into it.",
    modules={
        "sync": "api.cli.index.sync",
        "status": "api.cli.index.status",
        "verify": "api.cli.index.verify",
        "repair": "api.cli.index.repair",
        "remove": "api.cli.index.remove",
        "export": "api.cli.index.export",
        "import": "api.cli.index.import_",
    },
)
