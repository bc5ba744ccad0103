"""Whether the MCP SDK, an extra, is installed."""

from __future__ import annotations

from importlib.util import find_spec

from rag.errors import ConfigError


def has_sdk() -> bool:
    """Tell whether the SDK can be imported, without importing it."""
    return find_spec("mcp") is not None


def require_sdk() -> None:
    """Raise `ConfigError` with the command that installs the SDK where it is missing."""
    if not has_sdk():
        raise ConfigError("`huwen mcp` needs the package `mcp`; run: pip install 'huwen[mcp]'")
