/** Two to five districts side by side: what they share, what only one has, and their figures. */

import { type App, dot, entityLink, figure, passes, statusBadge } from "./app";
import { evidenceOf } from "./card";
import { picker } from "./combo";
import { bdi, fill, h } from "./dom";
import type { Claim, Observation } from "./types";

export const ASPECTS = ["Industry", "Park", "Policy", "Project", "Indicator"];
/** Districts compared when none are chosen. */
const FIRST = 5;
const MOST = 400;

export function chosenDistricts(app: App): number[] {
  const given = app.nav.view.compare.map((id) => app.atlas.index.get(id)).filter((n) => n !== undefined);
  return (given.length ? given : app.issuers).slice(0, FIRST);
}

export const aspectOf = (app: App): string => (ASPECTS.includes(app.nav.view.aspect) ? app.nav.view.aspect : "Industry");

interface Row {
  n: number;
  cells: number[][];
}

/** Claims between a district (or what lies in it) and entities of a type, by entity and district. */
export function matrix(app: App, districts: number[], type: string): Row[] {
  const { atlas } = app;
  const rows = new Map<number, number[][]>();
  districts.forEach((district, k) => {
    const others = districts.filter((other) => other !== district && atlas.within(district).has(other));
    for (const inside of atlas.within(district)) {
      // What lies in another chosen district counts there, not for the city above it as well.
      if (others.some((other) => atlas.within(other).has(inside))) continue;
      for (const c of atlas.claimsOf[inside]) {
        if (!passes(app, c)) continue;
        const other = atlas.other(atlas.data.claims[c], inside);
        if (atlas.data.entities[other].t !== type) continue;
        let cells = rows.get(other);
        if (!cells) rows.set(other, (cells = districts.map(() => [])));
        if (!cells[k].includes(c)) cells[k].push(c);
      }
    }
  });
  const filled = (row: Row): number => row.cells.filter((c) => c.length).length;
  const total = (row: Row): number => row.cells.reduce((sum, c) => sum + c.length, 0);
  return [...rows].map(([n, cells]) => ({ n, cells })).sort((a, b) => filled(b) - filled(a) || total(b) - total(a) || a.n - b.n);
}

export function drawCompare(app: App, place: HTMLElement, pane: HTMLElement): void {
  const { nav, words, atlas } = app;
  const districts = chosenDistricts(app);
  const aspect = aspectOf(app);
  const ids = districts.map((n) => atlas.data.entities[n].i);
  const tabs = h("div", { class: "doc-tabs", role: "group", "aria-label": words.say("aspect") }, ASPECTS.map((a) =>
    h("button", { type: "button", class: "small", "aria-pressed": String(a === aspect), onclick: () => nav.go({ aspect: a }) }, dot(a), " ", words.term(a))));
  const chosen = h("p", { class: "chips" }, districts.map((n) =>
    h("span", { class: "chip" }, bdi(atlas.data.entities[n].n),
      h("button", { type: "button", class: "small", "aria-label": `${words.say("close")} ${atlas.data.entities[n].n}`, disabled: districts.length < 3, onclick: () => nav.go({ compare: ids.filter((id) => id !== atlas.data.entities[n].i) }) }, "×"))));
  const add = districts.length < 5 ? picker(app, "compare-add", words.say("addCompare"), undefined, (n) => nav.go({ compare: [...new Set([...ids, atlas.data.entities[n].i])] }), "District") : null;
  const table = aspect === "Indicator" ? indicators(app, districts) : heat(app, districts, matrix(app, districts, aspect), pane);
  fill(place, h("h2", {}, words.say("compare")), h("p", { class: "lead" }, words.say("compareHelp")), chosen, add, tabs, table);
}

function heads(app: App, districts: number[], first: string): HTMLElement {
  return h("thead", {}, h("tr", {}, h("th", { scope: "col" }, first), districts.map((n) => h("th", { scope: "col" }, entityLink(app, n)))));
}

function heat(app: App, districts: number[], rows: Row[], pane: HTMLElement): Node {
  const { words, atlas } = app;
  if (!rows.length) return h("p", { class: "empty" }, words.say("nothing"));
  const shared = rows.filter((r) => r.cells.filter((c) => c.length).length > 1).length;
  const most = Math.max(...rows.flatMap((r) => r.cells.map((c) => c.length)));
  const body = rows.slice(0, MOST).map((row) => h("tr", {}, h("th", { scope: "row" }, entityLink(app, row.n)), row.cells.map((cell, k) => {
    if (!cell.length) return h("td", { class: "gap" }, "—");
    const step = Math.ceil((4 * Math.log(1 + cell.length)) / Math.log(1 + most));
    const label = `${atlas.data.entities[districts[k]].n} · ${atlas.data.entities[row.n].n}: ${cell.length}`;
    return h("td", { class: `heat h${step}` }, h("button", { type: "button", "aria-label": label, onclick: () => openCell(app, pane, label, cell.map((c) => atlas.data.claims[c])) }, cell.length));
  })));
  return h("table", { class: "matrix" }, h("caption", {}, `${rows.length} ${words.term(aspectOf(app))} · ${shared} ${words.say("shared")}`), heads(app, districts, words.say("name")), h("tbody", {}, body));
}

function openCell(app: App, pane: HTMLElement, label: string, claims: Claim[]): void {
  pane.hidden = false;
  fill(pane, h("h2", { tabindex: -1 }, bdi(label)), claims.map((claim) => h("section", { class: "cell-fact" },
    h("p", { class: "fact" }, entityLink(app, claim.s), h("span", { class: "relation" }, app.words.term(claim.p)), statusBadge(app, claim.t), entityLink(app, claim.o)),
    evidenceOf(app, claim))));
  pane.querySelector("h2")?.focus();
}

/** Figures of each indicator by district: the latest measured and the aim, as bars on one scale. */
function indicators(app: App, districts: number[]): Node {
  const { atlas, words } = app;
  const rows = new Map<number, Observation[][]>();
  districts.forEach((district, k) => {
    for (const o of atlas.observationsOf[district]) {
      const seen = atlas.data.observations[o];
      if (seen.s !== district) continue;
      if (!rows.has(seen.n)) rows.set(seen.n, districts.map(() => []));
      rows.get(seen.n)![k].push(seen);
    }
  });
  if (!rows.size) return h("p", { class: "empty" }, words.say("nothing"));
  const filled = (cells: Observation[][]): number => cells.filter((c) => c.length).length;
  const order = [...rows].sort((a, b) => filled(b[1]) - filled(a[1]) || atlas.weight(b[0]) - atlas.weight(a[0]) || a[0] - b[0]);
  return h("table", { class: "matrix indicators" }, h("caption", {}, `${rows.size} ${words.term("Indicator")}`), heads(app, districts, words.say("indicator")),
    h("tbody", {}, order.slice(0, MOST).map(([n, cells]) => {
      const scale = scales(cells.flat());
      return h("tr", {}, h("th", { scope: "row" }, entityLink(app, n)), cells.map((cell) =>
        cell.length ? h("td", {}, distinct(cell).sort((a, b) => a.y.localeCompare(b.y)).map((o) => bar(app, o, scale))) : h("td", { class: "gap" }, words.say("gap"))));
    })));
}

/** Each figure once, however many sentences and tables tell it. */
function distinct(cell: Observation[]): Observation[] {
  return [...new Map([...cell].reverse().map((o) => [JSON.stringify([o.y, o.k, o.v, o.u]), o])).values()].reverse();
}

const number = (value: string): number | undefined => (/^(>=|<=|>|<)?-?\d+(\.\d+)?$/.test(value) ? Math.abs(Number(value.replace(/^[<>=]+/, ""))) : undefined);

/** The largest value of each unit and kind, the length of a full bar. */
function scales(all: Observation[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const o of all) found.set(o.u + o.k, Math.max(found.get(o.u + o.k) ?? 0, number(o.v) ?? 0));
  return found;
}

function bar(app: App, o: Observation, scale: Map<string, number>): HTMLElement {
  const value = number(o.v);
  const most = scale.get(o.u + o.k) ?? 0;
  const meter = h("span", { class: `bar-fill k-${o.k}`, "aria-hidden": "true" });
  meter.style.width = value !== undefined && most ? `${Math.max(3, (100 * value) / most)}%` : "0";
  return h("div", { class: "figure-bar", title: o.e[0] ? app.atlas.exact(o.e[0]).replace(/\s+/g, "") : "" }, h("span", { class: "bar-text" }, `${o.y || "—"} ${app.words.term(o.k)} `, h("b", {}, figure(o.v, o.u))), meter);
}
