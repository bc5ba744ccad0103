// What the page says in its own words, Chinese and English.

const WORDS = {
  zh: {
    skip: "跳到提问", new: "新对话", past: "历史", forget: "全部清除", talk: "对话", article: "原文",
    lead: "每句话都能核对的回答",
    hint1: "回答中的每一句都带编号，点编号即可看到原文里的那一处。",
    hint2: "可以接着追问；也可以只看某段时间、某个来源的文章。",
    hint3: "文章里没有的，会直说没有，并列出最接近的几篇。",
    question: "问题", placeholder: "问一个问题", send: "提问", stop: "停止",
    limits: "限定日期与来源", since: "从", until: "到", source: "来源", close: "关闭",
    before: "上一处引文", after: "下一处引文",
    sources: "来源", nearest: "最接近的文章", missing: "未能回答：", notice: "注意：",
    refused: "未作回答", copy: "复制", copied: "已复制", wrong: "标记有误", marked: "已记下", retry: "重试", original: "原网页", open: "看原文",
    busy: "正在查找", done: "回答完毕", stopped: "已停止", failed: "没有成功：", offline: "连不上服务器；请看它是否在运行，再试一次", broken: "连接中断，回答没有写完；请重试", noDate: "无日期", empty: "还没有历史",
    corpus: (n, newest) => `${n} 篇文章${newest ? `，最新 ${newest}` : ""}`,
    latest: "最新的文章", about: "语料", articles: "文章", newest: "最新一篇", synced: "索引更新", names: "来源", revision: (n) => `第 ${n} 版`,
    skipped: (n) => `${n} 个文件未能读入`, rest: (n) => `等 ${n} 个来源`,
    add: "加入文件", drop: "把文件拖到这里，或", choose: "选择文件", letGo: "松开即可加入", adding: (name) => `正在加入 ${name}`,
    added: (name, n) => (n ? `已加入 ${name}，现在就可以问` : `${name} 已经在语料中`), tooLarge: (name, mb) => `${name} 超过 ${mb} MB，请拆分后再加入`,
    differ: "文章说法不一", overTime: "这一数字随时间变化", value: "数值", when: "时间", where: "出处", year: (y) => `${y}年`,
    place: (at, of) => `引文 ${at}/${of}`,
    cite: (n, title) => `来源 ${n}：${title}`,
    checked: "这个数字与引文一致",
    reasons: {
      no_evidence: "文章中没有相关内容", weak_evidence: "证据不足", outside_dates: "所问时间没有文章",
      content_missing: "内容在图片或附件里", unsupported: "草稿与原文不符", false_premise: "问题的前提与文章不符",
    },
  },
  en: {
    skip: "Skip to the question", new: "New", past: "History", forget: "Clear all", talk: "Conversation", article: "Article",
    lead: "Answers you can check",
    hint1: "Each sentence carries a number; follow it to the very words in the article.",
    hint2: "Follow up as you like; limit the articles by date and source.",
    hint3: "What the articles do not say is refused, with the closest ones named.",
    question: "Question", placeholder: "Ask a question", send: "Ask", stop: "Stop",
    limits: "Limit dates and source", since: "From", until: "To", source: "Source", close: "Close",
    before: "Previous quote", after: "Next quote",
    sources: "Sources", nearest: "Closest articles", missing: "Not answered: ", notice: "Note: ",
    refused: "Not answered", copy: "Copy", copied: "Copied", wrong: "Mark as wrong", marked: "Noted", retry: "Retry", original: "Web page", open: "Open",
    busy: "Searching", done: "The answer is complete", stopped: "Stopped", failed: "That did not work: ", offline: "the server cannot be reached; see whether it runs, then try again", broken: "the connection broke before the answer was whole; try again", noDate: "no date",
    empty: "Nothing yet",
    corpus: (n, newest) => `${n} articles${newest ? `, newest ${newest}` : ""}`,
    latest: "Newest articles", about: "Articles", articles: "Articles", newest: "Newest", synced: "Index updated", names: "Sources", revision: (n) => `revision ${n}`,
    skipped: (n) => `${n} files not read`, rest: (n) => `${n} sources in all`,
    add: "Add files", drop: "Drop files here, or", choose: "choose files", letGo: "Let go to add", adding: (name) => `Adding ${name}`,
    added: (name, n) => (n ? `${name} was added; ask about it` : `${name} was here already`), tooLarge: (name, mb) => `${name} has more than ${mb} MB; split it`,
    differ: "The articles differ", overTime: "The figure changed over time", value: "Value", when: "When", where: "Where", year: (y) => y,
    place: (at, of) => `quote ${at} of ${of}`,
    cite: (n, title) => `Source ${n}: ${title}`,
    checked: "A figure that stands in its quote",
    reasons: {
      no_evidence: "nothing in the articles", weak_evidence: "not enough evidence", outside_dates: "no article of that time",
      content_missing: "in a picture or attachment", unsupported: "the draft did not match its sources",
      false_premise: "the articles contradict the question",
    },
  },
};

let lang = localStorage.getItem("huwen.lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en");

export const words = () => WORDS[lang];

export function switchLanguage() {
  lang = lang === "zh" ? "en" : "zh";
  localStorage.setItem("huwen.lang", lang);
}

/** Fills in the texts of the page itself. */
export function fillTexts() {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = words()[node.dataset.t];
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = words()[node.dataset.placeholder];
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", words()[node.dataset.label]);
  for (const node of document.querySelectorAll("[data-title]")) {
    node.title = words()[node.dataset.title];
    node.setAttribute("aria-label", node.title);
  }
  const other = document.getElementById("lang");
  other.textContent = lang === "zh" ? "EN" : "中文";
  other.lang = lang === "zh" ? "en" : "zh-CN";
}
