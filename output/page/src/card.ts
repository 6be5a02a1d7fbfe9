/** The evidence pane: an entity's card, its relations with their quotes, its figures. */

import { type App, docName, dot, entityLink, figure, passes as passing, statusBadge } from "./app";
import { bundles } from "./ego";
import { bdi, fill, h, svg } from "./dom";
import { quoteBlock } from "./quotes";
import type { Claim, Observation } from "./types";

const FIRST = 8;

export function drawCard(app: App, pane: HTMLElement): void {
  const { atlas, words, nav } = app;
  const n = atlas.index.get(nav.view.focus);
  if (n === undefined) {
    fill(pane, h("p", { class: "empty" }, words.say("unknown"), bdi(nav.view.focus)));
    return;
  }
  const entity = atlas.data.entities[n];
  fill(
    pane,
    h("header", { class: "card-head" },
      h("p", { class: "kind" }, dot(entity.t), words.term(entity.t)),
      h("h2", { tabindex: -1, id: "card-title" }, bdi(entity.n)),
      properties(app, n),
      actions(app, n)),
    facts(app, n),
    figures(app, n),
    merges(app, n),
  );
}

function properties(app: App, n: number): HTMLElement {
  const { atlas, words } = app;
  const entity = atlas.data.entities[n];
  const rows: [string, (Node | string)[]][] = [];
  if (entity.a?.length) rows.push([words.say("aliases"), entity.a.flatMap((a, k) => [...(k ? ["、"] : []), bdi(a)])]);
  if (entity.c) rows.push([words.say("code"), [entity.c]]);
  if (entity.l?.length) rows.push([words.say("links"), entity.l.map((l) => link(l))]);
  const counts = new Map<number, number>();
  for (let k = 0; k < (entity.m?.length ?? 0); k += 3) counts.set(entity.m![k], (counts.get(entity.m![k]) ?? 0) + 1);
  const places = [...counts].map(([d, times]) => {
    const doc = atlas.data.documents[d];
    const first = entity.m!.indexOf(d) % 3 === 0 ? entity.m!.indexOf(d) : firstOf(entity.m!, d);
    const at = `${entity.m![first + 1]}-${entity.m![first + 2]}`;
    return h("button", { type: "button", class: "doc-link", title: doc.title, onclick: () => app.nav.go({ mode: "read", doc: doc.i, at }) },
      bdi(doc.district || doc.title), ` ${times} ${words.say("times")}`);
  });
  for (const d of entity.md ?? []) {
    const doc = atlas.data.documents[d];
    if (!counts.has(d)) places.push(h("button", { type: "button", class: "doc-link", title: doc.title, onclick: () => app.nav.go({ mode: "read", doc: doc.i, at: "" }) }, bdi(docName(app, doc.i))));
  }
  if (places.length) rows.push([words.say("mentionedIn"), places]);
  return h("dl", { class: "properties" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function firstOf(flat: number[], d: number): number {
  for (let k = 0; k < flat.length; k += 3) if (flat[k] === d) return k;
  return 0;
}

/** Only web addresses become links; anything else is shown as it is. */
function link(target: string): Node {
  return /^https?:\/\//.test(target)
    ? h("a", { href: target, rel: "noreferrer noopener", target: "_blank" }, target.replace(/^https?:\/\//, ""))
    : bdi(target);
}

function actions(app: App, n: number): HTMLElement {
  const { nav, words, atlas } = app;
  const entity = atlas.data.entities[n];
  const button = (label: string, act: () => void, pressed?: boolean): HTMLElement =>
    h("button", { type: "button", class: "small", onclick: act, ...(pressed === undefined ? {} : { "aria-pressed": String(pressed) }) }, label);
  const pinned = nav.view.pinned.includes(entity.i);
  const items = [
    ...(nav.view.mode === "focus" ? [] : [button(words.say("picture"), () => nav.go({ mode: "focus", claim: "" }))]),
    button(words.say("pathFrom"), () => nav.go({ mode: "path", ends: [entity.i] })),
    button(pinned ? words.say("unpin") : words.say("pin"),
      () => nav.go({ pinned: pinned ? nav.view.pinned.filter((p) => p !== entity.i) : [...nav.view.pinned, entity.i] }), pinned),
    button(words.say("hide"), () => nav.go({ hidden: [...new Set([...nav.view.hidden, entity.i])], mode: "map", focus: "" })),
  ];
  if (entity.t === "District")
    items.push(button(words.say("addCompare"),
      () => nav.go({ mode: "compare", compare: [...new Set([...nav.view.compare, entity.i])].slice(-5) })));
  return h("div", { class: "actions" }, items);
}

function facts(app: App, n: number): HTMLElement {
  const { atlas, words } = app;
  const passes = (c: number): boolean => passing(app, c);
  const groups = bundles(atlas, n, passes);
  const section = h("section", { class: "facts", "aria-labelledby": "facts-title" },
    h("h3", { id: "facts-title" }, words.say("facts")));
  if (!groups.length) section.append(h("p", { class: "empty" }, words.say("noFacts")));
  for (const { predicate, out, members } of groups) {
    const list = h("ul", { class: "fact-list" });
    const claimsTo = (m: number): number[] =>
      atlas.claimsOf[n].filter((c) => {
        const claim = atlas.data.claims[c];
        return passes(c) && claim.p === predicate && (claim.s === n) === out && atlas.other(claim, n) === m;
      });
    const add = (some: number[]): void => {
      for (const m of some) list.append(fact(app, m, claimsTo(m)));
    };
    const wanted = atlas.claimIndex.get(app.nav.view.claim);
    const has = wanted !== undefined && members.findIndex((m) => claimsTo(m).includes(wanted));
    const key = `${n}|${predicate}|${out}`;
    const count = Math.max(members.length, app.remote?.members(app.nav.view, n, predicate, out) ?? 0);
    const first = (typeof has === "number" && has >= FIRST) || (app.remote && app.full.has(key)) ? members.length : FIRST;
    add(members.slice(0, first));
    const rest = members.slice(first);
    const details = h("details", { open: true, class: "group" },
      h("summary", {}, h("span", { class: "relation" }, words.relation(predicate, out)), h("span", { class: "count" }, count)),
      list);
    const untold = count > members.length && !app.full.has(key);
    if (rest.length || untold) {
      const show = (): void => {
        if (untold) {
          app.full.add(key);
          app.redraw();
        } else add(rest);
        more.remove();
      };
      const more = h("button", { type: "button", class: "small more", onclick: show }, `${words.say("showAll")} ${count}`);
      details.append(more);
    } else if (count > members.length) details.append(h("p", { class: "empty" }, `${words.say("more")} ${count - members.length} ${words.say("moreUnit")}`));

    section.append(details);
  }
  return section;
}

function fact(app: App, m: number, claims: number[]): HTMLElement {
  const { atlas, words, nav } = app;
  const list = claims.map((c) => atlas.data.claims[c]);
  const statuses = [...new Set(list.map((c) => c.t))].map((t) => statusBadge(app, t));
  const open = list.some((c) => c.i === nav.view.claim);
  const evidence = h("div", { class: "evidence-list", hidden: !open });
  const quotes = list.reduce((sum, c) => sum + (c.m ?? c.e.length), 0);
  const toggle = h("button", {
    type: "button", class: "small quotes", "aria-expanded": String(open),
    onclick: () => {
      evidence.hidden = !evidence.hidden;
      toggle.setAttribute("aria-expanded", String(!evidence.hidden));
      if (!evidence.hidden) {
        fill(evidence, list.map((c) => evidenceOf(app, c)));
        nav.amend({ claim: list[0].i });
      }
    },
  }, quotes ? `${words.say("quotes")} ${quotes}` : words.say("reference"));
  if (open) fill(evidence, list.map((c) => evidenceOf(app, c)));
  return h("li", { class: "fact" }, entityLink(app, m), statuses,
    [...new Set(list.map((c) => c.y).filter(Boolean))].map((y) => h("span", { class: "period" }, y!)), toggle, evidence);
}

/** The quotes of a statement (`most` of them), which a server may have to be asked for first. */
export function evidenceOf(app: App, statement: Claim | Observation, most = Infinity): HTMLElement {
  if (!statement.e.length) return h("p", { class: "where" }, `${app.words.say("reference")} ${"src" in statement ? statement.src : ""}`);
  const quotes = (): HTMLElement[] => statement.e.slice(0, most).map((quote) => quoteBlock(app, quote));
  const wanted = app.remote?.evidence(statement);
  const place = h("div", {}, wanted ? h("p", { class: "empty" }, app.words.say("asking")) : quotes());
  void wanted?.then(() => fill(place, quotes()));
  return place;
}

function figures(app: App, n: number): HTMLElement | null {
  const { atlas, words } = app;
  const rows = atlas.observationsOf[n].map((o) => atlas.data.observations[o]);
  if (!rows.length) return null;
  const own = rows.some((o) => o.s === n);
  rows.sort((a, b) => (own ? a.n - b.n : a.s - b.s) || a.y.localeCompare(b.y) || a.i.localeCompare(b.i));
  const table = h("table", { class: "figures" },
    h("thead", {}, h("tr", {}, [own ? "indicator" : "subject", "value", "period", "kind"].map((k) => h("th", { scope: "col" }, words.say(k as "value"))))));
  const body = h("tbody");
  let last = -1;
  for (const row of rows.slice(0, 200)) {
    const other = own ? row.n : row.s;
    const series = rows.filter((o) => (own ? o.n : o.s) === other);
    body.append(figureRow(app, row, other, other === last ? [] : series));
    last = other;
  }
  table.append(body);
  return h("section", { class: "figures-section" }, h("h3", {}, words.say("figures"), " ", h("span", { class: "count" }, rows.length)), table);
}

function figureRow(app: App, row: Observation, other: number, series: Observation[]): Node {
  const { words } = app;
  const detail = h("tr", { class: "detail", hidden: true });
  const toggle = h("button", {
    type: "button", class: "figure-value", "aria-expanded": "false", title: words.say("quotes"),
    onclick: () => {
      detail.hidden = !detail.hidden;
      toggle.setAttribute("aria-expanded", String(!detail.hidden));
      if (!detail.hidden) fill(detail, h("td", { colspan: 4 }, evidenceOf(app, row)));
    },
  }, figure(row.v, row.u));
  const fragment = document.createDocumentFragment();
  fragment.append(
    h("tr", {}, h("td", {}, series.length ? [entityLink(app, other), sparkline(app, series)] : null), h("td", { class: [...figure(row.v, row.u)].length > 14 ? "" : "short" }, toggle),
      h("td", { class: "short" }, row.y || "—"), h("td", {}, words.term(row.k), row.a ? h("span", { class: "badge" }, row.a) : null)),
    detail,
  );
  return fragment;
}

/** Values of one indicator over time: actual as a line, targets as open circles. */
export function sparkline(app: App, series: Observation[]): Node | null {
  const points = series
    .filter((o) => o.k !== "change" && /^(>=|<=|>|<)?-?\d+(\.\d+)?$/.test(o.v) && /^\d{4}$/.test(o.y))
    .map((o) => ({ year: Number(o.y), value: Number(o.v.replace(/^[<>=]+/, "")), target: o.k === "target", unit: o.u }))
    .sort((a, b) => a.year - b.year);
  if (points.length < 2 || new Set(points.map((p) => p.unit)).size > 1 || new Set(points.map((p) => p.year)).size < 2) return null;
  const years = points.map((p) => p.year);
  const values = points.map((p) => p.value);
  const [y0, y1, v0, v1] = [Math.min(...years), Math.max(...years), Math.min(...values), Math.max(...values)];
  const at = (p: { year: number; value: number }): [number, number] =>
    [5 + (70 * (p.year - y0)) / (y1 - y0), 20 - (15 * (p.value - v0)) / (v1 - v0 || 1)];
  const picture = svg("svg", { class: "sparkline", viewBox: "0 0 80 25", width: 80, height: 25, role: "img" });
  picture.setAttribute("aria-label", `${app.words.say("history")}: ${points.map((p) => `${p.year} ${p.value}`).join(", ")}`);
  picture.append(svg("polyline", { points: points.map((p) => at(p).join(",")).join(" "), class: "line" }));
  for (const p of points) {
    const [cx, cy] = at(p);
    picture.append(svg("circle", { cx, cy, r: 2.6, class: p.target ? "target" : "actual" }));
  }
  return picture;
}

function merges(app: App, n: number): HTMLElement | null {
  const entity = app.atlas.data.entities[n];
  if (!entity.g?.length) return null;
  return h("details", { class: "merges" }, h("summary", {}, app.words.say("merges")),
    h("ul", {}, entity.g.map(([surface, into, reason, score]) => h("li", {}, bdi(surface), " = ", bdi(into), ` · ${reason} · ${score}`))));
}
