/** Answers as a table whose IRIs lead to their pages, or as Turtle. */

import type { Cell, Known, Table } from "./data";

const ROWS = 500;

export function h(tag: string, attributes: Record<string, string> = {}, ...inside: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

export function table(known: Known, found: Table, hidden: Set<string>): HTMLElement {
  const columns = found.head.vars.filter((name) => !hidden.has(name));
  const rows = found.results.bindings.slice(0, ROWS);
  return h("table", {},
    h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...columns.map((name) => h("td", {}, cell(known, row[name])))))));
}

function cell(known: Known, found: Cell | undefined): Node | string {
  if (!found) return "";
  if (found.type !== "uri") return h("bdi", {}, found.value);
  const { value } = found;
  if (value.startsWith(known.base)) return h("a", { href: `/page/${value.slice(known.base.length)}` }, short(known, value));
  if (/^https?:/.test(value)) return h("a", { href: value, rel: "noreferrer" }, short(known, value));
  return value;
}

function short(known: Known, iri: string): string {
  const cut = Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1;
  for (const [name, space] of Object.entries(known.prefixes)) if (space === iri.slice(0, cut)) return `${name}:${decoded(iri.slice(cut))}`;
  return iri;
}

function decoded(local: string): string {
  try {
    return decodeURIComponent(local);
  } catch {
    return local;
  }
}
