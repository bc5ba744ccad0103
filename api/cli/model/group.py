"""The group `huwen model`."""

from __future__ import annotations

from api.cli.lazy import LazyGroup

command = LazyGroup(
    name="model",
    help="The embedding model that ships with the package.",
    modules={"export": "api.cli.model.export"},
)
