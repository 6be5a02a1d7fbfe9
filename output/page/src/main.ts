/** The explorer: reads the page's data, follows the address, draws. */

import { type App, cut, docName, dot, entityLink, figure, focusOn, passes } from "./app";
import { askAll, drawAsk, saveSelection } from "./ask";
import { Atlas, shown } from "./atlas";
import { drawCard } from "./card";
import { Combo } from "./combo";
import { aspectOf, chosenDistricts, drawCompare } from "./compare";
import { bdi, byId, fill, h } from "./dom";
import { layOutEgo } from "./ego";
import { engine } from "./engine";
import { Filters } from "./filters";
import { palette } from "./palette";
import { drawFilters, drawTable } from "./panels";
import { type Routes, currentPaths, drawPaths, pathPlan } from "./paths";
import { savePng, saveSvg } from "./picture";
import { plain } from "./quotes";
import { drawContents, drawReader } from "./reader";
import { Remote } from "./remote";
import { type Plan, Scene } from "./scene";
import { Search } from "./search";
import type { PageData } from "./types";
import { Navigator, type Mode, type View } from "./view";
import { Words, type WordKey } from "./words";

const data = JSON.parse(byId("data").textContent ?? "{}") as PageData;
performance.mark("data");
const atlas = new Atlas(data);
performance.mark("atlas");
const words = new Words(data.vocabulary);
const nav = new Navigator();
const issuers = atlas.issuers();
const full = new Set<string>();
const filters = new Filters(atlas, issuers);
const app: App = {
  atlas, nav, words, filters, issuers, full, search: new Search(atlas), visible: filters.apply(nav.view), dark: false,
  announce: (text) => (byId("live").textContent = text),
  redraw: () => draw(nav.view, true),
  ...(data.server ? { remote: new Remote(atlas) } : {}),
};
let plan: Plan | undefined;
let planKey = "";
let routes: Routes = { ends: [], paths: [] };

const scene = new Scene(atlas, byId("canvas"), palette(false),
  { type: (t) => words.term(t), shared: () => words.say("shared") },
  {
    node: (n) => clickNode(n),
    more: (key) => {
      full.add(key);
      draw(nav.view, true);
    },
    claim: (c) => openClaim(c),
    hover: (n, at) => hover(n, at),
    ground: () => undefined,
  });

function clickNode(n: number): void {
  const { view } = nav;
  const id = data.entities[n].i;
  if (view.mode === "focus" && view.focus && view.focus !== id) {
    const open = view.open.includes(id);
    nav.go({ open: open ? view.open.filter((o) => o !== id) : [...view.open, id] });
  } else focusOn(app, n);
}

function openClaim(c: number): void {
  nav.amend({ claim: data.claims[c].i });
  scene.mark(c);
  byId("pane").querySelector(".evidence-list:not([hidden])")?.scrollIntoView({ block: "center" });
}

/** The tooltip: type, aliases and the first facts with their sentences. */
function hover(n: number | undefined, at: { x: number; y: number }): void {
  const tip = byId("tip");
  if (n === undefined) {
    tip.hidden = true;
    return;
  }
  const entity = data.entities[n];
  const claims = atlas.claimsOf[n].filter((c) => passes(app, c)).slice(0, 3).map((c) => data.claims[c]);
  const values = atlas.observationsOf[n].slice(0, 2).map((o) => data.observations[o]);
  fill(tip, h("p", { class: "kind" }, dot(entity.t), words.term(entity.t)), h("strong", {}, bdi(cut(entity.n, 80))),
    entity.a?.length ? h("p", { class: "aliases" }, `${words.say("aliases")}：`, entity.a.slice(0, 4).map((a, k) => [k ? "、" : "", bdi(cut(a, 40))])) : null,
    claims.map((claim) => h("p", { class: "tip-fact" },
      h("span", {}, bdi(shown(data.entities[claim.s].n, 24)), ` ${words.term(claim.p)} `, bdi(shown(data.entities[claim.o].n, 24)), claim.t ? ` · ${words.term(claim.t)}` : ""),
      claim.e[0] ? h("q", { lang: "zh" }, cut(plain(atlas.exact(claim.e[0])).replace(/\s*\n\s*/g, ""), 90)) : null)),
    values.map((o) => h("p", { class: "tip-fact" }, bdi(shown(data.entities[o.n].n, 24)), ` ${figure(o.v, o.u)} ${o.y}`)));
  tip.hidden = false;
  const stage = byId("stage").getBoundingClientRect();
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, at.x + 18 + box.width > stage.width ? at.x - box.width - 18 : at.x + 18)}px`;
  tip.style.top = `${Math.max(4, Math.min(at.y - 20, stage.height - box.height - 8))}px`;
}

function egoPlan(view: View): Plan | undefined {
  const focus = atlas.index.get(view.focus);
  if (focus === undefined) return undefined;
  const number = (ids: string[]): number[] => ids.map((id) => atlas.index.get(id)).filter((n) => n !== undefined);
  const hidden = new Set(number(view.hidden));
  const ego = layOutEgo(atlas, {
    focus, reach: Math.max(105, Math.min(280, scene.size().width / 2 - 260)), open: number(view.open), full, pinned: new Set(number(view.pinned)),
    allowed: (n) => !hidden.has(n) && allowedType(view, n),
    passes: (c) => passes(app, c),
    ...(app.remote ? { members: (n, predicate, out) => app.remote!.members(view, n, predicate, out) } : {}),
  });
  return {
    places: [...ego.spots.values()].map((s) => ({
      ...s, size: s.depth === 0 ? 17 : Math.min(10, 4.5 + Math.sqrt(atlas.weight(s.n)) * 0.7), strong: s.depth === 0,
    })),
    claims: ego.claims,
    more: ego.more.map((m) => ({ ...m, text: `${words.say("more")} ${m.count} ${words.say("moreUnit")}`.trim() })),
    free: ego.groups.map((g) => ({ text: `${words.relation(g.predicate, g.out)}  ${g.count}`, x: g.x, y: g.y, side: g.side })),
    box: ego.box,
  };
}

function allowedType(view: View, n: number): boolean {
  return !view.facets.type.length || view.facets.type.includes(data.entities[n].t);
}

function planFor(view: View): Plan | undefined {
  if (view.mode === "focus") return egoPlan(view);
  if (view.mode !== "path") return undefined;
  routes = currentPaths(app);
  return pathPlan(routes.ends, routes.paths, scene.size().width);
}

/** The pane and the middle of each mode. */
function drawMode(view: View): void {
  const pane = byId("pane");
  const middle = byId("middle");
  // Tables have the whole width until one of their cells is opened.
  pane.hidden = view.mode === "compare" || view.mode === "ask";
  const wide = view.mode === "read" || view.mode === "compare" || view.mode === "ask";
  byId("stage").dataset["mode"] = view.mode;
  middle.hidden = !wide;
  byId("canvas").hidden = wide || view.table;
  byId("table").hidden = wide || !view.table;
  for (const id of ["as-table", "zoom-in", "zoom-out", "whole", "png", "svg", "ttl"]) byId(id).hidden = wide || (view.table && id !== "as-table") || (id === "ttl" && !engine());
  if (view.mode === "read") {
    drawReader(app, middle);
    if (atlas.index.has(view.focus)) drawCard(app, pane);
    else drawContents(app, pane, middle);
  } else if (view.mode === "compare") {
    drawCompare(app, middle, pane);
  } else if (view.mode === "ask") {
    drawAsk(app, middle);
  } else if (view.mode === "path") drawPaths(app, pane, routes);
  else if (view.mode === "focus") drawCard(app, pane);
  else drawStart(pane);
  if (!wide && view.table) drawTable(app, byId("table"), plan ? [...plan.claims] : undefined);
}

/** What a view needs of a server; the districts that a comparison begins with are known to the page alone. */
function missing(view: View): Promise<void> | undefined {
  const parts = [app.remote?.missing(view, full)];
  if (view.mode === "compare") parts.push(app.remote?.missingCells(chosenDistricts(app).map((n) => data.entities[n].i), aspectOf(app)));
  const wanted = parts.filter((part) => part !== undefined);
  return wanted.length ? Promise.all(wanted).then(() => undefined) : undefined;
}

function draw(view: View, force = false): void {
  words.lang = view.lang;
  const wanted = missing(view);
  document.documentElement.dataset["asking"] = wanted ? "1" : "";
  if (wanted) {
    dress(view);
    app.announce(words.say("asking"));
    void wanted.then(() => (nav.view === view ? draw(view, true) : undefined));
    return;
  }
  if (app.remote?.error) app.announce(words.say("unreachable") + app.remote.error);
  app.visible = filters.apply(view);
  const key = JSON.stringify([view.mode, view.focus, view.open, view.pinned, view.hidden, view.facets, view.lang, view.ends, view.aspect]);
  if (force || key !== planKey) plan = planFor(view);
  planKey = key;
  byId("tip").hidden = true;
  dress(view);
  drawFilters(app, byId("filters"));
  drawMode(view);
  const focus = atlas.index.get(view.focus);
  scene.show(app.visible, plan, {
    selected: view.mode === "focus" && focus !== undefined ? focus : -1, edges: view.edges,
    ringed: view.open.map((id) => atlas.index.get(id)).filter((n) => n !== undefined),
  });
  const claim = atlas.claimIndex.get(view.claim);
  if (claim !== undefined && plan) scene.mark(claim);
}

/** Words, theme and pressed buttons around the picture. */
function dress(view: View): void {
  const dark = view.theme ? view.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  document.documentElement.lang = view.lang === "zh" ? "zh-CN" : "en";
  if (dark !== app.dark) {
    app.dark = dark;
    scene.recolour(palette(dark));
  }
  for (const element of document.querySelectorAll<HTMLElement>("[data-word]"))
    element.textContent = words.say(element.dataset["word"] as WordKey);
  for (const element of document.querySelectorAll<HTMLElement>("[data-title]")) {
    const text = words.say(element.dataset["title"] as WordKey);
    element.title = text;
    element.setAttribute("aria-label", text);
  }
  for (const tab of document.querySelectorAll<HTMLElement>("[data-mode]")) {
    const on = tab.dataset["mode"] === view.mode;
    if (on) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  byId("as-table").setAttribute("aria-pressed", String(view.table));
  byId("edges").setAttribute("aria-pressed", String(view.edges));
  byId("edges").hidden = view.mode !== "map";
  document.title = (view.mode === "focus" && atlas.entity(view.focus)?.n ? cut(atlas.entity(view.focus)!.n, 60) + " · " : "") + words.say("title");
  const search = byId<HTMLInputElement>("search");
  search.placeholder = words.say("search");
  search.setAttribute("aria-label", words.say("searchLabel"));
}

/** Documents named in the pane of the map. */
const DOCUMENTS = 40;

/** The pane of the map: what the graph holds and where to begin. */
function drawStart(pane: HTMLElement): void {
  const top = [...data.entities.keys()].filter((n) => app.visible.entities[n] && atlas.placed(n)).sort((a, b) => atlas.weight(b) - atlas.weight(a) || a - b);
  const { total } = data;
  const count = (values: number, key: WordKey, of?: number): HTMLElement =>
    h("li", {}, h("b", {}, of ?? values), ` ${words.say(key)}`, of === undefined || of === values ? null : h("span", { class: "part" }, ` (${words.say("shownOf")} ${values})`));
  fill(pane, h("h2", {}, words.say("title")), h("p", { class: "lead" }, words.say("start")),
    total ? h("p", { class: "notice", id: "notice" }, words.say(data.server ? "servedOf" : "overviewOf"), data.server ? null : h("code", {}, "plankg serve")) : null,
    app.remote?.error ? h("p", { class: "error", role: "alert" }, words.say("unreachable"), app.remote.error) : null,
    h("ul", { class: "numbers" }, count(data.entities.length, "entities", total?.entities), count(data.claims.length, "claims", total?.claims), count(data.observations.length, "observations", total?.observations), count(data.documents.length, "documents", total?.documents)),
    h("h3", {}, words.say("corpus")),
    h("ul", { class: "plain" }, data.documents.slice(0, DOCUMENTS).map((d) => h("li", {}, h("button", { type: "button", class: "doc-link", title: d.title, onclick: () => nav.go({ mode: "read", doc: d.i, at: "" }) }, bdi(docName(app, d.i)))))),
    ["District", "Park", "Industry", "Project"].map((type) => {
      const some = top.filter((n) => data.entities[n].t === type).slice(0, 6);
      return some.length ? [h("h3", {}, `${words.say("top")} · ${words.term(type)}`), h("p", { class: "chips" }, some.map((n) => entityLink(app, n)))] : null;
    }));
}

/** What is on the picture: the entities and relations of the plan, or those of the map that pass. */
function drawn(): { entities: number[]; claims: number[] } {
  if (plan) return { entities: plan.places.map((p) => p.n), claims: [...plan.claims] };
  const some = (bits: Uint8Array): number[] => [...bits.keys()].filter((n) => bits[n]);
  const { entities, claims } = app.visible;
  const placed = some(entities).filter((n) => atlas.placed(n));
  const there = new Set(placed);
  return { entities: placed, claims: some(claims).filter((c) => there.has(data.claims[c].s) && there.has(data.claims[c].o)) };
}

new Combo(app, byId<HTMLInputElement>("search"), byId("search-list"), (n) => focusOn(app, n));
for (const tab of document.querySelectorAll<HTMLElement>("[data-mode]"))
  tab.addEventListener("click", () => nav.go({ mode: tab.dataset["mode"] as Mode, claim: "" }));
byId("language").addEventListener("click", () => nav.amend({ lang: nav.view.lang === "zh" ? "en" : "zh" }));
byId("theme").addEventListener("click", () => nav.amend({ theme: app.dark ? "light" : "dark" }));
byId("as-table").addEventListener("click", () => nav.amend({ table: !nav.view.table }));
byId("edges").addEventListener("click", () => nav.amend({ edges: !nav.view.edges }));
byId("zoom-in").addEventListener("click", () => scene.zoom(1 / 1.5));
byId("zoom-out").addEventListener("click", () => scene.zoom(1.5));
byId("whole").addEventListener("click", () => (plan ? nav.go({ mode: "map", focus: "" }) : scene.whole(true)));
byId("canvas").addEventListener("keydown", (event) => {
  const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (move) scene.pan(move[0], move[1]);
  else if (event.key === "+" || event.key === "=") scene.zoom(1 / 1.5);
  else if (event.key === "-") scene.zoom(1.5);
  else if (event.key === "0") scene.whole(true);
  else return;
  event.preventDefault();
});
byId("png").addEventListener("click", () => savePng(scene, palette(app.dark)));
byId("ttl").addEventListener("click", () => void saveSelection(app, drawn()));
byId("svg").addEventListener("click", () => saveSvg(scene, palette(app.dark)));
byId("toggle-filters").addEventListener("click", () => {
  const open = byId("filters").classList.toggle("open");
  byId("toggle-filters").setAttribute("aria-expanded", String(open));
});
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
  if (event.key === "/" && !typing) {
    byId("search").focus();
    event.preventDefault();
  }
});
performance.mark("scene");
nav.listen((view) => draw(view));
draw(nav.view, true);
performance.mark("drawn");
document.documentElement.dataset["ready"] = "1";
Object.assign(window, { plankg: { scene, drawn: () => scene.drawn(), names: () => scene.names, askAll: () => askAll(app), search: (q: string) => app.search.find(q).length } });
