/** What every part of the page shares. */

import type { Atlas } from "./atlas";
import { bdi, h } from "./dom";
import type { Filters, Visible } from "./filters";
import type { Remote } from "./remote";
import type { Search } from "./search";
import type { Entity } from "./types";
import type { Navigator } from "./view";
import type { Words } from "./words";

export interface App {
  atlas: Atlas;
  nav: Navigator;
  words: Words;
  filters: Filters;
  search: Search;
  /** the server that answers for what the page does not hold */
  remote?: Remote;
  /** groups of neighbours drawn and listed in full: entity, relation, direction */
  full: Set<string>;
  visible: Visible;
  /** issuing districts, by number */
  issuers: number[];
  dark: boolean;
  announce(text: string): void;
  redraw(): void;
}

/** Whether a claim passes the filters; where a server answers, it says so of what it told. */
export function passes(app: App, claim: number): boolean {
  return app.visible.claims[claim] === 1 || (app.remote?.found(app.nav.view, claim) ?? false);
}

/** Open an entity's neighbourhood. */
export function focusOn(app: App, n: number): void {
  const id = app.atlas.data.entities[n].i;
  app.nav.go({ mode: "focus", focus: id, open: [], claim: "" });
}

export function dot(type: string): HTMLElement {
  return h("span", { class: `dot t-${type}`, "aria-hidden": "true" });
}

/** A name as a button that opens its neighbourhood, with its type's mark. */
export function entityLink(app: App, n: number, attributes: Record<string, string> = {}): HTMLElement {
  const entity = app.atlas.data.entities[n];
  return h(
    "button",
    { type: "button", class: "entity", title: title(app, entity), ...attributes, onclick: () => focusOn(app, n) },
    dot(entity.t), bdi(cut(entity.n, 80)),
  );
}

export function title(app: App, entity: Entity): string {
  return `${app.words.term(entity.t)} · ${cut(entity.n, 200)}`;
}

export function cut(text: string, length: number): string {
  const points = [...text];
  return points.length > length ? points.slice(0, length - 1).join("") + "…" : text;
}

export function statusBadge(app: App, status: string | undefined): HTMLElement | null {
  return status ? h("span", { class: `badge s-${status}` }, app.words.term(status)) : null;
}

/** `>=90` as ≥90, and a bound in words. */
export function figure(value: string, unit: string): string {
  const shownValue = value.replace(/^>=/, "≥").replace(/^<=/, "≤");
  // An aim in words ("kept within bounds") has no unit, whatever stands in the column of a table.
  if (!/\d/.test(value)) return shownValue;
  return unit === "%" ? `${shownValue}%` : unit ? `${shownValue} ${unit}` : shownValue;
}

/** A document's short name: its district and its kind. */
export function docName(app: App, id: string): string {
  const doc = app.atlas.doc(app.atlas.docIndex.get(id) ?? -1);
  if (!doc) return id;
  return doc.district ? `${doc.district} · ${app.words.term(doc.kind)}` : doc.title;
}
