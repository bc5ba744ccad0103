// Shows one answer: its sentences with their numbers, its sources, and what is missing.

import { element, webLink } from "./dom.js";
import { words } from "./words.js";

const LABEL = /\[(\d+)\]/g;
// A figure with its unit, or a date or time with all its parts.
const FIGURE = /\d+(?:(?:[.,:：/-]|年|月|日|时|点)\d+)*(?:\s?(?:%|％|万亿元|亿元|万元|亿|万|元|年|月|日|时|点|家|个|项|款|人|million|billion|yuan))?/g;

/** Returns the answer's text with a button for each number. `open` gets the citation to show and its siblings. */
export function answerText(text, citations, open) {
  const seen = new Map();
  const box = element("div", { class: "text" });
  for (const paragraph of text.split(/\n+/)) {
    if (paragraph.trim()) box.append(element("p", {}, ...pieces(paragraph, citations, seen, open)));
  }
  return box;
}

function pieces(paragraph, citations, seen, open) {
  const nodes = [];
  let at = 0;
  for (const match of paragraph.matchAll(LABEL)) {
    const rows = citations.filter((row) => row.label === Number(match[1]));
    nodes.push(...figures(paragraph.slice(at, match.index), rows));
    nodes.push(rows.length ? numberButton(rows, seen, open) : element("span", { class: "cite", text: match[1] }));
    at = match.index + match[0].length;
  }
  nodes.push(paragraph.slice(at));
  return nodes;
}

/** The k-th use of a number leads to the k-th quote behind it. */
function numberButton(rows, seen, open) {
  const { label } = rows[0];
  const use = seen.get(label) ?? 0;
  seen.set(label, use + 1);
  const row = rows[Math.min(use, rows.length - 1)];
  const name = words().cite(label, row.title);
  return element("button", {
    type: "button", class: "cite", text: label, title: name, "aria-label": name, onclick: (event) => open(row, event.target),
  });
}

// Parts of addresses and words, and the numbers of a list, are no figures.
const WITHIN = /[\w/.:@-]$/;
const COUNTING = /^\d{1,2}[.．、]/;
const ADDRESS = /^\d+(?:\.\d+){2,}/;

function isFigure(text, { 0: figure, index }) {
  return !WITHIN.test(text.slice(0, index)) && !ADDRESS.test(figure) && !(/^\d+$/.test(figure) && COUNTING.test(text.slice(index)));
}

/** Marks the figures that stand in the quotes as they are. */
function figures(text, rows) {
  const quotes = rows.map((row) => row.quote).join("\n");
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(FIGURE)) {
    if (!quotes.includes(match[0]) || !isFigure(text, match)) continue;
    nodes.push(text.slice(at, match.index), element("span", { class: "figure", title: words().checked, text: match[0] }));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

export function sourceList(citations, open) {
  const list = element("ol", { class: "sources", "aria-label": words().sources });
  for (const label of [...new Set(citations.map((row) => row.label))].sort((a, b) => a - b)) {
    const rows = citations.filter((row) => row.label === label);
    const quotes = [...new Map(rows.map((row) => [row.start, row])).values()];
    list.append(element("li", {},
      element("span", { class: "number", text: label }),
      element("div", {},
        element("p", { class: "title" },
          element("button", { type: "button", class: "link", text: rows[0].title, onclick: (event) => open(rows[0], event.target) })),
        element("p", { class: "quiet" }, meta(rows[0]), " ", webLink(rows[0].url, words().original)),
        ...quotes.map((row) => element("blockquote", { text: row.quote })))));
  }
  return list;
}

export const meta = (row) => [row.source, row.published ?? words().noDate].filter(Boolean).join(" · ");

/** Why there is no answer; nothing where there is one. */
export function badge(answer) {
  if (answer.status !== "refused") return "";
  return element("p", { class: "badge", text: `${words().refused} · ${words().reasons[answer.reason] ?? answer.reason}` });
}

/** What a reader must know besides: what to mind, what is missing, which articles come close. */
export function remarks(answer, openArticle) {
  const nodes = [];
  // What a table says need not be said twice.
  const notice = (answer.conflicts ?? []).reduce((text, row) => text.replace(row.text || "\n", ""), answer.notice ?? "").trim();
  if (notice) nodes.push(element("p", { class: "note", text: words().notice + notice }));
  if (answer.missing.length) nodes.push(element("p", { class: "note", text: words().missing + answer.missing.join("；") }));
  if (answer.nearest.length) {
    nodes.push(element("p", { class: "quiet", text: words().nearest }), element("ul", { class: "nearest" }, ...articleItems(answer.nearest, openArticle)));
  }
  return nodes;
}

export const articleItems = (rows, openArticle) => rows.map((row) => element("li", {},
  element("button", { type: "button", class: "link", text: row.title, onclick: (event) => openArticle(row.article_id, event.target) }),
  element("span", { class: "quiet", text: row.published ?? words().noDate })));

/** A table of the values that the articles give differently, the latest first. */
export function conflictTable(conflict, citations, open, openArticle) {
  return element("table", { class: "conflict" },
    element("caption", { text: conflict.over_time ? words().overTime : words().differ }),
    element("thead", {}, element("tr", {}, ...["value", "when", "where"].map((key) => element("th", { scope: "col", text: words()[key] })))),
    element("tbody", {}, ...conflict.values.map((row) => {
      const same = citations.filter((other) => other.article_id === row.article_id);
      const cited = same.find((other) => other.quote.includes(row.quote)) ?? same[0];
      const show = (event) => (cited ? open(cited, event.target) : openArticle(row.article_id, event.target));
      return element("tr", {},
        element("th", { scope: "row", text: row.value }),
        element("td", { text: time(row) }),
        element("td", {}, element("button", { type: "button", class: "link", text: row.title, onclick: show }),
          element("span", { class: "quiet", text: [row.period && row.published, row.label && `[${row.label}]`].filter(Boolean).map((part) => ` ${part}`).join("") })));
    })));
}

/** The period that a value is of, else the day of its article. */
function time({ period, published }) {
  if (!period) return published ?? words().noDate;
  const [first, last] = period;
  if (first.endsWith("-01-01") && last === `${first.slice(0, 4)}-12-31`) return words().year(first.slice(0, 4));
  return first === last ? first : `${first} – ${last}`;
}
