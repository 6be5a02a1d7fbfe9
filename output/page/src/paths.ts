/** Why are these two connected: the shortest paths between two entities, and the sentence of each step. */

import { type App, entityLink, passes as passing, statusBadge } from "./app";
import type { Atlas } from "./atlas";
import { evidenceOf } from "./card";
import { picker } from "./combo";
import { fill, h } from "./dom";
import type { Step } from "./remote";
import type { Plan } from "./scene";

const MOST = 8;

/** All shortest undirected paths, 8 at most, the best attested first; inner entities must be allowed. */
export function shortestPaths(
  atlas: Atlas, from: number, to: number, passes: (claim: number) => boolean, inner: (n: number) => boolean,
): Step[][] {
  const distance = new Map([[from, 0]]);
  const before = new Map<number, Set<number>>();
  let frontier = [from];
  while (frontier.length && !distance.has(to)) {
    const next: number[] = [];
    for (const at of frontier) {
      for (const c of atlas.claimsOf[at]) {
        if (!passes(c)) continue;
        const other = atlas.other(atlas.data.claims[c], at);
        if (other !== to && !inner(other)) continue;
        const known = distance.get(other);
        if (known === undefined) {
          distance.set(other, distance.get(at)! + 1);
          before.set(other, new Set([at]));
          next.push(other);
        } else if (known === distance.get(at)! + 1) before.get(other)!.add(at);
      }
    }
    frontier = next;
  }
  if (!distance.has(to) || from === to) return [];
  let chains: number[][] = [[to]];
  for (let k = distance.get(to)!; k > 0; k--)
    chains = chains.flatMap((chain) => [...(before.get(chain[0]) ?? [])].map((n) => [n, ...chain])).slice(0, 400);
  const between = (a: number, b: number): number[] =>
    atlas.claimsOf[a].filter((c) => passes(c) && atlas.other(atlas.data.claims[c], a) === b);
  const found = chains.map((chain) => chain.slice(1).map((n, k) => ({ from: chain[k], to: n, claims: between(chain[k], n) })));
  const strength = (steps: Step[]): number => Math.min(...steps.map((s) => s.claims.reduce((sum, c) => sum + atlas.data.claims[c].e.length, 0)));
  return found.sort((a, b) => strength(b) - strength(a)).slice(0, MOST);
}

export interface Routes {
  ends: (number | undefined)[];
  paths: Step[][];
  /** true when there is no path that avoids the issuing districts, and these are shown instead */
  through?: boolean;
}

/** The paths asked for by the address; issuing districts stand inside only where asked or needed. */
export function currentPaths(app: App): Routes {
  const { atlas, nav } = app;
  const ends = [0, 1].map((k) => atlas.index.get(nav.view.ends[k] ?? ""));
  if (ends[0] === undefined || ends[1] === undefined) return { ends, paths: [] };
  const hidden = new Set(nav.view.hidden);
  const hubs = nav.view.aspect === "hubs" ? new Set<number>() : new Set(app.issuers);
  if (app.remote) {
    const paths = app.remote.paths(nav.view);
    const met = paths.some((path) => path.slice(1).some((step) => hubs.has(step.from)));
    return { ends, paths, through: met };
  }
  const passes = (c: number): boolean => passing(app, c);
  const inner = (n: number): boolean => !hubs.has(n) && !hidden.has(atlas.data.entities[n].i);
  const paths = shortestPaths(atlas, ends[0], ends[1], passes, inner);
  if (paths.length || !hubs.size) return { ends, paths };
  hubs.clear();
  const through = shortestPaths(atlas, ends[0], ends[1], passes, inner);
  return { ends, paths: through, through: through.length > 0 };
}

/** Paths as columns of steps from left to right. */
export function pathPlan(ends: (number | undefined)[], paths: Step[][], width: number): Plan {
  const columns = new Map<number, number>();
  for (const path of paths) path.forEach((step, k) => columns.set(step.from, k).set(step.to, k + 1));
  for (const end of ends) if (end !== undefined && !columns.has(end)) columns.set(end, end === ends[0] ? 0 : 1);
  const last = Math.max(1, ...columns.values());
  const gap = Math.max(90, Math.min(260, (width - 260) / last));
  const rows = new Map<number, number[]>();
  for (const [n, column] of columns) rows.set(column, [...(rows.get(column) ?? []), n]);
  const places: Plan["places"] = [];
  for (const [column, members] of rows)
    members.forEach((n, k) => {
      const strong = ends.includes(n);
      places.push({ n, x: (column - last / 2) * gap, y: ((members.length - 1) / 2 - k) * 62, size: strong ? 14 : 9, side: 0, strong });
    });
  const claims = new Set(paths.flatMap((path) => path.flatMap((step) => step.claims)));
  const [xs, ys] = [places.map((p) => p.x), places.map((p) => p.y)];
  const box = places.length ? { x0: Math.min(...xs), x1: Math.max(...xs), y0: Math.min(...ys), y1: Math.max(...ys) } : { x0: 0, x1: 1, y0: 0, y1: 1 };
  return { places, claims, more: [], free: [], box };
}

export function drawPaths(app: App, pane: HTMLElement, { ends, paths, through }: Routes): void {
  const { nav, words, atlas } = app;
  const id = (n: number): string => atlas.data.entities[n].i;
  const choose = (k: number) => (n: number): void => {
    const next = [nav.view.ends[0] ?? "", nav.view.ends[1] ?? ""];
    next[k] = id(n);
    nav.go({ ends: next[0] || k === 0 ? next.filter(Boolean) : ["?", next[1]] });
  };
  const hubs = h("input", { type: "checkbox", id: "hubs", checked: nav.view.aspect !== "hubs", onchange: () => nav.go({ aspect: nav.view.aspect === "hubs" ? "" : "hubs" }) });
  fill(pane, h("h2", {}, words.say("path")), h("p", { class: "lead" }, words.say("pathHelp")),
    picker(app, "path-from", words.say("from"), ends[0], choose(0)), picker(app, "path-to", words.say("to"), ends[1], choose(1)),
    h("p", { class: "actions" }, h("button", { type: "button", class: "small", onclick: () => nav.go({ ends: [...nav.view.ends].reverse() }) }, words.say("swap")),
      h("label", { for: "hubs", class: "check" }, hubs, words.say("skipHubs"))),
    ends[0] !== undefined && ends[1] !== undefined && !paths.length ? h("p", { class: "empty", role: "status" }, words.say(app.remote ? "noServedPath" : "noPath")) : null,
    app.remote && filtered(app) ? h("p", { class: "empty" }, words.say("servedPaths")) : null,
    through ? h("p", { class: "empty", role: "status" }, words.say("through")) : null,
    paths.map((path, k) => h("section", { class: "path" }, h("h3", {}, `${words.say("viaPath")} ${k + 1} · ${path.length} ${words.say("steps")}`),
      h("ol", { class: "steps" }, path.map((step) => stepItem(app, step))))));
}

function filtered(app: App): boolean {
  return app.nav.view.hidden.length > 0 || Object.values(app.nav.view.facets).some((chosen) => chosen.length > 0);
}

function stepItem(app: App, step: Step): HTMLElement {
  // Of several relations the one that the most sentences tell; reference data tells none.
  const [first] = step.claims.map((c) => app.atlas.data.claims[c]).sort((a, b) => (b.m ?? b.e.length) - (a.m ?? a.e.length));
  const evidence = h("div", {}, evidenceOf(app, first, 1));
  return h("li", {}, h("p", { class: "fact" }, entityLink(app, first.s), h("span", { class: "relation" }, app.words.term(first.p)), statusBadge(app, first.t), entityLink(app, first.o)), evidence);
}
