"""The chat endpoint and the web page."""
