/** The whole text of a document with its mentions marked, linked both ways with the graph. */

import { type App, cut, docName } from "./app";
import { bdi, fill, h } from "./dom";
import { plain } from "./quotes";
import { toHash } from "./view";

interface Mark {
  start: number;
  end: number;
  n: number;
}

const HEADING = /^\s*(?:#+\s*)?(?:\*\*|<b>)?\s*(第[一二三四五六七八九十百]+[编篇章节]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|专栏\s*\d+)[^。；]{0,38}$/;
/** A line of a contents page: dots and a page number. */
const CONTENTS = /[.．…·]{3,}[\s\d*<>/b]*$/;

/** Documents offered beside the one that is read, where there are very many. */
const TABS = 24;

let drawn = "";

function marksOf(app: App, doc: number): Mark[] {
  const found: Mark[] = [];
  app.atlas.data.entities.forEach((entity, n) => {
    const flat = entity.m;
    if (!flat || !app.visible.entities[n]) return;
    for (let k = 0; k < flat.length; k += 3) if (flat[k] === doc) found.push({ start: flat[k + 1], end: flat[k + 2], n });
  });
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

export function drawReader(app: App, place: HTMLElement): void {
  const { atlas, nav, words } = app;
  const number = atlas.docIndex.get(nav.view.doc) ?? 0;
  const doc = atlas.doc(number);
  if (!doc) return fill(place, h("p", { class: "empty" }, words.say("nothing")));
  const marks = marksOf(app, number);
  const at = nav.view.at.split("-").map(Number);
  const target = at.length === 2 && at.every(Number.isInteger) && at[0] < at[1] ? (at as [number, number]) : undefined;
  const key = JSON.stringify([doc.i, nav.view.at, nav.view.facets, nav.view.lang, nav.view.hidden, nav.view.focus, doc.text === undefined]);
  if (key === drawn && place.childElementCount) return;
  drawn = key;
  const keep = place.dataset["doc"] === doc.i ? place.scrollTop : 0;
  place.dataset["doc"] = doc.i;
  const near = atlas.data.documents.filter((d, k) => k < TABS || d === doc);
  const tabs = h("nav", { class: "doc-tabs", "aria-label": words.say("documents") }, near.map((d) =>
    h("button", { type: "button", class: "small", title: cut(d.title, 200), "aria-current": d === doc ? "page" : null, onclick: () => nav.go({ doc: d.i, at: "", mode: "read" }) }, bdi(docName(app, d.i)))));
  const text = h("article", { class: "text", lang: "zh", "aria-label": doc.title });
  const here = toHash({ ...nav.view, mode: "read", doc: doc.i, at: "", focus: "" });
  if (doc.text) paragraphs(app, doc.text, marks, target, here, text);
  else text.append(h("p", { class: "empty" }, words.say(app.remote ? "noText" : "overviewText")));
  fill(place, tabs, h("p", { class: "where" }, cut(doc.title, 200), ` · ${marks.length} ${words.say("mentions")}`), text);
  const goal = place.querySelector("mark.said") ?? (keep ? null : place.querySelector(".mention.here"));
  if (goal) goal.scrollIntoView({ block: "center" });
  else place.scrollTop = keep;
}

function paragraphs(app: App, text: string, marks: Mark[], target: [number, number] | undefined, here: string, into: HTMLElement): void {
  const focus = app.atlas.index.get(app.nav.view.focus);
  let at = 0;
  let next = 0;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    if (line.trim()) {
      const heading = HEADING.test(line) && !CONTENTS.test(line);
      const block = heading ? h("h3", { "data-at": at }) : h("p", { "data-at": at });
      let from = at;
      const write = (to: number): void => {
        if (to > from) block.append(...said(text, from, to, target));
        from = Math.max(from, to);
      };
      while (next < marks.length && marks[next].start < end) {
        const mark = marks[next++];
        if (mark.start < from) continue;
        write(mark.start);
        const entity = app.atlas.data.entities[mark.n];
        const stop = Math.min(mark.end, end);
        const link = h("a", { href: `${here}&focus=${encodeURIComponent(entity.i)}`, class: `mention m-${entity.t}${mark.n === focus ? " here" : ""}`, title: app.words.term(entity.t) });
        link.append(...said(text, mark.start, stop, target));
        block.append(link);
        from = stop;
      }
      write(end);
      into.append(block);
    }
    at = end + 1;
  }
}

/** A stretch of text, with what belongs to the wanted span marked. */
function said(text: string, from: number, to: number, target: [number, number] | undefined): Node[] {
  if (!target || target[1] <= from || to <= target[0]) return [new Text(plain(text.slice(from, to)))];
  const [a, b] = [Math.max(from, target[0]), Math.min(to, target[1])];
  const nodes: Node[] = [];
  if (a > from) nodes.push(new Text(plain(text.slice(from, a))));
  nodes.push(h("mark", { class: "said" }, plain(text.slice(a, b))));
  if (b < to) nodes.push(new Text(plain(text.slice(b, to))));
  return nodes;
}

/** The pane beside a text: what the document is, and its headings. */
export function drawContents(app: App, pane: HTMLElement, place: HTMLElement): void {
  const { atlas, nav, words } = app;
  const doc = atlas.data.documents.find((d) => d.i === nav.view.doc) ?? atlas.data.documents[0];
  if (!doc) return fill(pane);
  const rows: [string, string][] = [
    [words.say("kind"), words.term(doc.kind)], [words.say("period"), doc.period], [words.say("code"), doc.code],
    [words.say("adopted"), doc.adopted], ["SHA-256", doc.sha256.slice(0, 16) + "…"],
  ];
  const latest = new Map<string, HTMLElement>();
  for (const heading of place.querySelectorAll<HTMLElement>(".text h3")) {
    const words = (heading.textContent ?? "").replace(/[#*\s]+/g, " ").trim();
    latest.delete(words);
    latest.set(words, heading);
  }
  fill(pane, h("h2", {}, bdi(cut(doc.title, 120))),
    h("dl", { class: "properties" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    latest.size ? h("h3", {}, words.say("contents")) : null,
    h("ul", { class: "plain contents" }, [...latest].map(([title, heading]) => {
      const level = /^第.+[章篇编]/.test(title) || /^[一二三四五六七八九十]+、/.test(title) ? 1 : 2;
      return h("li", { class: `level-${level}` }, h("button", { type: "button", class: "doc-link", onclick: () => heading.scrollIntoView({ block: "start" }) }, title));
    })));
}
