// Talks to the server that sent this page, and to no other.

import { words } from "./words.js";

export class ServerError extends Error {}

/** Fetches; errors come in the language of the page, also where there is no answer at all. */
async function get(path, { headers, ...options } = {}) {
  const language = { "Accept-Language": document.documentElement.lang, ...headers };
  try {
    return await fetch(path, { ...options, headers: language });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerError(words().offline);
  }
}

/** Asks; calls `onText` with each piece, and returns the whole answer. */
export async function ask(body, { onText, signal }) {
  const response = await get("api/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });
  if (!response.ok) throw await failure(response);
  for await (const event of events(response.body)) {
    if (event.error) throw new ServerError(event.error.message);
    if (event.answer) return event.answer;
    onText(event.text);
  }
  throw new ServerError(words().broken);
}

/** Keeps a question whose answer is wrong. */
export async function markWrong(body) {
  const response = await get("api/wrong", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await failure(response);
}

/** Adds a file to the articles; returns what became of it. */
export async function addFile(file) {
  const response = await get(`api/files/${encodeURIComponent(file.name)}`, {
    method: "PUT",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  });
  if (!response.ok) throw await failure(response);
  return response.json();
}

export async function read(path) {
  const response = await get(path);
  if (!response.ok) throw await failure(response);
  return response.json();
}

async function failure(response) {
  const body = await response.json().catch(() => null);
  return new ServerError(body?.error?.message ?? `HTTP ${response.status}`);
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (held + value).split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      if (block.startsWith("data: ")) yield JSON.parse(block.slice(6));
    }
  }
}
