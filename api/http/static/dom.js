// Builds elements. Text goes in as text: nothing here reads markup.

export function element(name, { text, ...attributes } = {}, ...children) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

/** A link to the outside, or nothing where the address is not one of the web. */
export function webLink(url, text) {
  if (!/^https?:\/\//i.test(url ?? "")) return "";
  return element("a", { href: url, text, target: "_blank", rel: "noopener noreferrer" });
}
