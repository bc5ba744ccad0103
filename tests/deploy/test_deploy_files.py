"""What operators install: the image's recipe, the compose file, the units, the lock, the backup."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from rag.assembly import open_assistant
from rag.config import Settings
from rag.contract import answer_json

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*")) + sorted((DEPLOY / "nightly").glob("huwen*"))
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def script(name: str) -> ModuleType:
    """A script of `.ci` as a module."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


IMAGE = script("image")


def problems(text: str) -> list[str]:
    found: list[str] = IMAGE.problems(IMAGE.steps(text))
    return found


def pins(path: Path) -> dict[str, str]:
    """Versions by name, the name as registries compare it."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PINNED.findall(path.read_text("utf-8"))}


def test_nothing_is_wrong_with_the_image() -> None:
    assert problems(DOCKERFILE) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("python:3.11-slim-bookworm AS", "python AS", "another image tomorrow"),
        ("python:3.11-slim-bookworm\nLABEL", "python:latest\nLABEL", "another image tomorrow"),
        ("USER 10001:10001\n", "", "no USER"),
        ("USER 10001:10001", "USER 0:0", "not a number that is not 0"),
        ("--require-hashes ", "", "without hashes"),
        ("COPY rag ./rag", "COPY rag secret ./rag", "not sent to the builder"),
        ("COPY rag ./rag", "COPY tests ./tests", "not sent to the builder"),
        ("LANG=C.UTF-8", "LANG=C.UTF-8 API_KEY=x", "keeps a secret"),
        ("STOPSIGNAL SIGTERM\n", "", "no STOPSIGNAL"),
        ('ENTRYPOINT ["huwen"]', "ENTRYPOINT huwen", "signals are lost"),
        ("RUN python -m venv /opt/build", "RUN apt-get install x", "nothing vouches for"),
        ("COPY eval ./eval", "ADD https://example.org/x.tar .", "use COPY"),
    ],
)
def test_the_check_of_the_image_sees_what_would_be_wrong(before: str, after: str, said: str) -> None:
    assert before in DOCKERFILE
    assert any(said in row for row in problems(DOCKERFILE.replace(before, after, 1)))


def test_the_image_gets_all_packages_of_the_program() -> None:
    built = re.search(r"^packages = (\[.*\])$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert built is not None
    for package in json.loads(built[1]):
        assert f"COPY {package} ./{package}" in DOCKERFILE


@pytest.mark.parametrize("service", ["serve", "sync", "keys"])
def test_containers_have_no_root_no_capabilities_and_a_read_only_root(service: str) -> None:
    form: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"][service]
    assert form["read_only"] is True
    assert form["cap_drop"] == ["ALL"]
    assert form["user"] == "10001:10001"
    assert "no-new-privileges:true" in form["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in form.get("ports", []))


def test_commands_of_the_image_the_compose_file_and_the_units_are_ones_that_the_program_takes() -> None:
    import click

    from api.cli.main import huwen

    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    commands = [compose["serve"]["command"], compose["sync"]["command"], ["keys", *compose["keys"]["command"]]]
    commands.append(next(step.words for step in IMAGE.steps(DOCKERFILE) if step.name == "CMD"))
    for unit in UNITS:
        commands += [
            line.split()[1:]
            for line in re.findall(r"^ExecStart=(\S+/huwen .*)$", unit.read_text("utf-8"), re.MULTILINE)
        ]
    assert len(commands) >= 6
    for words in commands:
        group: click.Command = huwen
        rest, context = list(words), click.Context(huwen, info_name="huwen")
        while isinstance(group, click.Group):
            found = group.get_command(context, rest.pop(0))
            assert found is not None, words
            group = found
        group.make_context("huwen", rest, parent=context)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine")
    ran = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    rows = [row for row in ran.stderr.splitlines() if unit.name in row and "is not executable" not in row]
    assert rows == []


def test_the_lock_holds_every_package_to_the_tested_version_and_a_hash() -> None:
    tested, locked = pins(ROOT / "constraints.txt"), pins(DEPLOY / "requirements.txt")
    assert {name: tested.get(name) for name in locked} == locked
    text = (DEPLOY / "requirements.txt").read_text("utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.partition("\n")[2])
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    for row in re.findall(
        r'^    "([A-Za-z0-9_.-]+)>=',
        (ROOT / "pyproject.toml").read_text("utf-8").partition("[project.optional")[0],
        re.MULTILINE,
    ):
        assert re.sub(r"[-_.]+", "-", row).lower() in locked


def test_the_bill_of_materials_and_the_licences_are_those_of_the_lock(tmp_path: Path) -> None:
    script("supply").main(tmp_path)
    for name in ("deploy/sbom.cdx.json", "docs/licences.md"):
        assert (tmp_path / name).read_text("utf-8") == (ROOT / name).read_text("utf-8"), "run: make lock"
    bill = json.loads((ROOT / "deploy" / "sbom.cdx.json").read_text("utf-8"))
    assert {row["name"]: row["version"] for row in bill["components"]} == pins(DEPLOY / "requirements.txt")
    assert "not stated" not in (ROOT / "docs" / "licences.md").read_text("utf-8")


def test_a_backup_that_was_restored_answers_byte_for_byte(sample_index: Path, tmp_path: Path) -> None:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "huwen").write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "from api.cli.main import main; main()" "$@"\n', "utf-8"
    )
    (bin_ / "huwen").chmod(0o755)
    shutil.copy(DEPLOY / "huwen-backup", bin_ / "huwen-backup")
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "keys.json").write_text("{}", "utf-8")
    out = tmp_path / "out"
    for _ in range(2):
        subprocess.run([bin_ / "huwen-backup", sample_index, keys, out], cwd=ROOT, check=True, capture_output=True)
    [backup, *_] = sorted(out.glob("index-*.huwen"))
    assert sorted(out.glob("keys-*.tar"))
    assert not list(out.glob(".incoming*"))
    restored = tmp_path / "restored"
    subprocess.run(
        [bin_ / "huwen", "index", "import", backup, "--index", restored], cwd=ROOT, check=True, capture_output=True
    )
    subprocess.run([bin_ / "huwen", "index", "verify", "--index", restored], cwd=ROOT, check=True, capture_output=True)
    question = "2023年上海战略性新兴产业产值占比是多少？"
    forms = []
    for index in (sample_index, restored):
        with open_assistant(Settings(index=index)) as assistant:
            forms.append({**answer_json(assistant.ask(question)), "timings_ms": None})
    assert json.dumps(forms[0]) == json.dumps(forms[1])


def test_only_seven_backups_are_kept(sample_index: Path, tmp_path: Path) -> None:
    (tmp_path / "huwen").write_text('#!/bin/sh\n: > "$3"\n', "utf-8")
    (tmp_path / "huwen").chmod(0o755)
    shutil.copy(DEPLOY / "huwen-backup", tmp_path / "huwen-backup")
    out = tmp_path / "out"
    out.mkdir()
    for day in range(10, 20):
        (out / f"index-202611{day}T021700Z.huwen").touch()
    (out / "other").touch()
    subprocess.run([tmp_path / "huwen-backup", sample_index, tmp_path / "none", out], check=True)
    kept = sorted(path.name for path in out.iterdir())
    assert len(kept) == 8
    assert "other" in kept
    assert "index-20261119T021700Z.huwen" in kept
    assert "index-20261110T021700Z.huwen" not in kept
