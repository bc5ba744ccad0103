"""Checks deploy/Dockerfile without an engine: `image.py lint` reads it, `image.py build` runs its steps below a temporary folder.

What `build` does is what the engine would do, except that the base image is this machine's Python and users are not changed:
the packages are installed by hash, the wheel is built and installed, then the command is started as the image starts it and
asked for its health by the image's own check.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "deploy" / "Dockerfile"
SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)
# Paths of the image, which lie below the temporary folder here.
PLACES = re.compile(r"(?<![\w./-])/(opt|src|wheels|var/lib/huwen|etc/huwen)\b")
# What only an engine can do.
SKIPPED = ("useradd ", "install -d ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instruction of the file."""

    name: str
    value: str

    @property
    def words(self) -> list[str]:
        """The value's parts: of a JSON list, or as a shell would see them."""
        found: list[str] = json.loads(self.value) if self.value.startswith("[") else shlex.split(self.value)
        return found


def steps(text: str) -> list[Step]:
    """Return the instructions, continued lines joined, comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [
        Step(name=name, value=value.strip()) for name, _, value in (line.partition(" ") for line in joined.splitlines())
    ]


def problems(found: list[Step]) -> list[str]:
    """Return what is wrong with the file."""
    last = max(number for number, step in enumerate(found) if step.name == "FROM")
    final = {step.name: step for step in found[last:]}
    rows = [_problem(step) for step in found]
    rows += [
        f"the last stage has no {name}"
        for name in ("USER", "HEALTHCHECK", "ENTRYPOINT", "STOPSIGNAL")
        if name not in final
    ]
    if "USER" in final and not re.fullmatch(r"[1-9]\d*:[1-9]\d*", final["USER"].value):
        rows.append("USER is not a number that is not 0")
    if "ENTRYPOINT" in final and not final["ENTRYPOINT"].value.startswith("["):
        rows.append("a shell stands between the engine and the program: signals are lost")
    return [row for row in rows if row is not None]


def _problem(step: Step) -> str | None:
    if step.name == "FROM" and (":" not in step.value or ":latest" in step.value):
        return f"`{step.value}` may be another image tomorrow"
    if step.name == "ADD":
        return "ADD fetches and unpacks; use COPY"
    if step.name in ("ENV", "ARG") and SECRET.search(step.value):
        return f"{step.name} keeps a secret in the image"
    if step.name == "RUN" and re.search(r"\b(curl|wget|apt-get|sudo)\b", step.value):
        return f"`{step.value}` fetches what nothing vouches for"
    if step.name == "RUN" and "pip install" in step.value and not re.search(r"--require-hashes|--no-index", step.value):
        return f"`{step.value}` installs without hashes"
    if step.name == "COPY" and "--from" not in step.value:
        missing = [word for word in step.words[:-1] if not (ROOT / word).exists() or not _is_sent(word)]
        return f"COPY of {missing}, which are not sent to the builder" if missing else None
    return None


def _is_sent(path: str) -> bool:
    rules = FILE.with_name("Dockerfile.dockerignore").read_text("utf-8").split()
    return any(path == rule[1:] or path.startswith(f"{rule[1:]}/") for rule in rules if rule.startswith("!"))


def build(found: list[Step], root: Path) -> None:
    """Run the steps below a folder."""
    folder = root
    for step in found:
        if step.name == "WORKDIR":
            folder = Path(below(step.value, root))
            folder.mkdir(parents=True, exist_ok=True)
        elif step.name == "COPY" and "--from" not in step.value:
            *sources, target = step.words
            for source in sources:
                copy(
                    ROOT / source,
                    (folder / target) if len(sources) == 1 and target != "./" else folder / Path(source).name,
                )
        elif step.name == "RUN" and not step.value.startswith(SKIPPED):
            print("RUN", step.value, flush=True)
            environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
            subprocess.run(["/bin/sh", "-c", below(step.value, root)], cwd=folder, env=environment, check=True)


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder without what only this machine has."""
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".huwen*"))
    else:
        shutil.copyfile(source, target)


def below(command: str, root: Path) -> str:
    """Return a command or path with the image's places put below a folder."""
    return PLACES.sub(lambda found: f"{root}/{found[1]}", command)


def started(found: list[Step], root: Path) -> None:
    """Make an index and a key, start the image's command, ask its health check, and stop it as an engine does."""
    final = {step.name: step for step in found}
    (root / "var/lib/huwen").mkdir(parents=True, exist_ok=True)
    (root / "etc/huwen").mkdir(parents=True)
    port = "18431"
    environment = {"PATH": f"{root}/opt/huwen/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    folder = root / "var/lib/huwen"

    def run(*words: str) -> None:
        subprocess.run(words, cwd=folder, env=environment, check=True)

    run("huwen", "index", "sync", str(ROOT / "samples" / "articles"), "--index", str(folder / "index"), "--quiet")
    run("huwen", "keys", "create", "reader", "--keys", str(root / "etc/huwen/keys.json"))
    command = [below(word, root).replace("8000", port) for word in [*final["ENTRYPOINT"].words, *final["CMD"].words]]
    check = json.loads(final["HEALTHCHECK"].value.partition("CMD ")[2])
    with subprocess.Popen(command, cwd=folder, env=environment) as process:
        try:
            healthy = False
            for _ in range(60):
                time.sleep(0.5)
                words = [below(word, root).replace("8000", port) for word in check]
                healthy = not subprocess.run(
                    words, check=False, cwd=folder, env=environment, capture_output=True
                ).returncode
                if healthy:
                    break
            if not healthy:
                raise SystemExit("the image's health check never passed")
        finally:
            process.terminate()
            process.wait(60)
    print("started, healthy, stopped")


def main(what: str) -> int:
    """Print what is wrong; `build` also builds and starts."""
    found = steps(FILE.read_text("utf-8"))
    rows = problems(found)
    print(*rows or [f"{FILE.relative_to(ROOT)}: {len(found)} instructions, nothing wrong"], sep="\n")
    if what == "build" and not rows:
        with tempfile.TemporaryDirectory() as folder:
            build(found, Path(folder))
            started(found, Path(folder))
    return 1 if rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "lint"))
