"""Groups of articles that tell one story, and what differs inside one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.differences import differences
from rag.ingest.duplicates import folded_body, story_groups
from rag.ingest.read import read_pages
from rag.ingest.shingles import LENGTH, containment, shingles
from rag.ingest.split import split_page
from rag.types import Article

STORY = (
    "江湾老船厂停工十一年之后重新亮灯。如今这里有三条装配线，一年能交付内河电动船四十六艘。"
    "厂长唐墨说，车间里的焊工减少了四成，会写程序的人却增加了一百二十名。"
    "他们让船体误差控制在0.8毫米以内，这在过去想都不敢想。下一步，厂里打算把经验带到另外两座船厂。"
)
OTHER = (
    "湖滨步道最后一段正在铺装，预计本月底完工，届时全长十二公里的环湖线将全部贯通。"
    "园林局表示，步道旁还将建成四座驿站，提供饮水、充电和雨具，全部免费使用。市民可以从六个入口进入。"
)


def article(article_id: str, text: str, flags: tuple[str, ...] = ()) -> Article:
    return Article(
        article_id=article_id, page_id=article_id, title=article_id, text=text, source_path="a", lang="zh", flags=flags
    )


def test_an_edited_reprint_is_grouped_with_its_original_whatever_its_marks() -> None:
    reprint = STORY.replace("，", ",").replace("唐墨", "唐曌").replace("下一步", "接下来")
    assert story_groups([article("a", STORY), article("b", OTHER), article("c", reprint)]) == (("a", "c"),)


def test_a_digest_that_quotes_a_story_whole_is_not_grouped_with_it() -> None:
    assert story_groups([article("a", STORY), article("d", f"{OTHER * 3}{STORY}")]) == ()
    assert story_groups([article("a", STORY), article("d", STORY, flags=("digest",))]) == ()


def test_nothing_gives_no_groups() -> None:
    assert story_groups([]) == ()
    assert story_groups([article("a", ""), article("b", "")]) == ()


def test_spellings_and_sentences_of_one_side_are_told() -> None:
    first = f"{STORY}这是新年的愿望，每个人都这样说。"
    second = f"{STORY.replace('唐墨', '唐曌').replace('，', ',')}图为老船厂的夜景，远处是新桥。"
    found = differences(article("a", first), article("b", second))
    assert found.spellings == (("唐墨", "唐曌"),)
    assert found.only_first == ("这是新年的愿望，每个人都这样说。",)
    assert found.only_second == ("图为老船厂的夜景，远处是新桥。",)


def test_equal_articles_do_not_differ() -> None:
    found = differences(article("a", STORY), article("b", STORY.replace("，", ",")))
    assert (found.spellings, found.edited, found.only_first, found.only_second) == ((), (), (), ())


@given(
    st.text(alphabet="江湾老船厂停工十一年之后", max_size=60), st.text(alphabet="江湾老船厂停工十一年之后", max_size=60)
)
def test_containment_is_that_of_the_sets_of_shingles(one: str, other: str) -> None:
    here = {one[at : at + LENGTH] for at in range(len(one) - LENGTH + 1)}
    there = {other[at : at + LENGTH] for at in range(len(other) - LENGTH + 1)}
    expected = len(here & there) / len(here) if here else 0.0
    assert containment(shingles(one), shingles(other)) == expected


def test_the_two_real_prints_of_one_story_are_one_group_and_their_differences_are_told() -> None:
    folder = os.environ.get("HUWEN_CORPUS")
    if folder is None:
        pytest.skip("HUWEN_CORPUS is not set")
    pages = [page for path in sorted(Path(folder).iterdir()) for page in read_pages(path)]
    articles = {row.article_id: row for page in pages for row in split_page(page, {})}
    (group,) = story_groups(list(articles.values()))
    assert [article_id[:3] for article_id in group] == ["000", "001"]
    found = differences(articles[group[0]], articles[group[1]])
    assert any("墨" in one and "曌" in other for one, other in found.spellings)
    assert sum("说" in row for row in found.only_first) >= 2


def test_folded_bodies_hold_no_marks() -> None:
    assert folded_body("ＡＩ，“大模型” 1.5！") == "ai大模型15"
