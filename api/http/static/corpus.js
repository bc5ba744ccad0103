// What the answers come from: how much, how fresh, what was not read; and how to add to it, where the server lets readers.

import { articleItems } from "./answer.js";
import { element } from "./dom.js";
import { openPanel } from "./panel.js";
import { addFile, read } from "./server.js";
import { words } from "./words.js";

const at = (id) => document.getElementById(id);
const MOST_NAMES = 8;
let status = { can_mark: false, can_add: false };

/** What the server said of itself when it was asked last. */
export const corpus = () => status;

export async function showCorpus() {
  try {
    status = await read("api/status");
  } catch (error) {
    at("corpus").textContent = error.message;
    return;
  }
  at("corpus").textContent = words().corpus(status.articles, status.newest);
  at("facts").replaceChildren(...facts());
  at("skipped").hidden = !status.skipped.length;
  at("skipped").replaceChildren(
    element("summary", { text: words().skipped(status.skipped.length) }),
    element("ul", {}, ...status.skipped.map((row) => element("li", { text: row.reason.includes(row.path) ? row.reason : `${row.path}: ${row.reason}` }))),
  );
  at("sources").replaceChildren(...Object.keys(status.sources).map((value) => element("option", { value })));
  at("latest").hidden = !status.latest.length;
  at("latest").querySelector("ul").replaceChildren(...articleItems(status.latest, (id, from) => openPanel(id, { from })));
  at("add").hidden = !status.can_add;
}

function facts() {
  const names = Object.entries(status.sources);
  const listed = names.slice(0, MOST_NAMES).map(([name, count]) => `${name} ${count}`).join("、");
  const more = names.length > MOST_NAMES ? `（${words().rest(names.length)}）` : "";
  const rows = [
    [words().articles, String(status.articles)],
    [words().newest, status.newest ?? words().noDate],
    [words().synced, status.synced ? `${new Date(status.synced).toLocaleString(document.documentElement.lang)} · ${words().revision(status.revision)}` : ""],
    [words().names, listed + more],
  ];
  return rows.filter(([, value]) => value).flatMap(([name, value]) => [element("dt", { text: name }), element("dd", { text: value })]);
}

async function add(files) {
  at("about").showPopover();
  for (const file of files) {
    const line = element("li", { class: "quiet", text: words().adding(file.name) });
    at("added").append(line);
    try {
      if (file.size > status.largest_file) throw new Error(words().tooLarge(file.name, status.largest_file >> 20));
      const { added, updated } = await addFile(file);
      line.textContent = words().added(file.name, added + updated);
    } catch (error) {
      line.className = "failure";
      line.textContent = error.message;
    }
  }
  await showCorpus();
}

const carriesFiles = (event) => status.can_add && [...event.dataTransfer.types].includes("Files");

addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  at("letgo").hidden = false;
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) at("letgo").hidden = true;
});
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  at("letgo").hidden = true;
  add([...event.dataTransfer.files]);
});
at("files").addEventListener("change", (event) => {
  add([...event.target.files]);
  event.target.value = "";
});
