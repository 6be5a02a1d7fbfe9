/** What is looked at, as one value that the address bar holds: every view can be kept and shared. */

export type Mode = "map" | "focus" | "path" | "compare" | "ask" | "read";
export type Facet = "type" | "predicate" | "status" | "document" | "district" | "period" | "confidence";
export const FACETS: Facet[] = ["type", "predicate", "status", "document", "district", "period", "confidence"];

export interface View {
  mode: Mode;
  focus: string;
  /** neighbours whose own neighbourhood is drawn too */
  open: string[];
  pinned: string[];
  hidden: string[];
  ends: string[];
  compare: string[];
  aspect: string;
  doc: string;
  at: string;
  claim: string;
  question: string;
  facets: Record<Facet, string[]>;
  table: boolean;
  edges: boolean;
  lang: "zh" | "en";
  theme: "" | "light" | "dark";
}

export function blank(): View {
  return {
    mode: "map", focus: "", open: [], pinned: [], hidden: [], ends: [], compare: [], aspect: "", doc: "", at: "",
    claim: "", question: "", facets: noFacets(), table: false, edges: false, lang: "zh", theme: "",
  };
}

export function noFacets(): Record<Facet, string[]> {
  return { type: [], predicate: [], status: [], document: [], district: [], period: [], confidence: [] };
}

const MODES: Mode[] = ["map", "focus", "path", "compare", "ask", "read"];
const LISTS = ["open", "pinned", "hidden", "ends", "compare"] as const;
const WORDS = ["focus", "aspect", "doc", "at", "claim", "question"] as const;
const escape = (value: string): string => encodeURIComponent(value).replace(/%2F/gi, "/").replace(/~/g, "%7E");
const join = (values: string[]): string => values.map(escape).join("~");
const split = (text: string): string[] => text.split("~").filter(Boolean).map(decode);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function toHash(view: View): string {
  const parts: string[] = [];
  if (view.mode !== "map") parts.push(`view=${view.mode}`);
  for (const key of WORDS) if (view[key]) parts.push(`${key}=${escape(view[key])}`);
  for (const key of LISTS) if (view[key].length) parts.push(`${key}=${join(view[key])}`);
  for (const facet of FACETS) if (view.facets[facet].length) parts.push(`${facet}=${join(view.facets[facet])}`);
  if (view.table) parts.push("table=1");
  if (view.edges) parts.push("edges=1");
  if (view.lang !== "zh") parts.push(`lang=${view.lang}`);
  if (view.theme) parts.push(`theme=${view.theme}`);
  return "#" + parts.join("&");
}

/** Read an address; anything unknown or broken in it is passed over. */
export function fromHash(hash: string): View {
  const view = blank();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const cut = part.indexOf("=");
    if (cut < 0) continue;
    const key = part.slice(0, cut);
    const value = part.slice(cut + 1);
    if (key === "view" && MODES.includes(value as Mode)) view.mode = value as Mode;
    else if ((WORDS as readonly string[]).includes(key)) view[key as (typeof WORDS)[number]] = decode(value);
    else if ((LISTS as readonly string[]).includes(key)) view[key as (typeof LISTS)[number]] = split(value);
    else if ((FACETS as string[]).includes(key)) view.facets[key as Facet] = split(value);
    else if (key === "table") view.table = value === "1";
    else if (key === "edges") view.edges = value === "1";
    else if (key === "lang" && (value === "zh" || value === "en")) view.lang = value;
    else if (key === "theme" && (value === "light" || value === "dark")) view.theme = value;
  }
  return view;
}

type Listener = (view: View, before: View) => void;

/** The current view. `go` makes a new step of the browser's history, `amend` changes this one. */
export class Navigator {
  view: View = fromHash(location.hash);
  private listeners: Listener[] = [];

  constructor() {
    window.addEventListener("hashchange", () => {
      if (location.hash.replace(/^#/, "") !== toHash(this.view).replace(/^#/, "")) this.set(fromHash(location.hash));
    });
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  go(change: Partial<View>): void {
    const next = { ...this.view, ...change };
    const hash = toHash(next);
    this.set(next);
    if (hash !== (location.hash || "#")) location.hash = hash;
  }

  amend(change: Partial<View>): void {
    const next = { ...this.view, ...change };
    this.set(next);
    location.replace(toHash(next));
  }

  toggleFacet(facet: Facet, value: string): void {
    const now = this.view.facets[facet];
    const values = now.includes(value) ? now.filter((v) => v !== value) : [...now, value];
    this.go({ facets: { ...this.view.facets, [facet]: values } });
  }

  private set(view: View): void {
    const before = this.view;
    this.view = view;
    for (const listener of this.listeners) listener(view, before);
  }
}
