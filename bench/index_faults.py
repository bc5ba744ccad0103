"""Makes one commit's every I/O operation fail in turn: no space, an I/O error, a short write; needs a C compiler.

usage: index_faults.py [--every 1]
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

LIBRARY = "HUWEN_FAULTS"
MODES = {"no space": (1, 0), "no space from then on": (1, 1), "I/O error": (2, 0), "short write": (3, 0)}
DONE, REFUSED = 0, 3


def main() -> int:
    """Run the trials in a process with the library preloaded; return 1 for a torn state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try each so-manieth operation only")
    options = parser.parse_args()
    if LIBRARY in os.environ:
        return trials(options.every, Path(os.environ[LIBRARY]))
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "faults.so"
        source = Path(__file__).with_suffix(".c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-w", "-o", library, source, "-ldl"], check=True)
        environment = os.environ | {LIBRARY: str(library), "LD_PRELOAD": str(library)}
        return subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode


def trials(every: int, library: Path) -> int:
    """Count the operations of a commit, then let each fail in a process of its own."""
    from index_pages import contents, put

    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base"
        before = {f"p{n}": f"text {n} one\ntext {n} two" for n in range(30)}
        put(base, before)
        change = {"p1": "changed one", "new": "quite new\nand more"}
        after = before | change
        after.pop("p2")
        operations = run(base, change, library, at=0, how=0, stay=0, report=Path(folder) / "count")[1]
        shutil.rmtree(base)
        put(base, before)
        outcomes: Counter[str] = Counter()
        for name, (how, stay) in MODES.items():
            for at in range(1, operations + 1, every):
                index = Path(folder) / "index"
                shutil.copytree(base, index)
                code, _ = run(index, change, library, at=at, how=how, stay=stay, report=Path(folder) / "count")
                found = contents(index)
                state = "before" if found == before else "after" if found == after else "TORN"
                outcomes[f"{name}: {'done' if code == DONE else 'refused'}, revision {state}"] += 1
                bad = state == "TORN" or code not in (DONE, REFUSED) or (code == DONE and state != "after")
                put(index, change, remove=["p2"])
                if bad or contents(index) != after:
                    print(f"{name} at operation {at} of {operations}: exit {code}, revision {state}")
                    return 1
                shutil.rmtree(index)
    for name, count in sorted(outcomes.items()):
        print(f"{count:5d}  {name}")
    print(f"{operations} operations in a commit, every {every}: 0 torn states, {time.monotonic() - started:.0f} s")
    return 0


def run(
    index: Path, change: dict[str, str], library: Path, *, at: int, how: int, stay: int, report: Path
) -> tuple[int, int]:
    """Put the change in a process of its own with the fault armed; return its exit code and its operations."""
    from index_pages import put

    from rag.errors import HuwenError

    process = os.fork()
    if process == 0:
        code = 1
        try:
            faults = ctypes.CDLL(str(library))
            faults.fault_arm(str(index).encode(), at, how, stay)
            try:
                put(index, change, remove=["p2"])
                code = DONE
            except HuwenError as error:
                code = REFUSED if str(index) in str(error) else 4
            seen = faults.fault_count()
            faults.fault_arm(b"/nowhere", 0, 0, 0)
            report.write_text(str(seen))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the result of the trial
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            os._exit(code)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), int(report.read_text())


if __name__ == "__main__":
    sys.exit(main())
