"""The report's words in Chinese and English, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eval.gate import Finding
    from rag.types import Lang

WORDS: Mapping[str, Mapping[Lang, str]] = {
    "title": {"zh": "答案质量", "en": "Answer quality"},
    "passed": {"zh": "通过", "en": "Passed"},
    "regressed": {"zh": "退步", "en": "Regressed"},
    "unjudged": {"zh": "未与以前比较", "en": "Not compared"},
    "questions": {"zh": "道题", "en": "questions"},
    "failed_count": {"zh": "道出错", "en": "failed to run"},
    "bad_rows": {"zh": "行读不出", "en": "unreadable rows"},
    "against": {"zh": "比较对象", "en": "compared with"},
    "why": {"zh": "退步的理由", "en": "Why it does not pass"},
    "headline": {"zh": "主要数字", "en": "Headline numbers"},
    "headline_note": {
        "zh": "括号内是 95% 区间（按文章成组重抽样），箭头是与上次被接受的运行之差。",
        "en": "In brackets the 95% interval (whole article clusters resampled); arrows are the change since the last "
        "accepted run.",
    },
    "trends": {"zh": "走势", "en": "Over the nights"},
    "trends_short": {"zh": "再运行几晚，这里就有走势图。", "en": "A few more nights and the lines appear here."},
    "slices": {"zh": "分组", "en": "By kind of question"},
    "slice": {"zh": "组", "en": "slice"},
    "flips": {"zh": "翻转的题", "en": "Questions that flipped"},
    "broken": {"zh": "由对变错", "en": "Right before, wrong now"},
    "mended": {"zh": "由错变对", "en": "Wrong before, right now"},
    "no_flips": {"zh": "没有题目翻转。", "en": "No question flipped."},
    "before": {"zh": "以前", "en": "Before"},
    "now": {"zh": "现在", "en": "Now"},
    "failures": {"zh": "答错的题，按原因", "en": "What went wrong, by cause"},
    "right_ones": {"zh": "答对的题", "en": "Answered rightly"},
    "unscored": {"zh": "无从评分的题", "en": "Could not be scored"},
    "reference": {"zh": "参考答案", "en": "Reference"},
    "answer": {"zh": "答案", "en": "Answer"},
    "points": {"zh": "要点", "en": "Key points"},
    "passages": {"zh": "检索到的段落", "en": "Passages found"},
    "gold": {"zh": "标准页", "en": "gold page"},
    "cited": {"zh": "已引用", "en": "cited"},
    "refused": {"zh": "拒答", "en": "Refused"},
    "unanswerable": {"zh": "语料里没有答案，应当拒答", "en": "Not in the corpus: should be refused"},
    "conditions": {"zh": "运行条件", "en": "Conditions of this run"},
    "changed": {"zh": "与上次不同的条件", "en": "Conditions that differ"},
    "tests": {"zh": "逐题检验", "en": "Question by question"},
    "metric": {"zh": "指标", "en": "metric"},
    "old": {"zh": "旧", "en": "old"},
    "new": {"zh": "新", "en": "new"},
    "wins": {"zh": "升 / 降", "en": "up / down"},
    "detectable": {"zh": "可察觉的最小下降", "en": "smallest drop it can see"},
    "none": {"zh": "无", "en": "none"},
}

METRICS: Mapping[str, Mapping[Lang, str]] = {
    "answer_accuracy": {"zh": "答案正确率", "en": "Answer accuracy"},
    "key_point_recall": {"zh": "要点召回", "en": "Key-point recall"},
    "recall@1": {"zh": "页召回@1", "en": "Page recall@1"},
    "recall@5": {"zh": "页召回@5", "en": "Page recall@5"},
    "recall@10": {"zh": "页召回@10", "en": "Page recall@10"},
    "span_recall@5": {"zh": "原句召回@5", "en": "Span recall@5"},
    "span_recall@10": {"zh": "原句召回@10", "en": "Span recall@10"},
    "mrr@10": {"zh": "MRR@10", "en": "MRR@10"},
    "ndcg@10": {"zh": "nDCG@10", "en": "nDCG@10"},
    "context_precision@10": {"zh": "段落精度", "en": "Context precision"},
    "citation_recall": {"zh": "引文召回", "en": "Citation recall"},
    "citation_precision": {"zh": "引文精度", "en": "Citation precision"},
    "citation_validity": {"zh": "引文有效率", "en": "Citation validity"},
    "figure_grounding": {"zh": "数字有据率", "en": "Figures grounded"},
    "sentences_held": {"zh": "草稿句通过率", "en": "Drafted sentences held"},
    "fallbacks": {"zh": "退回摘录率", "en": "Fallbacks"},
    "refusal_recall": {"zh": "该拒即拒", "en": "Refusal recall"},
    "false_refusals": {"zh": "误拒率", "en": "False refusals"},
    "char_f1": {"zh": "字 F1", "en": "Character F1"},
    "key_points_per_100_chars": {"zh": "每百字要点", "en": "Key points / 100 chars"},
    "length_ratio": {"zh": "篇幅比", "en": "Length ratio"},
    "confidence_auroc": {"zh": "信心 AUROC", "en": "Confidence AUROC"},
    "risk_coverage_area": {"zh": "风险覆盖面积", "en": "Risk-coverage area"},
    "cross_lingual_ratio": {"zh": "跨语言比", "en": "Cross-lingual ratio"},
    "determinism": {"zh": "可重复率", "en": "Determinism"},
}

# What a finding of the gate points at, by the code in `eval.gate`.
POINTS_AT: Mapping[str, Mapping[Lang, str]] = {
    "answers": {"zh": "答案变差", "en": "Answers got worse"},
    "content": {"zh": "答案说出的要点变少", "en": "Answers say less of what was asked"},
    "retrieval": {"zh": "检索变差", "en": "Retrieval got worse"},
    "support": {"zh": "句子得不到所引原文支持", "en": "Claims are not supported by what they cite"},
    "spare": {"zh": "引文多余或不支持", "en": "Citations are not needed or do not support"},
    "offsets": {"zh": "引文指不到原文", "en": "Citations do not lead to their quotes"},
    "figures": {"zh": "答案里的数字不在所引原文中", "en": "Figures in answers are not in the cited text"},
    "refusal": {"zh": "语料里没有答案的题被回答了", "en": "Unanswerable questions are answered"},
    "repeat": {"zh": "同一问题两次答案不同", "en": "The same question gets two answers"},
    "lexical": {"zh": "同语言检索：分词或词法检索", "en": "Retrieval in one language: tokens or the lexical arm"},
    "dense": {"zh": "跨语言检索：向量检索或翻译", "en": "Retrieval across languages: the dense arm or translation"},
    "floor": {"zh": "低于这一组的下限", "en": "Below the floor of this slice"},
}

RULES: Mapping[str, Mapping[Lang, str]] = {
    "more than 2 points": {"zh": "降幅超过 2 个百分点", "en": "more than 2 points"},
    "any drop fails": {"zh": "任何下降都不放过", "en": "any drop fails"},
}

CAUSE_NAMES: Mapping[str, Mapping[Lang, str]] = {
    "failed": {"zh": "运行出错", "en": "Failed to run"},
    "not_retrieved": {"zh": "没有检索到", "en": "Not retrieved"},
    "not_picked": {"zh": "检索到而未选用", "en": "Retrieved but not picked"},
    "wrong_figure": {"zh": "数字有误", "en": "Wrong figure"},
    "wrongly_refused": {"zh": "误拒", "en": "Wrongly refused"},
    "wrongly_answered": {"zh": "该拒未拒", "en": "Wrongly answered"},
}


def metric_name(metric: str, *, lang: Lang) -> str:
    """Return a metric's name for people; one without a name shows its own."""
    return METRICS.get(metric, {}).get(lang, metric)


def finding_text(finding: Finding, *, lang: Lang) -> str:
    """Return one reason of the gate as a sentence."""
    where = f" ({finding.where})" if finding.where else ""
    before = "" if finding.old is None else f"{100 * finding.old:.1f}% → "
    after = "–" if finding.new is None else f"{100 * finding.new:.1f}%"
    name = metric_name(finding.metric, lang=lang)
    rule = RULES.get(finding.rule, {}).get(lang, finding.rule)
    return f"{POINTS_AT[finding.points_at][lang]}: {name}{where} {before}{after}, {rule}"


def report_lang(locale: str) -> Lang:
    """Return the language that a `LANG` value asks for: Chinese, else English."""
    return "zh" if locale.lower().startswith("zh") else "en"
