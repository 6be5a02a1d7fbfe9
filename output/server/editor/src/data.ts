/** What the page is told by the server, and how it asks. */

export interface Term { name: string; kind: "class" | "property" | "value"; zh: string; en: string }
export interface Parameter { name: string; type: string; default: string; zh: string; en: string }
export interface Question { name: string; zh: string; en: string; sparql: string; parameters: Parameter[] }
export interface Known { base: string; prefixes: Record<string, string>; terms: Term[]; questions: Question[] }

export interface Cell { type: string; value: string; "xml:lang"?: string; datatype?: string }
export interface Table { head: { vars: string[] }; results: { bindings: Record<string, Cell>[] } }
export interface Problem { status: number; detail: string; line?: number; column?: number }

export const TABLE = "application/sparql-results+json";
const GRAPH = "text/turtle";

export async function known(): Promise<Known> {
  return (await (await fetch("/query/known.json")).json()) as Known;
}

/** The term that a person's words stand for, as SPARQL writes it. */
export async function bound(question: string, name: string, value: string): Promise<string> {
  const response = await fetch(`/query/term.json?${new URLSearchParams({ question, name, value })}`);
  const found = (await response.json()) as { term: string } & Problem;
  if (!response.ok) throw new Error(found.detail);
  return found.term;
}

/** The answer to a query; a rejected promise holds the server's Problem. */
export async function ask(sparql: string, terms: Map<string, string>, signal: AbortSignal, accept = `${TABLE}, ${GRAPH};q=0.9`): Promise<Response> {
  const body = new URLSearchParams({ query: sparql });
  for (const [name, term] of terms) body.set(`$${name}`, term);
  const response = await fetch("/sparql", { method: "POST", body, headers: { Accept: accept }, signal });
  if (!response.ok) throw await problem(response);
  return response;
}

async function problem(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return { status: response.status, detail: response.statusText };
  }
}
