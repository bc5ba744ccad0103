"""Feeds the text layer strings grown for new coverage, `python bench/text_fuzz.py --minutes 10`, and stops at the first fault.

A fault is an exception, overlapping marks, a span outside the text, offsets that do not lead back, or a run that takes more
than linear time. It needs atheris; without it, mutations of a few seeds are tried at random, blind to coverage.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = (
    "截至2025年10月底，规模超1,234.5亿元，同比增长5.0个百分点；“十五五”期间翻两番，近300亿元。",
    "沪经信技〔2025〕270号、SJ-T 11894-2023，电话021-23112711转801，7：00—8：00，第3.2条（一）至（三）。",
    "In Q3 2025 revenue rose 5.5% to $4.07 billion, up from between 3 and 5 million; by Nov. 15 at 5 p.m., two-thirds.",
    "三千五百二十万余家，三分之二，百分之五至八，七八个，去年前三季度，上周五，近五年，二〇二五年十月二十八日",
    "《办法》（以下简称“办法”）不得超过１２．５％，A、B和C分别为1万元、2万元和3万元。https://a.b.cn/x?y=1 a@b.cn",
)
REFERENCE = date(2025, 11, 11)
# Longest run in seconds for one input, and for a repeated one of so many characters.
LIMIT = 2.0
LONG = 8_000
CHARACTERS = 300
REPEATED = 40


def main() -> int:
    """Run for the given minutes; the exit code is that of the fault, 0 for none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    try:
        import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        return _blind(chosen.minutes, seed=chosen.seed)
    with atheris.instrument_imports(include=["rag.text"]):
        check = _check()

    def one(data: bytes) -> None:
        check(
            atheris.FuzzedDataProvider(data).ConsumeUnicode(CHARACTERS)
            if data[:1] < b"\x40"
            else data.decode("utf-8", "ignore")
        )

    with tempfile.TemporaryDirectory() as folder:
        for at, seed in enumerate(SEEDS):
            Path(folder, str(at)).write_text(seed, "utf-8")
        limits = [
            f"-max_total_time={int(60 * chosen.minutes)}",
            f"-seed={chosen.seed}",
            "-max_len=900",
            f"-artifact_prefix={folder}/",
        ]
        atheris.Setup([sys.argv[0], *limits, folder], one)
        atheris.Fuzz()
    return 0


def _blind(minutes: float, *, seed: int) -> int:
    check, draw = _check(), random.Random(seed)  # noqa: S311
    letters = sorted(set("".join(SEEDS)) | set("千百億年０１〔〕…\u0301é\r\n"))
    end, count = time.monotonic() + 60 * minutes, 0
    while time.monotonic() < end:
        text = draw.choice(SEEDS)
        for _ in range(draw.randint(1, 8)):
            at, length = draw.randrange(len(text) + 1), draw.randint(0, 6)
            text = text[:at] + "".join(draw.choices(letters, k=draw.randint(0, 6))) + text[at + length :]
        check(text[:CHARACTERS])
        count += 1
    print(f"{count} inputs, no fault (without atheris: blind to coverage)")
    return 0


def _check() -> Callable[[str], None]:
    """Return the function that raises `AssertionError` at a fault; what it imports is instrumented."""
    from rag.text.direction import stances
    from rag.text.language import detect_lang
    from rag.text.marks import read_marks
    from rag.text.names import aliases_in, names_in
    from rag.text.normalise import fold, fold_with_offsets, level
    from rag.text.respectively import bind_respectively
    from rag.text.sentences import clause_spans, sentence_spans
    from rag.text.tokens import index_tokens

    readers: tuple[Callable[[str], object], ...] = (
        stances, detect_lang, aliases_in, names_in, bind_respectively, index_tokens, fold,
        lambda text: read_marks(text, reference=REFERENCE),
    )  # fmt: skip

    def check(text: str) -> None:
        folded = fold_with_offsets(text)
        assert folded.text == fold(text)
        assert len(folded.starts) == len(folded.text)
        assert fold(folded.text) == folded.text
        assert len(level(text)) == len(text)
        for spans in (sentence_spans(text), clause_spans(text), [mark.span for mark in read_marks(text)]):
            end = 0
            for span in spans:
                assert end <= span.start < span.end <= len(text), (span, text)
                end = span.end
        assert "".join("".join(text[span.start : span.end].split()) for span in sentence_spans(text)) == "".join(
            text.split()
        )
        for reader in readers:
            _timed(reader, text)
        # One short input in many is repeated, to see that time grows with the length alone.
        if text and len(text) < CHARACTERS // 10 and hash(text) % REPEATED == 0:
            for reader in (*readers, sentence_spans):
                _timed(reader, text * (LONG // len(text)))

    return check


def _timed(reader: Callable[[str], object], text: str) -> None:
    start = time.process_time()
    reader(text)
    spent = time.process_time() - start
    assert spent < LIMIT, f"{reader} took {spent:.1f} s for {len(text)} characters such as {text[:40]!r}"


if __name__ == "__main__":
    sys.exit(main())
