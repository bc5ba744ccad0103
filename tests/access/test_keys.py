"""Keys: made, listed and revoked by a command, kept without their secrets, counted against their limits."""

from __future__ import annotations

import json
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from api.access.keys import Key, digest_of, find_key, new_secret, now, read_keys
from api.access.limits import DAY_S, Limits, OverLimitError
from api.access.ring import KeyRing
from api.http.plan import Plan
from rag.errors import ConfigError, UsageError
from tests.access.conftest import add_key, guarded
from tests.cli.conftest import huwen  # noqa: F401 - the fixture

if TYPE_CHECKING:
    from pathlib import Path

    from rag.config import Settings
    from tests.cli.conftest import Huwen


def test_a_key_is_shown_once_and_its_secret_is_in_no_file(huwen: Huwen, tmp_path: Path) -> None:  # noqa: F811
    made = huwen(
        "keys", "create", "anna", "--index", "harbour", "--per-minute", "60", "--per-day", "1000", "--at-once", "2"
    )
    secret = made.out.strip()
    assert made.code == 0
    assert secret.startswith("hw-")
    assert len(secret) > 40
    listed = huwen("keys", "list")
    assert "anna" in listed.out
    assert "harbour" in listed.out
    assert "--per-minute 60 --per-day 1000 --at-once 2" in listed.out
    for file in tmp_path.iterdir():
        assert secret not in file.read_text("utf-8")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in listed.out
    assert "digest" not in huwen("keys", "list", "--json").out


def test_every_act_leaves_a_line_that_says_who_what_and_when(huwen: Huwen, tmp_path: Path) -> None:  # noqa: F811
    huwen("keys", "create", "anna", "--index", "harbour")
    huwen("keys", "create", "anna")
    assert huwen("keys", "revoke", "anna", "--json").out.split() == ["{", '"revoked":', '"anna"', "}"]
    rows = [json.loads(line) for line in (tmp_path / "huwen-keys.json.audit.jsonl").read_text("utf-8").splitlines()]
    assert [(row["act"], row["key"]) for row in rows] == [("keys create", "anna"), ("keys revoke", "anna")]
    assert all(row["user"] and row["time"] for row in rows)
    assert rows[0]["indexes"] == ["harbour"]


def test_an_act_that_cannot_leave_its_line_is_not_done(huwen: Huwen, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "huwen-keys.json.audit.jsonl").mkdir()
    failed = huwen("keys", "create", "anna")
    assert failed.code == 2
    assert "make it writable" in failed.err
    assert not (tmp_path / "huwen-keys.json").exists()


@pytest.mark.parametrize("name", ["", "a b", "../a", "-a", "a/b", "x" * 65, "名", "a\n"])
def test_names_that_would_need_quoting_are_refused(huwen: Huwen, name: str) -> None:  # noqa: F811
    assert huwen("keys", "create", "--", name).code == 2
    assert huwen("keys", "create", "anna", "--index", name).code == 2


def test_a_name_is_had_once_and_what_is_not_there_cannot_be_revoked(huwen: Huwen) -> None:  # noqa: F811
    huwen("keys", "create", "anna")
    again = huwen("keys", "create", "anna")
    assert (again.code, "revoke it" in again.err) == (2, True)
    missing = huwen("keys", "revoke", "bela")
    assert (missing.code, "huwen keys list" in missing.err) == (2, True)


@pytest.mark.parametrize("content", ["", "{", '{"format": 2, "keys": []}', '{"keys": [{"name": "anna"}]}', "\x00"])
def test_a_file_that_is_no_file_of_keys_says_so_and_shows_nothing_of_it(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        KeyRing(file)


def test_secrets_are_compared_with_every_key(tmp_path: Path) -> None:
    secrets = [add_key(tmp_path / "keys.json", f"k{number}", indexes=("default",)) for number in range(20)]
    keys = read_keys(tmp_path / "keys.json")
    for number, secret in enumerate(secrets):
        found = find_key(keys, secret)
        assert found is not None
        assert found.name == f"k{number}"
    assert find_key(keys, secrets[0][:-1]) is None
    assert find_key(keys, "") is None
    assert find_key(keys, "\ud800") is None


def test_strangers_cannot_ask_unless_that_is_wanted(two_indexes: dict[str, Settings], tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        with pytest.raises(UsageError, match="huwen keys create"):
            Plan(indexes=two_indexes, host=host).check()
        Plan(indexes=two_indexes, host=host, is_insecure=True).check()
        Plan(indexes=two_indexes, host=host, keys=tmp_path / "keys.json").check()
    for host in ("127.0.0.1", "::1", "localhost", "127.8.8.8"):
        Plan(indexes=two_indexes, host=host).check()


def test_the_command_refuses_to_serve_strangers_and_says_what_to_do(huwen: Huwen, sample_index: Path) -> None:  # noqa: F811
    ran = huwen("serve", "--host", "0.0.0.0", "--port", "0", "--index", str(sample_index))
    assert ran.code == 2
    assert "--insecure" in ran.err


def test_two_indexes_need_two_names(huwen: Huwen) -> None:  # noqa: F811
    for given in (["a=x", "a=y"], ["x", "y"], ["default=x", "y"]):
        ran = huwen("serve", *(part for value in given for part in ("--index", value)))
        assert ran.code == 2
        assert "NAME=DIR" in ran.err


def test_keys_end_and_begin_without_a_restart(two_indexes: dict[str, Settings], tmp_path: Path, huwen: Huwen) -> None:  # noqa: F811
    file = tmp_path / "keys.json"
    secrets = {"anna": add_key(file, "anna", indexes=("harbour",))}
    with guarded(Plan(indexes=two_indexes, keys=file, grace_s=3), secrets) as client:
        assert client.get("/api/status", key="anna").status == 200
        huwen("keys", "revoke", "anna", "--keys", str(file))
        assert client.get("/api/status", key="anna").status == 401
        secrets["bela"] = add_key(file, "bela", indexes=("islands",))
        assert client.get("/api/status", key="bela").status == 200
        file.write_text("{", "utf-8")
        assert client.get("/api/status", key="bela").status == 401
        assert client.send("GET", "/healthz").status == 200


def test_a_key_of_an_index_that_is_not_served_opens_nothing(two_indexes: dict[str, Settings], tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    secrets = {"dora": add_key(file, "dora", indexes=("elsewhere",))}
    with guarded(Plan(indexes=two_indexes, keys=file, grace_s=3), secrets) as client:
        for path in ("/api/status", "/", "/i/harbour/api/status", "/i/elsewhere/api/status"):
            assert client.get(path, key="dora").status == 404


def test_the_limits_of_a_key_are_answered_with_429_and_when_to_come_again(
    two_indexes: dict[str, Settings], tmp_path: Path
) -> None:
    file = tmp_path / "keys.json"
    secrets = {
        "anna": add_key(file, "anna", indexes=("harbour",), per_minute=3),
        "bela": add_key(file, "bela", indexes=("islands",), per_day=2),
        "cora": add_key(file, "cora", indexes=("islands",)),
    }
    with guarded(Plan(indexes=two_indexes, keys=file, grace_s=3), secrets) as client:
        for key, allowed, longest in (("anna", 3, 60), ("bela", 2, 86_401)):
            assert [client.get("/v1/models", key=key).status for _ in range(allowed + 1)] == [200] * allowed + [429]
            over = client.get("/v1/models", key=key)
            assert 1 <= int(over.headers["retry-after"]) <= longest
            assert over.json["error"]["type"] == "rate_limit_error"  # type: ignore[index,call-overload]
        assert client.get("/v1/models", key="cora").status == 200


def limited(**limits: int) -> Key:
    return Key(name="anna", digest=digest_of("x"), created=now(), **limits)  # type: ignore[arg-type]


def test_a_minute_slides_and_a_day_is_one_of_utc() -> None:
    time = [10 * DAY_S + 5]
    limits, key = Limits(clock=lambda: time[0], steady=lambda: time[0]), limited(per_minute=2, per_day=4)
    for later, is_free in ((0, True), (30, True), (1, False), (30, True), (60, True), (60, False), (DAY_S, True)):
        time[0] += later
        if is_free:
            with limits.taken(key):
                pass
        else:
            with pytest.raises(OverLimitError) as caught, limits.taken(key):
                pass
            assert caught.value.wait_s >= 1


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    time, steady = [10 * DAY_S + 500], [0.0]
    limits, key = Limits(clock=lambda: time[0], steady=lambda: steady[0]), limited(per_minute=1)
    with limits.taken(key):
        pass
    time[0] -= 3600
    with pytest.raises(OverLimitError) as caught, limits.taken(key):
        pass
    assert caught.value.wait_s <= 60
    steady[0] += 61
    with limits.taken(key):
        pass


def test_running_requests_are_counted_until_they_end_also_when_they_fail() -> None:
    limits, key = Limits(), limited(at_once=1)
    with limits.taken(key), pytest.raises(OverLimitError), limits.taken(key):
        pass
    with pytest.raises(ZeroDivisionError), limits.taken(key):
        _ = 1 / 0
    with limits.taken(key):
        pass


def test_many_threads_never_pass_a_limit() -> None:
    limits, key, passed = Limits(), limited(per_day=100), []

    def ask() -> None:
        for _ in range(50):
            try:
                with limits.taken(key):
                    passed.append(1)
            except OverLimitError:
                pass

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 100


def test_new_secrets_differ() -> None:
    assert len({new_secret() for _ in range(1000)}) == 1000
