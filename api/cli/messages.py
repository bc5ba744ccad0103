"""What the command line says in its own words, Chinese and English; what an answer says is the answer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types import Lang

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's sentences; braces name what is filled in."""

    error: str
    usage: str
    unexpected: str
    sources: str
    nearest: str
    notice: str
    missing: str
    no_date: str
    no_hits: str
    nothing_changed: str
    synced: str
    skipped: str
    syncing: str
    status: str
    prompt_none: str
    serving: str
    verified: str
    repair_hint: str
    repaired: str
    lost: str
    chat_hint: str
    chat_help: str
    chat_unknown: str
    chat_no_label: str
    chat_nothing_asked: str
    chat_limits: str
    chat_no_limits: str
    chat_kept: str


WORDS: Mapping[Lang, Words] = {
    "zh": Words(
        error="错误：",
        usage="用法：",
        unexpected="意外的错误（{what}）；设 {variable}=1 再运行一次可看到详情",
        sources="来源",
        nearest="最接近的文章",
        notice="注意：",
        missing="未能回答：",
        no_date="无日期",
        no_hits="没有找到相关段落。",
        nothing_changed="没有变化：{unchanged} 页，第 {revision} 版",
        synced="新增 {added} 页，更新 {updated} 页，删除 {removed} 页，未变 {unchanged} 页；第 {revision} 版",
        skipped="未读入：{what}",
        syncing="已处理 {files}/{total} 个文件，{chunks} 段",
        status="第 {revision} 版：{articles} 篇文章（{pages} 页，{chunks} 段），最新一篇 {newest}",
        prompt_none="`{llm}` 不用提示词。",
        serving="沪问已启动：{url}（按 Ctrl-C 停止）",
        verified="索引完好",
        repair_hint="请运行 `huwen index repair --index {index}`",
        repaired="已修复；第 {revision} 版",
        lost="{count} 页未能恢复；请运行 `huwen index sync --index {index}` 重新读入",
        chat_hint="请提问；/help 列出命令，Ctrl-D 结束。",
        chat_help="""/sources        再看上一个回答的来源
/open N         打开第 N 号来源的全文，引文反白
/since 日期     只看这一天及以后的文章；不写日期则取消（/until、/source 同理）
/model [SPEC]   换一个模型（extractive 或 openai:MODEL）；不写则显示当前的
/wrong [说明]   记下上一个回答有误，留待补成评测题
/new            重新开始对话
/quit           结束
行末的 \\ 表示下一行接着写""",
        chat_unknown="没有 `{typed}` 这个命令；/help 列出全部",
        chat_no_label="上一个回答没有第 `{label}` 号来源；/sources 列出来源",
        chat_nothing_asked="还没有问过问题",
        chat_limits="现在只看：{limits}（不带内容再写一次则取消）",
        chat_no_limits="不限日期与来源",
        chat_kept="已记为 {draft}，在 {drafts}",
    ),
    "en": Words(
        error="Error: ",
        usage="Usage: ",
        unexpected="unexpected failure ({what}); run again with {variable}=1 to see where",
        sources="Sources",
        nearest="Closest articles",
        notice="Note: ",
        missing="Not answered: ",
        no_date="no date",
        no_hits="No passage was found.",
        nothing_changed="nothing changed: {unchanged} pages, revision {revision}",
        synced="{added} added, {updated} updated, {removed} removed, {unchanged} unchanged; revision {revision}",
        skipped="not read: {what}",
        syncing="{files}/{total} files, {chunks} chunks",
        status="revision {revision}: {articles} articles ({pages} pages, {chunks} chunks), the newest of {newest}",
        prompt_none="`{llm}` uses no prompt.",
        serving="Huwen is serving at {url} (Ctrl-C stops it)",
        verified="the index is whole",
        repair_hint="run `huwen index repair --index {index}`",
        repaired="repaired; revision {revision}",
        lost="{count} pages could not be saved; run `huwen index sync --index {index}` to read them again",
        chat_hint="Ask away; /help lists the commands, Ctrl-D ends.",
        chat_help="""/sources        the sources of the last answer again
/open N         the whole article behind number N, its quotes in reverse
/since DAY      only articles of this day or later; without a day no limit (/until and /source likewise)
/model [SPEC]   let another model answer (extractive, openai:MODEL); without a name say which one does
/wrong [NOTE]   keep the last question as one whose answer is wrong
/new            start the conversation over
/quit           end it
A line that ends in \\ goes on in the next""",
        chat_unknown="there is no command `{typed}`; /help lists them",
        chat_no_label="the last answer has no source number `{label}`; /sources lists them",
        chat_nothing_asked="nothing was asked yet",
        chat_limits="limits now: {limits} (say it without a value to lift it)",
        chat_no_limits="no limit of date or source",
        chat_kept="kept as {draft} in {drafts}",
    ),
}


def words(environment: Mapping[str, str]) -> Words:
    """Return the sentences in the language that the environment's locale asks for."""
    return WORDS[locale_lang(environment)]


def locale_lang(environment: Mapping[str, str]) -> Lang:
    """Return `zh` under a Chinese locale, else `en`."""
    chosen = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
