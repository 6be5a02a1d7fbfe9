/** Filters with live counts, and the table beside the picture. */

import { type App, docName, dot, entityLink, statusBadge } from "./app";
import { bdi, fill, h } from "./dom";
import { CONFIDENCE, NO_STATUS } from "./filters";
import { plain } from "./quotes";
import type { Facet } from "./view";

interface Option {
  value: string;
  label: Node | string;
  mark?: Node | null;
}

function options(app: App, facet: Facet): Option[] {
  const { data } = app.atlas;
  const { words } = app;
  if (facet === "type") return data.vocabulary.types.map((t) => ({ value: t.i, label: words.term(t.i), mark: dot(t.i) }));
  if (facet === "predicate") return data.vocabulary.predicates.map((p) => ({ value: p.i, label: words.term(p.i) }));
  if (facet === "status")
    return [...data.vocabulary.statuses.map((s) => s.i), NO_STATUS].map((s) => ({
      value: s, label: s === NO_STATUS ? words.say("none") : words.term(s), mark: h("span", { class: `stroke s-${s}`, "aria-hidden": "true" }),
    }));
  if (facet === "document") return data.documents.map((d) => ({ value: d.i, label: bdi(docName(app, d.i)) }));
  if (facet === "district") return app.issuers.map((n) => ({ value: data.entities[n].i, label: bdi(data.entities[n].n) }));
  if (facet === "confidence") return CONFIDENCE.map((c) => ({ value: c, label: `${words.say("atLeast")} ${c}` }));
  return [...new Set(data.claims.map((c) => c.y ?? "").filter(Boolean))].sort().map((y) => ({ value: y, label: y }));
}

export function drawFilters(app: App, panel: HTMLElement): void {
  const { nav, words, visible } = app;
  const { facets } = nav.view;
  const active = Object.values(facets).some((v) => v.length) || nav.view.hidden.length > 0;
  const shut = new Set([...panel.querySelectorAll("details:not([open])")].map((d) => (d as HTMLElement).dataset["facet"]));
  const first = panel.childElementCount === 0;
  const held = document.activeElement instanceof HTMLInputElement ? document.activeElement.id : "";
  const groups = (["type", "predicate", "status", "document", "district", "period", "confidence"] as Facet[]).map((facet) => {
    const list = options(app, facet).filter((o) => visible.counts[facet].get(o.value) || facets[facet].includes(o.value) || facet === "type");
    if (!list.length) return null;
    const closed = first ? facet === "period" || facet === "confidence" : shut.has(facet);
    return h("details", { class: "facet", open: !closed, "data-facet": facet },
      h("summary", {}, words.say(facet), facets[facet].length ? h("span", { class: "chosen" }, facets[facet].length) : null),
      h("ul", {}, list.map((option) => {
        const count = visible.counts[facet].get(option.value) ?? 0;
        const id = `f-${facet}-${option.value}`;
        const box = h("input", { type: "checkbox", id, checked: facets[facet].includes(option.value), onchange: () => nav.toggleFacet(facet, option.value) });
        return h("li", { class: count ? "" : "zero" }, h("label", { for: id }, box, option.mark ?? null, h("span", { class: "label" }, option.label), h("span", { class: "count" }, count)));
      })));
  });
  const reset = h("button", {
    type: "button", class: "small", id: "reset", disabled: !active,
    onclick: () => nav.go({ facets: { type: [], predicate: [], status: [], document: [], district: [], period: [], confidence: [] }, hidden: [] }),
  }, words.say("reset"));
  fill(panel, h("div", { class: "panel-head" }, h("h2", {}, words.say("filters")), reset),
    h("p", { class: "totals", id: "totals" }, h("b", {}, visible.entityCount), ` ${words.say("entities")} · `, h("b", {}, visible.claimCount), ` ${words.say("claims")}`, app.remote ? ` (${words.say("loaded")})` : null),
    groups);
  if (held) document.getElementById(held)?.focus();
}

const PAGE = 200;

/** The same content as the picture: entities of the map, or claims of what is drawn. */
export function drawTable(app: App, place: HTMLElement, claims: number[] | undefined): void {
  const { atlas, words, visible } = app;
  if (claims) {
    const row = (c: number): HTMLElement => {
      const claim = atlas.data.claims[c];
      return h("tr", {}, h("td", {}, entityLink(app, claim.s)), h("td", { class: "short" }, words.term(claim.p), " ", statusBadge(app, claim.t)),
        h("td", {}, entityLink(app, claim.o)), h("td", { class: "said", lang: "zh" }, claim.e[0] ? plain(atlas.exact(claim.e[0])).replace(/\s*\n\s*/g, "") : words.say("reference")));
    };
    long(app, place, ["subject", "relation", "object", "quote"], claims, row);
    return;
  }
  const found: number[] = [];
  visible.entities.forEach((bit, n) => (bit && atlas.placed(n) ? found.push(n) : 0));
  found.sort((a, b) => atlas.weight(b) - atlas.weight(a) || a - b);
  const row = (n: number): HTMLElement => {
    const entity = atlas.data.entities[n];
    return h("tr", {}, h("td", {}, entityLink(app, n)), h("td", { class: "short" }, words.term(entity.t)), h("td", { class: "number" }, atlas.weight(n)),
      h("td", {}, [...atlas.documentsOf[n]].map((d) => docName(app, atlas.data.documents[d].i)).join("，")));
  };
  long(app, place, ["name", "type", "statements", "document"], found, row);
}

function long(app: App, place: HTMLElement, heads: string[], rows: number[], row: (n: number) => HTMLElement): void {
  const { words } = app;
  if (!rows.length) return fill(place, h("p", { class: "empty" }, words.say("nothing")));
  const body = h("tbody", {}, rows.slice(0, PAGE).map(row));
  let at = PAGE;
  const more = h("button", { type: "button", class: "small more", onclick: () => {
    body.append(...rows.slice(at, at + PAGE).map(row));
    at += PAGE;
    if (at >= rows.length) more.remove();
    else more.textContent = `${words.say("more")} ${rows.length - at}`;
  } }, `${words.say("more")} ${rows.length - at}`);
  fill(place, h("table", { class: "rows" },
    h("caption", {}, `${rows.length} ${words.say("rows")}`),
    h("thead", {}, h("tr", {}, heads.map((k) => h("th", { scope: "col" }, words.say(k as "name"))))), body), rows.length > PAGE ? more : null);
}
