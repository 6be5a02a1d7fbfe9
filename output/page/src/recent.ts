/** What was chosen in a search box of late; kept by the browser where it lets a page keep anything. */

import type { App } from "./app";

interface Kept {
  i: string;
  n: string;
  t: string;
}

const KEY = "plankg-recent";
const MOST = 6;
let session: Kept[] = [];

/** Storage may be forbidden (private windows, some browsers for files): then the session alone remembers. */
function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function kept(): Kept[] {
  try {
    const found: unknown = JSON.parse(storage()?.getItem(KEY) ?? "null");
    if (Array.isArray(found)) return found.filter(isKept).slice(0, MOST);
  } catch {
    // What cannot be read was not written by this page.
  }
  return session;
}

function isKept(value: unknown): value is Kept {
  const entry = value as Kept | null;
  return [entry?.i, entry?.n, entry?.t].every((word) => typeof word === "string");
}

/** The entities chosen last, the latest first; only those that the graph has. */
export function recent(app: App, type?: string): { n: number }[] {
  const { atlas } = app;
  return kept().flatMap(({ i, n: name, t }) => {
    // A server knows more than the page: what was chosen from its answers is added again.
    const n = atlas.index.get(i) ?? (app.remote ? atlas.addEntity({ i, n: name, t }) : undefined);
    return n === undefined || (type && t !== type) ? [] : [{ n }];
  });
}

export function remember(app: App, n: number): void {
  const { i, n: name, t } = app.atlas.data.entities[n];
  session = [{ i, n: name, t }, ...kept().filter((entry) => entry.i !== i)].slice(0, MOST);
  try {
    storage()?.setItem(KEY, JSON.stringify(session));
  } catch {
    // Full or forbidden: the session remembers.
  }
}
