"""The address of a server as messages and records may show it."""

from __future__ import annotations

import re

_ACCESS = re.compile(r"//.*@", re.DOTALL)
_PARAMETER = re.compile(r"([?&](?:user|password)=)[^&#]*", re.IGNORECASE)


def shown(address: str) -> str:
    """Return an address without its name and password, wherever they stand in it."""
    return _PARAMETER.sub(r"\1…", _ACCESS.sub("//", address))


def said(reason: object) -> str:
    """Return what a client said of a failure, on one short line, without name and password."""
    return shown(" ".join(str(reason).split()))[:160]
