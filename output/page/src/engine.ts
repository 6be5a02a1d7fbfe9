/** Oxigraph in the page: unpacked, compiled and filled when the first question is asked. */

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

export function hasEngine(): boolean {
  return document.getElementById("engine-wasm") !== null;
}

async function unpack(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = Uint8Array.from(atob(byId(id).textContent ?? ""), (c) => c.charCodeAt(0));
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
  const ready = await start();
  const head = Object.entries(prefixes)
    .filter(([name]) => !new RegExp(`prefix\\s+${name}:`, "i").test(sparql))
    .map(([name, iri]) => `PREFIX ${name}: <${iri}>`)
    .join(" ");
  const found = ready.query(`${head} ${sparql}`);
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
