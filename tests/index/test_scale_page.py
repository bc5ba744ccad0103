"""The pages on benchmarks and scale: their figures come from the scripts that they name."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bench.suite import curve, slope
from tests.conftest import ROOT


def test_the_table_of_sizes_is_what_the_simulation_prints() -> None:
    script = str(ROOT / "bench" / "scale_simulate.py")
    printed = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True).stdout.strip()
    assert printed.count("\n") == 11
    assert printed in (ROOT / "docs" / "scale.md").read_text("utf-8"), "run python bench/scale_simulate.py --write"


def test_each_constant_says_where_it_comes_from() -> None:
    held = json.loads((ROOT / "bench" / "constants.json").read_text("utf-8"))
    for name, row in held.items():
        assert set(row) == {"value", "unit", "from"}, name
        assert row["from"].startswith(("measured: ", "assumed: ", "set: ")), name


def test_slopes_are_exponents_of_growth() -> None:
    rows = [{"chunks": size, "flat": 3.0, "linear": {"p50": size / 7}} for size in (1_000, 10_000, 100_000)]
    assert slope(rows, "flat") == pytest.approx(0.0)
    assert slope(rows, "linear") == pytest.approx(1.0)
    assert curve(rows, "linear", "time").count("<circle") == 3
