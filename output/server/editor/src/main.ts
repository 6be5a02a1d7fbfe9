/** The query page: an editor that knows our words, the named questions, and answers. */

import { autocompletion, closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, defaultHighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { completions } from "./complete";
import { ask, bound, known as told, type Known, type Problem, type Question, type Table, TABLE } from "./data";
import { h, table } from "./results";

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const START = "SELECT ?district ?park WHERE {\n  ?p a plan:Park ; rdfs:label ?park ; plan:locatedIn ?d .\n  ?d rdfs:label ?district .\n} LIMIT 20\n";

let running: AbortController | undefined;
let chosen: Question | undefined;

async function begin(): Promise<void> {
  const known = await told();
  const nonce = (document.querySelector("script[nonce]") as HTMLScriptElement | null)?.nonce ?? "";
  const given = new URLSearchParams(location.hash.slice(1)).get("query");
  const view = new EditorView({
    parent: byId("editor"),
    state: EditorState.create({
      doc: given ?? START,
      extensions: [
        EditorView.cspNonce.of(nonce), lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(),
        StreamLanguage.define(sparql), syntaxHighlighting(defaultHighlightStyle),
        autocompletion({ override: [completions(known)] }),
        EditorView.lineWrapping, EditorView.contentAttributes.of({ "aria-label": "SPARQL" }),
        keymap.of([{ key: "Mod-Enter", run: () => (void run(known, view), true) }, ...defaultKeymap, ...historyKeymap]),
      ],
    }),
  });
  questions(known, view);
  byId("run").addEventListener("click", () => void run(known, view));
  byId("csv").addEventListener("click", () => void save(view));
  document.documentElement.dataset.ready = "1";
  if (given) void run(known, view);
}

function questions(known: Known, view: EditorView): void {
  const list = byId("question") as HTMLSelectElement;
  for (const question of known.questions) list.append(h("option", { value: question.name }, wording(question)));
  list.addEventListener("change", () => {
    chosen = known.questions.find((q) => q.name === list.value);
    byId("parameters").replaceChildren(...(chosen?.parameters ?? []).map((p) =>
      h("label", {}, `${p.zh} ${p.en} `, h("input", { id: `p-${p.name}`, value: p.default, autocomplete: "off" }))));
    if (chosen) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: chosen.sparql } });
  });
}

function wording(question: Question): string {
  const zh = question.zh.replace(/\{(\w+)\}/g, (_, name: string) => question.parameters.find((p) => p.name === name)?.default || "…");
  return `${zh} (${question.name})`;
}

/** The terms of the chosen question's parameters, where the query still names them. */
async function terms(text: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const p of chosen?.parameters ?? []) {
    const value = (byId(`p-${p.name}`) as HTMLInputElement).value.trim();
    const named = new RegExp(`[?$]${p.name}\\b`).test(text);
    if (chosen && named && (value || p.type === "text")) found.set(p.name, await bound(chosen.name, p.name, value));
  }
  return found;
}

async function run(known: Known, view: EditorView): Promise<void> {
  running?.abort();
  running = new AbortController();
  const text = view.state.doc.toString();
  const place = byId("answer");
  history_(text);
  mark(view);
  place.replaceChildren();
  say("…");
  const started = performance.now();
  try {
    const bindings = await terms(text);
    const response = await ask(text, bindings, running.signal);
    if (!response.headers.get("content-type")?.startsWith(TABLE)) {
      place.replaceChildren(h("pre", { tabindex: "0" }, await response.text()));
      return say(took(started));
    }
    const found = (await response.json()) as Table & { boolean?: boolean };
    if (found.boolean !== undefined) {
      place.replaceChildren(h("p", {}, String(found.boolean)));
      return say(took(started));
    }
    place.replaceChildren(table(known, found, new Set(bindings.keys())));
    say(`${found.results.bindings.length} 行 rows · ${took(started)}`);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    complain(view, error instanceof Error ? { status: 0, detail: error.message } : (error as Problem));
  }
}

function took(started: number): string {
  return `${Math.round(performance.now() - started)} ms`;
}

function complain(view: EditorView, problem: Problem): void {
  say("");
  byId("answer").replaceChildren(h("p", { class: "error", role: "alert" }, problem.detail));
  if (problem.line) mark(view, problem);
}

/** Underline where the server cannot read the query; without a problem, nothing. */
function mark(view: EditorView, problem?: Problem): void {
  const { doc } = view.state;
  const line = problem?.line ? doc.line(Math.min(problem.line, doc.lines)) : undefined;
  const from = line ? Math.min(line.from + (problem?.column ?? 1) - 1, line.to) : 0;
  view.dispatch(setDiagnostics(view.state, line && problem ? [{ from, to: line.to, severity: "error", message: problem.detail }] : []));
}

async function save(view: EditorView): Promise<void> {
  const text = view.state.doc.toString();
  try {
    const response = await ask(text, await terms(text), new AbortController().signal, "text/csv, text/turtle;q=0.5");
    const ending = response.headers.get("content-type")?.startsWith("text/csv") ? "csv" : "ttl";
    const link = h("a", { href: URL.createObjectURL(await response.blob()), download: `answer.${ending}` });
    link.click();
  } catch (error) {
    complain(view, error instanceof Error ? { status: 0, detail: error.message } : (error as Problem));
  }
}

function history_(text: string): void {
  window.history.replaceState(null, "", `#${new URLSearchParams({ query: text })}`);
}

function say(words: string): void {
  byId("status").textContent = words;
}

void begin();
