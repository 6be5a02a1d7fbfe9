/** A quote inside its paragraph, with where it stands, and a citation to copy. */

import { type App, cut } from "./app";
import { h } from "./dom";
import type { Pair, Quote } from "./types";

/** The raw paragraph around a span: up to the blank lines around it, 300 characters at most each way. */
export function around(text: string, [start, end]: Pair): Pair {
  const before = text.slice(Math.max(0, start - 300), start);
  const after = text.slice(end, end + 300);
  const up = before.search(/\n[^\n]*$/);
  const left = up < 0 ? start - before.length : start - before.length + up + 1;
  const down = after.indexOf("\n");
  const right = down < 0 ? end + after.length : end + down;
  return [safe(text, left), safe(text, right)];
}

/** Text without the marks of layout (Markdown, bold tags), for the eye; citations keep the very characters. */
export function plain(text: string): string {
  return text.replace(/\*\*|<\/?(?:b|br|strong)\s*\/?>|(^|\n)\s*#{1,6}\s+/g, "$1");
}

/** An offset that does not stand between the halves of a surrogate pair. */
function safe(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}

/** Text with marked spans; overlapping spans are drawn in order of their start. */
export function marked(text: string, from: number, to: number, marks: { at: Pair; class: string }[]): Node[] {
  const edges = new Set([from, to]);
  for (const { at } of marks) for (const edge of at) if (edge > from && edge < to) edges.add(edge);
  const order = [...edges].sort((a, b) => a - b);
  const nodes: Node[] = [];
  for (let k = 0; k + 1 < order.length; k++) {
    const classes = marks.filter(({ at }) => at[0] <= order[k] && order[k + 1] <= at[1]).map((m) => m.class);
    const piece = plain(text.slice(order[k], order[k + 1])).replace(/\s*\n\s*/g, " ");
    nodes.push(classes.length ? h("mark", { class: classes.join(" ") }, piece) : new Text(piece));
  }
  return nodes;
}

export function citation(app: App, quote: Quote): string {
  const doc = app.atlas.doc(quote.d);
  const exact = app.atlas.exact(quote).replace(/\s*\n\s*/g, "");
  if (!doc) return `“${exact}”`;
  const span = app.atlas.codePoints(quote);
  const where = [...app.atlas.section(quote)];
  if (quote.p !== undefined) where.push(app.words.say("page").replace("{}", String(quote.p)));
  const at = span ? `${app.words.say("characters")} ${span[0]}–${span[1]}` : "";
  return `“${exact}” ——《${doc.title}》${where.length ? "，" + where.join(" › ") : ""}${at ? `（${doc.i}，${at}）` : ""}`;
}

export function quoteBlock(app: App, quote: Quote): HTMLElement {
  const doc = app.atlas.doc(quote.d);
  const { words } = app;
  const body = h("blockquote", { lang: "zh", class: "quote" });
  if (doc?.text && quote.q) {
    const [from, to] = around(doc.text, quote.q);
    const marks = [{ at: quote.q, class: "said" }];
    if (quote.a) marks.push({ at: quote.a, class: "end" });
    if (quote.b) marks.push({ at: quote.b, class: "end" });
    body.append(...marked(doc.text, from, to, marks));
  } else body.append(app.atlas.exact(quote));
  const place = [cut(doc?.title ?? "", 60), ...app.atlas.section(quote).map((s) => cut(s, 60))];
  if (quote.p !== undefined) place.push(words.say("page").replace("{}", String(quote.p)));
  const copy = h("button", { type: "button", class: "small copy", onclick: () => void copyCitation(app, quote, copy) }, words.say("copy"));
  const open =
    doc?.text && quote.q
      ? h("button", {
          type: "button", class: "small", onclick: () => app.nav.go({ mode: "read", doc: doc.i, at: quote.q!.join("-") }),
        }, words.say("openInText"))
      : null;
  return h(
    "figure", { class: "evidence" }, body,
    h("figcaption", {}, h("span", { class: "where" }, place.filter(Boolean).join(" › ")),
      h("span", { class: "rule", title: words.say("rule") }, app.atlas.data.rules[quote.r] ?? ""),
      h("span", { class: "actions" }, copy, open)),
  );
}

async function copyCitation(app: App, quote: Quote, button: HTMLElement): Promise<void> {
  const text = citation(app, quote);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "offscreen" }, text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = app.words.say("copied");
  app.announce(app.words.say("copied"));
  setTimeout(() => (button.textContent = app.words.say("copy")), 1500);
}
