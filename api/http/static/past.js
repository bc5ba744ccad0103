// Conversations, kept in this browser only.

const KEY = "huwen.past";
const MOST = 30;

export function load() {
  try {
    const rows = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(rows) ? rows : [];
  } catch {
    return [];
  }
}

/** Keeps a conversation as the newest; the oldest go when the browser has no room. */
export function save(conversation) {
  let rows = [conversation, ...load().filter((row) => row.id !== conversation.id)].slice(0, MOST);
  while (rows.length) {
    try {
      localStorage.setItem(KEY, JSON.stringify(rows));
      return;
    } catch {
      rows = rows.slice(0, -1);
    }
  }
}

export const forgetAll = () => localStorage.removeItem(KEY);
