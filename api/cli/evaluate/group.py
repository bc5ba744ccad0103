"""The group `huwen eval`."""

from __future__ import annotations

from api.cli.lazy import LazyGroup

command = LazyGroup(
    name="eval",
    help="Score answers against question sets, and compare runs.",
    modules={
        "run": "api.cli.evaluate.run",
        "check": "api.cli.evaluate.check",
        "compare": "api.cli.evaluate.compare",
        "nightly": "api.cli.evaluate.nightly",
        "prompts": "api.cli.evaluate.prompts",
        "score": "api.cli.evaluate.score",
        "draft": "api.cli.evaluate.draft",
    },
)
