"""Names of keys and indexes: what may stand in a path, a log and a shell without quoting."""

from __future__ import annotations

import re

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
DEFAULT_INDEX = "default"
