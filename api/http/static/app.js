// The conversation: asks, shows, and keeps it.

import { answerText, badge, conflictTable, remarks, sourceList } from "./answer.js";
import { corpus, showCorpus } from "./corpus.js";
import { element } from "./dom.js";
import { closePanel, openPanel } from "./panel.js";
import { forgetAll, load, save } from "./past.js";
import { ask, markWrong } from "./server.js";
import { fillTexts, switchLanguage, words } from "./words.js";

const at = (id) => document.getElementById(id);
const [form, question, turns] = [at("ask"), at("question"), at("turns")];
const REMEMBERED = 4;
let conversation = fresh();
let running = null;

function fresh() {
  return { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), turns: [] };
}

/** Asks and shows the answer below what was said before. */
async function put(text) {
  running?.abort();
  const mine = (running = new AbortController());
  const box = turnBox(text);
  const live = element("p", { class: "text live", "aria-busy": "true", text: words().busy });
  box.append(live);
  turns.append(box);
  box.scrollIntoView({ block: "start" });
  setBusy(true);
  try {
    const asked = request(text);
    const answer = await ask(asked, { signal: mine.signal, onText: grower(live) });
    conversation.turns.push({ question: text, asked, answer });
    save(conversation);
    live.remove();
    showAnswer(box, { question: text, asked, answer });
    say(words().done);
  } catch (error) {
    // What was written before the end stays to be read.
    if (live.textContent === words().busy) live.remove();
    if (mine.signal.aborted) showStopped(box, text);
    else showFailure(box, text, error.message);
  } finally {
    live.classList.remove("live");
    live.removeAttribute("aria-busy");
    if (running === mine) {
      running = null;
      setBusy(false);
    }
  }
}

function request(text) {
  const history = conversation.turns.slice(-REMEMBERED).flatMap((turn) => [
    { role: "user", content: turn.question },
    { role: "assistant", content: turn.answer.answer },
  ]);
  return {
    question: text,
    history,
    since: at("since").value || null,
    until: at("until").value || null,
    source: at("source").value.trim() || null,
  };
}

function grower(live) {
  let text = "";
  return (piece) => {
    text += piece;
    live.textContent = text;
  };
}

function turnBox(text) {
  return element("section", { class: "turn" }, element("h2", { class: "asked", text }));
}

function showAnswer(box, { question: text, asked, answer }) {
  const open = (row, from) => openPanel(row.article_id, {
    spans: answer.citations.filter((other) => other.article_id === row.article_id), active: row.start, from,
  });
  const openArticle = (id, from) => openPanel(id, { from });
  box.append(
    badge(answer),
    answerText(answer.answer, answer.citations, open),
    ...(answer.conflicts ?? []).map((row) => conflictTable(row, answer.citations, open, openArticle)),
    ...remarks(answer, openArticle),
  );
  if (answer.citations.length) box.append(sourceList(answer.citations, open));
  box.append(tools(text, answer, asked));
}

function showStopped(box, text) {
  box.append(element("p", { class: "quiet", text: words().stopped }), tools(text, null));
  say(words().stopped);
}

function showFailure(box, text, message) {
  box.append(element("p", { class: "failure", role: "alert", text: words().failed + message }), tools(text, null));
}

function tools(text, answer, asked) {
  const copy = answer && element("button", {
    type: "button", class: "plain", text: words().copy, onclick: async (event) => {
      await navigator.clipboard.writeText(plainText(text, answer));
      event.target.textContent = words().copied;
      say(words().copied);
    },
  });
  const retry = element("button", { type: "button", class: "plain", text: words().retry, onclick: () => put(text) });
  const wrong = answer && asked && corpus().can_mark && element("button", {
    type: "button", class: "plain", text: words().wrong, onclick: async (event) => {
      try {
        await markWrong(asked);
        event.target.textContent = words().marked;
        event.target.disabled = true;
      } catch (error) {
        event.target.textContent = error.message;
      }
      say(event.target.textContent);
    },
  });
  return element("p", { class: "tools" }, copy || "", retry, wrong || "");
}

function plainText(text, answer) {
  const sources = answer.citations.map((row) => `[${row.label}] ${row.title} · ${row.published ?? words().noDate} · ${row.url ?? row.article_id}\n    “${row.quote}”`);
  return [text, answer.answer, ...sources].join("\n\n");
}

function setBusy(isBusy) {
  at("send").hidden = isBusy;
  at("stop").hidden = !isBusy;
}

const say = (text) => { at("status").textContent = text; };

/** Shows a conversation from the beginning. */
function show(chosen) {
  running?.abort();
  closePanel();
  conversation = chosen;
  turns.replaceChildren();
  for (const turn of conversation.turns) {
    const box = turnBox(turn.question);
    showAnswer(box, turn);
    turns.append(box);
  }
  at("welcome").hidden = conversation.turns.length > 0;
}

function showPast() {
  const rows = load().map((row) => element("li", {}, element("button", {
    type: "button", class: "link", text: row.turns[0]?.question ?? "", onclick: () => {
      at("past").hidePopover();
      show(row);
    },
  })));
  at("past-list").replaceChildren(...(rows.length ? rows : [element("li", { class: "quiet", text: words().empty })]));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text) return;
  question.value = "";
  at("welcome").hidden = true;
  put(text);
});
question.addEventListener("keydown", (event) => {
  // Enter also ends the choice of characters in a Chinese input method: that one must not send.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
/** Says which limits are in force, also while they are folded away. */
function showLimits() {
  const [since, until, source] = ["since", "until", "source"].map((id) => at(id).value.trim());
  at("in-force").textContent = [since || until ? `${since} – ${until}` : "", source].filter(Boolean).join(" · ");
}

at("limits").addEventListener("input", showLimits);
at("stop").addEventListener("click", () => running?.abort());
at("fresh").addEventListener("click", () => {
  show(fresh());
  question.focus();
});
at("past").addEventListener("beforetoggle", showPast);
at("forget").addEventListener("click", () => {
  forgetAll();
  showPast();
});
at("lang").addEventListener("click", () => {
  switchLanguage();
  fillTexts();
  show(conversation);
  showCorpus();
});

fillTexts();
// What the server allows decides which buttons there are.
await showCorpus();
show(load()[0] ?? conversation);
