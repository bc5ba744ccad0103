"""The door for MCP clients: the same tools over stdio and HTTP."""
