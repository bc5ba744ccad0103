// Shows the OpenAPI description of this server to people.

import { element } from "./dom.js";

const schema = await (await fetch("openapi.json")).json();

/** The schema itself where there is only a reference to it. */
function resolved(part) {
  return part?.$ref ? part.$ref.slice(2).split("/").reduce((at, key) => at[key], schema) : (part ?? {});
}

function typeOf(part) {
  if (part.$ref) return part.$ref.split("/").at(-1);
  if (part.enum) return part.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (part.const !== undefined) return JSON.stringify(part.const);
  if (part.anyOf) return part.anyOf.map(typeOf).join(" | ");
  if (part.type === "array") return `${typeOf(part.items ?? {})}[]`;
  return part.format ?? part.type ?? "any";
}

function fields(part) {
  const { properties = {}, required = [] } = resolved(part);
  return Object.entries(properties).map(([name, value]) => [name, typeOf(value), required.includes(name), value.description]);
}

function table(rows) {
  if (!rows.length) return "";
  return element("table", { class: "fields" }, element("tbody", {}, ...rows.map(([name, type, isRequired, said]) =>
    element("tr", {}, element("th", { scope: "row" }, element("code", { text: name })),
      element("td", {}, element("code", { text: type }), isRequired ? " required" : "", said ? ` ${said}` : "")))));
}

function operation(path, method, { description, summary, parameters = [], requestBody }) {
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  return element("section", { class: "turn" },
    element("h2", { class: "asked" }, element("code", { text: `${method.toUpperCase()} ${path}` })),
    element("p", { text: description ?? summary ?? "" }),
    table(parameters.map((row) => [row.name, typeOf(row.schema ?? {}), row.required, row.description])),
    table(body ? fields(body) : []));
}

for (const [path, methods] of Object.entries(schema.paths)) {
  for (const [method, row] of Object.entries(methods)) document.getElementById("operations").append(operation(path, method, row));
}
