// The article beside the answer, scrolled to the quote.

import { meta } from "./answer.js";
import { element, webLink } from "./dom.js";
import { read } from "./server.js";
import { words } from "./words.js";

const panel = document.getElementById("panel");
const body = document.getElementById("panel-body");
const place = document.getElementById("panel-place");
let marks = [];
let current = 0;
let cameFrom = null;

/** Opens an article; `spans` are its quoted ranges in code points, `active` the start of the one to look at. */
export async function openPanel(articleId, { spans = [], active = null, from = null }) {
  cameFrom = from;
  panel.hidden = false;
  document.body.classList.add("reading");
  body.setAttribute("aria-busy", "true");
  try {
    show(await read(`api/articles/${encodeURIComponent(articleId)}`), spans);
  } catch (error) {
    marks = [];
    body.replaceChildren(element("p", { class: "failure", text: error.message }));
  }
  body.removeAttribute("aria-busy");
  body.focus({ preventScroll: true });
  look(Math.max(0, marks.findIndex(([first]) => first.dataset.start === String(active))));
}

export function closePanel() {
  if (panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("reading");
  cameFrom?.focus();
}

function show(article, spans) {
  // Offsets count code points; JavaScript's own count half of some characters.
  const characters = Array.from(article.text);
  const page = new Paragraphs();
  marks = [];
  let at = 0;
  for (const { start, end } of separate(spans)) {
    page.add(characters.slice(at, start).join(""));
    const parts = page.add(characters.slice(start, end).join(""), (text) => element("mark", { text, "data-start": start }));
    if (parts.length) marks.push(parts);
    at = end;
  }
  page.add(characters.slice(at).join(""));
  body.replaceChildren(
    element("h2", { text: article.title }),
    element("p", { class: "quiet" }, meta(article), " ", webLink(article.url, words().original)),
    page.box,
  );
}

/** Text in paragraphs, one a line; what is wrapped may go on from one paragraph to the next. */
class Paragraphs {
  box = element("div", { class: "text" });
  line = this.begin();

  begin() {
    const line = element("p");
    this.box.append(line);
    return line;
  }

  /** Adds text, and returns the elements that `wrap` made of its lines. */
  add(text, wrap = null) {
    const made = [];
    for (const [index, part] of text.split("\n").entries()) {
      if (index > 0 && this.line.hasChildNodes()) this.line = this.begin();
      if (!part.trim()) continue;
      const node = wrap ? wrap(part) : part;
      if (wrap) made.push(node);
      this.line.append(node);
    }
    return made;
  }
}

/** The spans in order, those that overlap an earlier one left out. */
function separate(spans) {
  const kept = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (!kept.length || span.start >= kept.at(-1).end) kept.push(span);
  }
  return kept;
}

function look(index) {
  document.getElementById("panel-before").hidden = document.getElementById("panel-after").hidden = marks.length < 2;
  place.textContent = marks.length ? words().place(index + 1, marks.length) : "";
  if (!marks.length) {
    body.scrollTop = 0;
    return;
  }
  for (const part of marks[current] ?? []) part.classList.remove("active");
  current = index;
  for (const part of marks[current]) part.classList.add("active");
  marks[current][0].scrollIntoView({ block: "center" });
}

document.getElementById("panel-close").addEventListener("click", closePanel);
document.getElementById("panel-before").addEventListener("click", () => look((current + marks.length - 1) % marks.length));
document.getElementById("panel-after").addEventListener("click", () => look((current + 1) % marks.length));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
});
