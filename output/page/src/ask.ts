/** Named questions with their parameters, and a SPARQL box; answers as a table that leads into the graph. */

import { type App, cut, entityLink } from "./app";
import { bdi, byId, download, fill, h } from "./dom";
import { type Answer, type Cell, type Parameter, type Question, type Questions, ask, bind, construct, engine, iri, literal, questionsIn, termOf, turtle } from "./engine";
import { selectionQuery } from "./selection";

const NS = "https://w3id.org/plankg/ns#";
const ROWS = 500;
const EXAMPLE = "SELECT ?district ?park WHERE {\n  ?p a plan:Park ; rdfs:label ?park ; plan:locatedIn ?d .\n  ?d rdfs:label ?district .\n} LIMIT 20";

let known: Questions = { prefixes: {}, documents: {}, questions: [] };
const given = new Map<string, Map<string, string>>();
let typed = EXAMPLE;

const questions = (): Questions => known;

/** Read the questions; undefined when they are known already. */
function read(): Promise<void> | undefined {
  return known.questions.length ? undefined : questionsIn().then((found) => void (known = found));
}

export function drawAsk(app: App, place: HTMLElement): void {
  const { words, nav } = app;
  if (!engine()) return fill(place, h("p", { class: "empty" }, words.say("noEngine")));
  const reading = read();
  if (reading) {
    void reading.then(app.redraw);
    return fill(place, h("p", { class: "empty" }, words.say("loading")));
  }
  const list = questions().questions;
  const current = list.find((q) => q.name === nav.view.question);
  const results = h("section", { class: "answers", id: "answers", "aria-live": "polite", "aria-label": words.say("results") });
  const choice = h("ul", { class: "questions" }, list.map((q) =>
    h("li", {}, h("button", { type: "button", "aria-pressed": String(q === current), onclick: () => nav.go({ mode: "ask", question: q.name }) }, wording(app, q)))));
  fill(place, h("h2", {}, words.say("ask")),
    current ? form(app, current, results) : null,
    h("details", { open: !current, class: "all-questions" }, h("summary", {}, `${words.say("questions")} ${list.length}`), choice),
    h("details", { open: nav.view.question === "sparql", class: "sparql" }, h("summary", {}, words.say("sparql")), box(app, results)), results);
  if (current) void answer(app, bound(app, current), results, new Set(current.parameters.map((p) => p.name)));
}

/** Save the triples of what is on the picture. */
export async function saveSelection(app: App, drawn: { entities: number[]; claims: number[] }): Promise<void> {
  const { words } = app;
  try {
    app.announce(words.say("loading"));
    await read();
    download("selection.ttl", await construct(selectionQuery(app, drawn), questions().prefixes), "text/turtle;charset=utf-8");
    app.announce("selection.ttl");
  } catch (error) {
    app.announce(`${words.say("failed")}${cut(String(error instanceof Error ? error.message : error), 200)}`);
  }
}

/** The question with its parameters' values in place. */
export function wording(app: App, question: Question): string {
  const text = app.words.lang === "zh" ? question.zh : question.en;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => value(question, name) || "…");
}

function value(question: Question, name: string): string {
  return given.get(question.name)?.get(name) ?? question.parameters.find((p) => p.name === name)?.default ?? "";
}

function form(app: App, question: Question, results: HTMLElement): HTMLElement {
  const { words } = app;
  const fields = question.parameters.map((p) => {
    const id = `q-${p.name}`;
    const input = h("input", { id, type: "text", value: value(question, p.name), list: listFor(p) ?? null, autocomplete: "off" });
    return h("div", { class: "field" }, h("label", { for: id }, words.lang === "zh" ? p.zh : p.en), input);
  });
  const send = (event: Event): void => {
    event.preventDefault();
    const values = new Map<string, string>();
    for (const p of question.parameters) values.set(p.name, byId<HTMLInputElement>(`q-${p.name}`).value.trim());
    given.set(question.name, values);
    byId("question-title").textContent = wording(app, question);
    void answer(app, bound(app, question), results, new Set(question.parameters.map((p) => p.name)));
  };
  return h("form", { class: "question", onsubmit: send }, h("h3", { id: "question-title" }, wording(app, question)), lists(app), fields,
    fields.length ? h("button", { type: "submit", class: "run" }, words.say("run")) : null,
    h("details", {}, h("summary", {}, "SPARQL"), h("pre", { tabindex: 0 }, question.sparql)));
}

function listFor(p: Parameter): string | undefined {
  if (p.type === "district" || p.type === "document") return `known-${p.type}`;
  return undefined;
}

function lists(app: App): HTMLElement[] {
  const { data } = app.atlas;
  const districts = data.entities.filter((e) => e.t === "District").map((e) => e.n);
  return [
    h("datalist", { id: "known-district" }, districts.slice(0, 300).map((n) => h("option", { value: n }))),
    h("datalist", { id: "known-document" }, data.documents.map((d) => h("option", { value: d.i }))),
  ];
}

/** The question's query with each parameter as a term; an error says which value fits nothing. */
export async function bound(app: App, question: Question): Promise<string | Error> {
  const terms: Record<string, string> = {};
  for (const p of question.parameters) {
    const words = value(question, p.name);
    if (!words && p.type !== "text") continue;
    const term = engine() === "server" ? await termOf(question.name, p.name, words) : asTerm(app, p, words);
    if (term === undefined) return new Error(`${app.words.lang === "zh" ? p.zh : p.en}: ${words}`);
    terms[p.name] = term;
  }
  return bind(question.sparql, terms);
}

function asTerm(app: App, p: Parameter, words: string): string | undefined {
  const { data } = app.atlas;
  if (p.type === "text" || p.type === "year") return literal(words);
  if (p.type === "integer") return /^[+-]?\d+$/.test(words) ? literal(words, "integer") : undefined;
  if (p.type === "decimal") return /^[+-]?\d+(\.\d+)?$/.test(words) ? literal(words, "decimal") : undefined;
  if (["status", "kind", "relation", "type"].includes(p.type)) return iri(NS + words);
  if (p.type === "document") {
    const found = questions().documents[words];
    return found === undefined ? undefined : iri(found);
  }
  const fits = (t: string): boolean => p.type === "entity" || t.toLowerCase() === p.type;
  const found =
    data.entities.find((e) => fits(e.t) && (e.n === words || e.i === words)) ?? data.entities.find((e) => fits(e.t) && e.a?.includes(words));
  return found && iri(data.base + found.i);
}

function box(app: App, results: HTMLElement): HTMLElement {
  const { words } = app;
  const area = h("textarea", { id: "sparql", rows: 7, spellcheck: "false", "aria-label": words.say("sparql") }, typed);
  const run = (): void => {
    typed = area.value;
    void answer(app, typed, results, new Set());
  };
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  return h("div", {}, area, h("p", { class: "actions" }, h("button", { type: "button", id: "run-sparql", onclick: run }, words.say("run")),
    engine() === "page" ? h("button", { type: "button", id: "whole-turtle", onclick: () => void turtle().then((text) => download("graph.ttl", text, "text/turtle;charset=utf-8")) }, `${words.say("turtle")}（${words.say("wholeGraph")}）`) : null));
}

async function answer(app: App, query: string | Error | Promise<string | Error>, place: HTMLElement, without: Set<string>): Promise<void> {
  const { words } = app;
  const sparql = await query;
  if (sparql instanceof Error) return fill(place, h("p", { class: "error", role: "alert" }, words.say("failed"), sparql.message));
  fill(place, h("p", { class: "empty" }, words.say("loading")));
  await new Promise((done) => setTimeout(done, 30));
  try {
    const started = performance.now();
    const found = await ask(sparql, questions().prefixes);
    const took = Math.round(performance.now() - started);
    if (typeof found === "string") return fill(place, h("pre", { tabindex: 0 }, found));
    table(app, place, found, without, took);
  } catch (error) {
    fill(place, h("p", { class: "error", role: "alert" }, words.say("failed"), cut(String(error instanceof Error ? error.message : error), 400)));
  }
}

function table(app: App, place: HTMLElement, found: Answer, without: Set<string>, took: number): void {
  const { words } = app;
  const columns = found.variables.map((name, k) => ({ name, k })).filter((c) => !without.has(c.name));
  const save = h("button", { type: "button", class: "small", onclick: () => download("answer.csv", csv(found), "text/csv;charset=utf-8") }, words.say("csv"));
  fill(place, h("p", { class: "actions" }, h("span", { id: "row-count" }, `${found.rows.length} ${words.say("rows")} · ${took} ms`), save),
    h("table", { class: "rows answer" }, h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col" }, c.name)))),
      h("tbody", {}, found.rows.slice(0, ROWS).map((row) => h("tr", {}, columns.map((c) => h("td", { class: short(row[c.k]) ? "short" : "" }, shownCell(app, row[c.k]))))))));
  app.announce(`${found.rows.length} ${words.say("rows")}`);
}

/** Whether a value stands in one line: codes, numbers, units. */
const short = (cell: Cell | undefined): boolean => cell?.type === "Literal" && cell.value.length <= 12;

/** Entities, by IRI or by their exact name, become links into the view. */
function shownCell(app: App, cell: Cell | undefined): Node | string {
  if (!cell) return "";
  const { atlas } = app;
  if (cell.type === "NamedNode") {
    const n = atlas.index.get(cell.value.replace(atlas.data.base, ""));
    if (n !== undefined) return entityLink(app, n);
    if (cell.value.startsWith(NS)) return app.words.term(cell.value.slice(NS.length));
    return bdi(cell.value);
  }
  const n = app.search.named(cell.value);
  return n === undefined ? bdi(cut(cell.value.replace(/\s*\n\s*/g, ""), 300)) : entityLink(app, n);
}

function csv(found: Answer): string {
  const field = (text: string): string => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return `"${safe.replace(/"/g, '""')}"`;
  };
  const lines = [found.variables, ...found.rows.map((row) => row.map((c) => c?.value ?? ""))];
  return "\ufeff" + lines.map((line) => line.map(field).join(",")).join("\r\n") + "\r\n";
}

/** How many rows each named question has with its defaults, -1 where a default fits nothing here. */
export async function askAll(app: App): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  await read();
  for (const question of questions().questions) {
    const sparql = await bound(app, question);
    const found = sparql instanceof Error ? undefined : await ask(sparql, questions().prefixes);
    counts[question.name] = found === undefined || typeof found === "string" ? -1 : found.rows.length;
  }
  return counts;
}
