/** Queries: by Oxigraph in the page, unpacked and filled when the first question is asked, or by the server. */

import init, * as oxigraph from "oxigraph/web.js";
import { byId } from "./dom";

export interface Parameter {
  name: string;
  type: string;
  default: string;
  zh: string;
  en: string;
}

export interface Question {
  name: string;
  zh: string;
  en: string;
  sparql: string;
  parameters: Parameter[];
}

export interface Questions {
  prefixes: Record<string, string>;
  /** IRIs of the documents by id */
  documents: Record<string, string>;
  questions: Question[];
}

export interface Cell {
  value: string;
  type: string;
}

export interface Answer {
  variables: string[];
  rows: (Cell | undefined)[][];
}

let store: Promise<oxigraph.Store> | undefined;

/** What answers: the engine in this page, the server that gave it, or nothing. */
export function engine(): "page" | "server" | undefined {
  const told = document.querySelector<HTMLMetaElement>('meta[name="plankg-engine"]')?.content;
  return told === "page" || told === "server" ? told : undefined;
}

/** An element behind this script, which is there when the whole page has been read. */
async function later(id: string): Promise<string> {
  if (document.readyState === "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  return byId(id).textContent ?? "";
}

export async function questionsIn(): Promise<Questions> {
  return JSON.parse(await later("questions")) as Questions;
}

async function unpack(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(await later(id)), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function turtle(): Promise<string> {
  return new TextDecoder().decode(await unpack("engine-graph"));
}

function start(): Promise<oxigraph.Store> {
  store ??= (async () => {
    await init({ module_or_path: await unpack("engine-wasm") });
    const filled = new oxigraph.Store();
    filled.load(await turtle(), { format: "text/turtle", no_transaction: true });
    return filled;
  })();
  return store;
}

export async function ask(sparql: string, prefixes: Record<string, string>): Promise<Answer | string> {
  if (engine() === "server") return asked(sparql);
  const ready = await start();
  const found = ready.query(declared(sparql, prefixes));
  if (typeof found === "boolean" || typeof found === "string") return String(found);
  const rows = found as unknown[];
  const quads = rows.filter((row): row is oxigraph.Quad => !(row instanceof Map));
  if (quads.length)
    return {
      variables: ["subject", "predicate", "object"],
      rows: quads.map((q) => [cell(q.subject), cell(q.predicate), cell(q.object)]),
    };
  const maps = rows as Map<string, oxigraph.Term>[];
  const variables = projected(sparql) ?? [...new Set(maps.flatMap((row) => [...row.keys()]))];
  return { variables, rows: maps.map((row) => variables.map((v) => cell(row.get(v)))) };
}

/** The query with the prefixes before it that it does not declare itself. */
function declared(sparql: string, prefixes: Record<string, string>): string {
  const head = Object.entries(prefixes)
    .filter(([name]) => !new RegExp(`prefix\\s+${name}:`, "i").test(sparql))
    .map(([name, iri]) => `PREFIX ${name}: <${iri}>`);
  return `${head.join(" ")} ${sparql}`;
}

async function post(sparql: string, accept: string): Promise<Response> {
  const answer = await fetch("/sparql", { method: "POST", body: new URLSearchParams({ query: sparql }), headers: { Accept: accept } });
  if (answer.ok) return answer;
  const told = (await answer.json().catch(() => ({}))) as { detail?: string };
  throw new Error(told.detail ?? `${answer.status} ${answer.statusText}`);
}

interface Told {
  boolean?: boolean;
  head: { vars?: string[] };
  results?: { bindings: Record<string, { type: string; value: string }>[] };
}

/** The server's answer; triples, which are no table, as they are written. */
async function asked(sparql: string): Promise<Answer | string> {
  const answer = await post(sparql, "application/sparql-results+json, text/turtle");
  if (answer.headers.get("Content-Type")?.startsWith("text/turtle")) return answer.text();
  const told = (await answer.json()) as Told;
  if (told.boolean !== undefined) return String(told.boolean);
  const variables = told.head.vars ?? [];
  const types: Record<string, string> = { uri: "NamedNode", literal: "Literal", bnode: "BlankNode" };
  const rows = (told.results?.bindings ?? []).map((row) =>
    variables.map((v) => (row[v] ? { value: row[v].value, type: types[row[v].type] ?? "Literal" } : undefined)));
  return { variables, rows };
}

/** The triples of a CONSTRUCT query as Turtle. */
export async function construct(sparql: string, prefixes: Record<string, string>): Promise<string> {
  if (engine() === "server") return (await post(sparql, "text/turtle")).text();
  const ready = await start();
  return written(ready.query(declared(sparql, prefixes)) as oxigraph.Quad[], prefixes);
}

/** The term that a value of a question's parameter stands for, as the server knows it; undefined when nothing fits. */
export async function termOf(question: string, name: string, value: string): Promise<string | undefined> {
  const answer = await fetch(`/query/term.json?${new URLSearchParams({ question, name, value, otherwise: "null" }).toString()}`);
  return answer.ok ? ((await answer.json()) as { term: string | null }).term ?? undefined : undefined;
}

/** Triples as Turtle, by subject, in the order of their IRIs. */
function written(quads: oxigraph.Quad[], prefixes: Record<string, string>): string {
  const known = Object.entries(prefixes).sort(([, a], [, b]) => b.length - a.length);
  const name = (value: string): string => {
    for (const [prefix, base] of known) {
      const local = value.slice(base.length);
      if (value.startsWith(base) && /^[A-Za-z][A-Za-z0-9_-]*$/.test(local)) return `${prefix}:${local}`;
    }
    return iri(value);
  };
  const term = (t: oxigraph.Term): string => {
    if (t.termType !== "Literal") return name(t.value);
    const type = t.datatype.value;
    if (t.language) return `${literal(t.value)}@${t.language}`;
    return type.endsWith("#string") ? literal(t.value) : `${literal(t.value)}^^${name(type)}`;
  };
  const subjects = new Map<string, Set<string>>();
  for (const q of quads) {
    const subject = term(q.subject);
    const said = subjects.get(subject) ?? new Set();
    subjects.set(subject, said.add(`${term(q.predicate)} ${term(q.object)}`));
  }
  const head = Object.entries(prefixes).map(([prefix, base]) => `@prefix ${prefix}: ${iri(base)} .`);
  const body = [...subjects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([subject, said]) => `${subject} ${[...said].sort().join(" ;\n    ")} .`);
  return `${head.join("\n")}\n\n${body.join("\n\n")}\n`;
}

function cell(term: oxigraph.Term | undefined): Cell | undefined {
  return term && { value: term.value, type: term.termType };
}

/** The variables of the outer SELECT in their order; undefined for `SELECT *`. */
export function projected(sparql: string): string[] | undefined {
  const clean = tokens(sparql).filter((t) => !t.startsWith("#")).join(" ");
  const clause = /\bselect\b\s*(?:distinct\b|reduced\b)?(.*?)(?:\bwhere\b|\{)/is.exec(clean)?.[1];
  if (!clause || clause.trim().startsWith("*")) return undefined;
  const found: string[] = [];
  let depth = 0;
  let as = false;
  for (const token of tokens(clause)) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (/^as$/i.test(token)) as = true;
    else if (token.startsWith("?") && (depth === 0 || (as && depth === 1))) {
      found.push(token.slice(1));
      as = false;
    }
  }
  return found;
}

/** SPARQL cut into strings, IRIs, comments, variables, words and single characters. */
export function tokens(sparql: string): string[] {
  const shape = /"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[^<>"{}|^`\\\s]*>|#[^\n]*|[?$]\w+|[A-Za-z_][\w-]*|\s+|[^]/g;
  return sparql.match(shape) ?? [];
}

/**
 * The query with variables replaced by terms, as bound variables would read: not where a SELECT,
 * GROUP BY or ORDER BY lists variables, nor after AS, where only a variable may stand.
 */
export function bind(sparql: string, terms: Record<string, string>): string {
  let listing = false;
  let before = "";
  return tokens(sparql).map((token) => {
    const word = token.toLowerCase();
    if (word === "select" || ((word === "group" || word === "order") && before !== ".")) listing = true;
    else if (token === "{" || word === "where" || word === "having") listing = false;
    const name = /^[?$]\w+$/.test(token) ? token.slice(1) : "";
    const result = name && !listing && before !== "as" && Object.hasOwn(terms, name) ? terms[name] : token;
    if (token.trim()) before = word;
    return result;
  }).join("");
}

/** The SPARQL form of an IRI or a string, escaped so that it can be nothing else. */
export function iri(value: string): string {
  return `<${value.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (c) => encodeURIComponent(c))}>`;
}

export function literal(value: string, type = ""): string {
  const escapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" };
  return `"${value.replace(/[\n\r"\\]/g, (c) => escapes[c])}"${type ? `^^${iri(`http://www.w3.org/2001/XMLSchema#${type}`)}` : ""}`;
}
