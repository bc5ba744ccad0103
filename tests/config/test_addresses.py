"""What messages and records show of a server's address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.addresses import said, shown
from rag.config import Settings, settings_json


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:qx7zz9k@h:5432/d#n",
        "postgresql://u:qx7@zz9k@h/d",
        "postgresql://u:qx7/zz9k@h/d",
        "postgresql://h/d?user=u&password=qx7zz9k&sslmode=require",
        "http://root:qx7zz9k@h:19530",
    ],
)
def test_no_part_of_a_password_is_shown(address: str) -> None:
    settings = replace(Settings(), store=address, milvus=address)
    texts = (shown(address), said(f"cannot reach {address} now"), str(settings_json(settings)), repr(settings))
    for text in texts:
        assert "zz9k" not in text
        assert "qx7" not in text


def test_an_address_without_a_password_is_shown_whole() -> None:
    for address in ("postgresql://h:5432/d#n", "http://h:19530", "file.db", "postgresql://h/d?sslmode=require"):
        assert shown(address) == address
