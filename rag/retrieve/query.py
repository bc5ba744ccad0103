"""The words of a question that say what is wanted, without those that only make it a question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.types import Lang

# Longest first, since a regular expression takes the first alternative that matches.
_ZH_FRAME = re.compile(
    "|".join(
        sorted(
            (
                "请问 请告诉我 请介绍 介绍一下 告诉我 我想知道 想了解 请列出 列出 帮我 是什么时候 什么时候 什么时间 "
                "什么地方 在哪里 在哪儿 哪里 哪儿 是什么 有什么 什么样 为什么 什么 是多少 有多少 多少 是几 几个 几家 几项 "
                "有哪些 是哪些 包括哪些 哪些 是哪个 哪个 哪一 哪家 哪位 哪年 哪天 哪 是谁 谁 怎么样 怎样 怎么 如何 "
                "是否 是不是 有没有 能不能 可不可以 吗 呢 吧 啊 呀 的话"
            ).split(),
            key=len,
            reverse=True,
        )
    )
)
_EN_FRAME = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|many|much|is|are|was|were|be|been|do|does|did|has|have|had|will|"
    r"would|can|could|should|the|a|an|of|in|on|at|to|for|by|from|with|and|or|there|it|its|that|this|these|those|me|tell|"
    r"please|about|list|give|say)\b(?:'s)?",
    re.IGNORECASE,
)


def content_words(text: str, *, lang: Lang) -> str:
    """Return the question with its frame (请问, 是多少, “how many”) replaced by spaces; itself where nothing is left."""
    bare = (_ZH_FRAME if lang == "zh" else _EN_FRAME).sub(" ", text)
    return bare if any(char.isalnum() for char in bare) else text
