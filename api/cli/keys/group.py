"""The group `huwen keys`."""

from __future__ import annotations

from api.cli.lazy import LazyGroup

command = LazyGroup(
    name="keys",
    help="Keys that open a server's indexes: make, list and revoke them.",
    modules={
        "create": "api.cli.keys.create",
        "list": "api.cli.keys.list",
        "revoke": "api.cli.keys.revoke",
    },
)
