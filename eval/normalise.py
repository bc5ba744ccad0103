"""What counts as the same words, figures and dates in the evaluation; it shares no code with the answerer."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from eval.dates import unify_dates
from eval.numerals import digits, written_out

THOUSANDS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
TRAILING_ZEROS = re.compile(r"(?<![0-9.])([0-9]+)(?:\.0+|(\.[0-9]*[1-9])0+)(?![0-9.])")
PERCENT = re.compile(r"百分之 ?([0-9]+(?:\.[0-9]+)?)")
PERCENT_WORD = re.compile(r"([0-9]) ?(?:percent|per cent|pct)\b(?! ?age)")
POINTS = re.compile(r"(?<=[0-9]) ?(?:个百分点|percentage points?|个点)")
FRACTION = re.compile(r"([0-9]+)分之([0-9]+)")
YUAN = re.compile(r"(?<=[0-9]) ?(?:yuan|rmb|cny)\b")
RANGE = re.compile(r"(?<=[0-9年月日%]) ?(?:[—–~―－-]+|至|到) ?(?=[0-9])")
# Separators go, except signs inside a figure; between two Latin or number words a space stays.
SEPARATOR = re.compile(r"(?:(?<![0-9])[.:/-]|[.:/-](?![0-9])|[^\w.:/%‰-]|_)+")
LOOSE_SPACE = re.compile(r"(?<![a-z0-9%]) | (?![a-z0-9])")
TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?%?|[\u3400-\u9fff]|[^\W0-9_\u3400-\u9fff]+")
DATE = r"(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{4}年"
FIGURE = re.compile(rf"{DATE}|[0-9]+:[0-9]{{2}}|[0-9]+(?:\.[0-9]+)?[%‰]?")
LABEL = re.compile(r"\[[0-9]+\]")
# A question's passages are read by several metrics.
REMEMBERED = 4_096
# Longer words may be stems, `licen` for licence and license.
SHORT_WORD = re.compile(r"(?<![a-z])[a-z]{1,3}$")
ENUMERATOR = re.compile(r"^\s*(?:[-*•]\s+)?(?:[（(]?[0-9]{1,2}[)）]|[0-9]{1,2}(?:、|\.(?![0-9])))", re.MULTILINE)


# The numbers of an address are no figures.
ADDRESS = re.compile(r"https?://[\w./:?&=%#~+-]+|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\d.])")


@lru_cache(maxsize=REMEMBERED)
def normalise(text: str) -> str:
    """Return one spelling for all spellings of a text.

    NFKC, case, traditional to simplified, numerals and 万, 亿, “billion” to digits, percentages to `%`, dates and times
    to one form, then no punctuation and no white space but one space between two Latin or number words.
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_simplified())
    text = THOUSANDS.sub(lambda match: match.group().replace(",", ""), text)
    text = TRAILING_ZEROS.sub(r"\1\2", written_out(text))
    text = FRACTION.sub(r"\2/\1", PERCENT.sub(r"\1%", digits(text)))
    text = YUAN.sub("元", PERCENT_WORD.sub(r"\1%", POINTS.sub("百分点", text)))
    text = RANGE.sub("-", unify_dates(text))
    return LOOSE_SPACE.sub("", SEPARATOR.sub(" ", text)).strip()


def contains(normalised: str, *, form: str) -> bool:
    """Tell whether a normalised text holds a form as a whole: no `5%` in `15%`, `57` in `57%`, `ai` in `said`."""
    wanted = normalise(form)
    return bool(wanted) and re.search(_bounded(wanted), normalised) is not None


def tokens(text: str) -> list[str]:
    """Split the normalised text: one Chinese character, one Latin word or one number each."""
    return TOKEN.findall(normalise(text))


def figures(text: str) -> list[str]:
    """Return an answer's numbers, percentages, dates and times, normalised, in order; no labels, list numbers, web addresses."""
    return FIGURE.findall(normalise(ENUMERATOR.sub("", LABEL.sub("", ADDRESS.sub(" ", text)))))


@cache
def _bounded(wanted: str) -> str:
    """Return the form's pattern: no digit may go on at either end, nor a letter before it or after a short last word."""
    before = r"(?<![0-9])(?<![0-9]\.)" if wanted[0].isdigit() else r"(?<![a-z])" if wanted[0].isascii() else ""
    short = SHORT_WORD.search(wanted) is not None
    after = r"(?![0-9]|\.[0-9]|[%‰])" if wanted[-1].isdigit() else r"(?![a-z])" if short else ""
    return before + re.escape(wanted) + after


@cache
def _simplified() -> dict[int, str]:
    """Map traditional characters to simplified ones; the table is derived from CC-CEDICT's paired headwords."""
    traditional, simplified = resources.files("eval").joinpath("simplified.txt").read_text("utf-8").split()
    return dict(zip(map(ord, traditional), simplified, strict=True))
