"""A small shelf of articles that answers by quoting its best sentence, for tests of the harness itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest

from eval.manifest import Commit
from eval.normalise import tokens
from eval.questions import Question, QuestionSet
from eval.sentences import sentences
from rag.errors import NotFoundError
from rag.types import Answer, Article, Citation, Claim, IndexStatus, Passage
from rag.types import Question as Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eval.assistant import Assistant
    from rag.types import Filters, Turn

TEXTS = {
    "p1": "上海2023年战略性新兴产业占比为43.9%。全市生产总值4.72万亿元。",
    "p2": "前三季度上海全市生产总值40721.17亿元，同比增长5.5%。",
    "p3": "时尚消费品项目网上申报截止时间为11月9日17:00。申报材料一式两份。",
    "p4": "模速空间已有57家企业入驻。",
}


@dataclass(slots=True, kw_only=True)
class Shelf:
    """An `eval.assistant.Assistant`: a question in `broken` raises, one that shares too few words is refused."""

    texts: dict[str, str]
    broken: frozenset[str] = frozenset()
    llm: str = "extractive"
    asked: int = 0

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: date | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        self.asked += 1
        if question in self.broken:
            raise RuntimeError("planted")
        wanted = set(tokens(question))
        ranked = sorted(self.texts, key=lambda page: (-len(wanted & set(tokens(self.texts[page]))), page))
        best = ranked[0]
        text = self.texts[best]
        span = max(sentences(text), key=lambda row: len(wanted & set(tokens(text[row.start : row.end]))))
        quote = text[span.start : span.end]
        known = len(wanted & set(tokens(quote))) >= len(wanted) / 3
        passages = tuple(
            Passage(
                rank=rank,
                chunk_id=f"{page}:0",
                article_id=page,
                page_id=page,
                score=1 / rank,
                title=page,
                header=page,
                text=self.texts[page],
                start=0,
                lang="zh",
                label=1 if known and page == best else None,
            )
            for rank, page in enumerate(ranked[:8], start=1)
        )
        asked = Asked(text=question, lang="zh", as_of=as_of)
        if not known:
            return Answer(
                question=asked,
                status="refused",
                reason="no_evidence",
                text="没有。",
                confidence=0.1,
                passages=passages,
                llm=self.llm,
            )
        return Answer(
            question=asked,
            status="answered",
            text=f"{quote}[1]",
            confidence=0.9,
            passages=passages,
            llm=self.llm,
            citations=(
                Citation(
                    label=1, article_id=best, page_id=best, title=best, quote=quote, start=span.start, end=span.end
                ),
            ),
            claims=(Claim(text=quote, labels=(1,), supported=True),),
            timings_ms={"total": 1.0 + self.asked / 100},
        )

    def article(self, article_id: str) -> Article:
        if article_id not in self.texts:
            raise NotFoundError(f"no article `{article_id}`")
        return self._article(article_id)

    def page_articles(self, page_id_prefix: str) -> list[Article]:
        return [self._article(page) for page in self.texts if page.startswith(page_id_prefix)]

    def status(self) -> IndexStatus:
        return IndexStatus(
            revision=1,
            embedder="none",
            roots=(),
            pages=len(self.texts),
            articles=len(self.texts),
            chunks=len(self.texts),
            newest=date(2025, 11, 11),
            groups=(),
            flags={},
            skipped=(),
        )

    def _article(self, page: str) -> Article:
        return Article(article_id=page, page_id=page, title=page, text=self.texts[page], source_path=page, lang="zh")


@pytest.fixture
def shelf() -> Assistant:
    """The shelf with its four articles."""
    return Shelf(texts=dict(TEXTS))


@pytest.fixture
def worse_shelf() -> Assistant:
    """A shelf where one figure was misprinted."""
    return Shelf(texts=TEXTS | {"p4": TEXTS["p4"].replace("57", "75")})


@pytest.fixture
def broken_shelf() -> Callable[[str], Assistant]:
    """A shelf that raises when it is asked that question."""
    return lambda question: Shelf(texts=dict(TEXTS), broken=frozenset({question}))


@pytest.fixture
def question_set() -> QuestionSet:
    """Four answerable questions and one unanswerable about the shelf."""
    rows = [
        ("q1", "上海2023年战略性新兴产业占比是多少？", [["43.9%"]], ["p1"]),
        ("q2", "前三季度上海生产总值是多少？", [["40721.17亿元"], ["5.5%"]], ["p2"]),
        ("q3", "时尚消费品项目网上申报截止时间是什么时候？", [["11月9日17时"]], ["p3"]),
        ("q4", "模速空间有多少家企业？", [["57家"]], ["p4"]),
    ]
    questions = [
        Question.model_validate(
            {
                "id": key,
                "question": text,
                "lang": "zh",
                "type": "fact",
                "key_points": points,
                "gold": gold,
                "answer": text,
            }
        )
        for key, text, points, gold in rows
    ]
    refusable = Question.model_validate(
        {"id": "q5", "question": "火星移民法何时公布？", "lang": "zh", "type": "unanswerable", "answerable": False}
    )
    return QuestionSet(name="shelf", questions=(*questions, refusable), bad=(), files=())


@pytest.fixture
def same_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files may be edited while tests run; a run goes on only under the commit that it began with."""
    monkeypatch.setattr("eval.manifest.current_commit", lambda: Commit(name="abc", dirty=False))
