/** What the editor offers while one types: prefixes, our terms with their labels, variables, key words. */

import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import type { Known } from "./data";

const WORDS = ("SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND CONSTRUCT DESCRIBE ASK FROM LIMIT OFFSET HAVING " +
  "COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG REGEX CONTAINS STRSTARTS BOUND COALESCE IF EXISTS").split(" ").concat("ORDER BY", "GROUP BY", "NOT EXISTS");

export function completions(known: Known): CompletionSource {
  const prefixes: Completion[] = Object.entries(known.prefixes).map(([name, iri]) => ({ label: `${name}:`, detail: iri, type: "namespace" }));
  const words: Completion[] = WORDS.map((label) => ({ label, type: "keyword" }));
  const terms: Completion[] = known.terms.map((t) => ({
    label: t.name,
    // Found by its Chinese label, too: what stands before the cursor is matched against this.
    displayLabel: `${t.name}  ${t.zh}`,
    info: t.en,
    type: t.kind === "class" ? "class" : t.kind === "property" ? "property" : "enum",
  }));
  const chinese: Completion[] = known.terms.filter((t) => t.zh).map((t) => ({ label: t.zh, apply: t.name, detail: t.name, type: "text" }));

  return (context: CompletionContext): CompletionResult | null => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) return { from: variable.from, options: variables(context), validFor: /^[?$]\w*$/ };
    const named = context.matchBefore(/[A-Za-z][\w-]*:[\w-]*/);
    if (named) return { from: named.from, options: terms, validFor: /^[A-Za-z][\w-]*:[\w-]*$/ };
    const han = context.matchBefore(/\p{Script=Han}+/u);
    if (han) return { from: han.from, options: chinese, validFor: /^\p{Script=Han}*$/u };
    const word = context.matchBefore(/[A-Za-z_]+/);
    if (!word && !context.explicit) return null;
    return { from: word?.from ?? context.pos, options: [...prefixes, ...words, ...terms], validFor: /^[\w:-]*$/ };
  };
}

function variables(context: CompletionContext): Completion[] {
  const here = context.matchBefore(/[?$]\w*/)?.text;
  const found = new Set(context.state.doc.toString().match(/[?$]\w+/g));
  if (here) found.delete(here);
  return [...found].sort().map((label) => ({ label, type: "variable" }));
}
