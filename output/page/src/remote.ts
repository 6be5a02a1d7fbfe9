/**
 * The rest of a graph that is too large for one page, asked from the server that gave the page.
 * What it tells is added to the atlas; the views then read the atlas as they always do.
 */

import type { Atlas } from "./atlas";
import type { Claim, Doc, Entity, Observation, Pair, Quote } from "./types";
import { FACETS, type View } from "./view";

interface ApiEntity {
  id: string;
  type: string;
  name: string;
  code: string | null;
  degree: number;
  aliases?: string[];
  scope?: string | null;
  documents?: string[];
}

interface ApiQuote {
  document: string;
  start: number;
  end: number;
  exact: string;
  page: number | null;
  rule: string | null;
  section: string[];
}

interface ApiStatement {
  id: string;
  period: string | null;
  document: string;
  confidence: number;
  quotes: ApiQuote[];
  told?: number;
}

interface ApiClaim extends ApiStatement {
  subject: ApiEntity;
  predicate: string;
  object: ApiEntity;
  status: string | null;
}

interface ApiObservation extends ApiStatement {
  subject: ApiEntity;
  indicator: ApiEntity;
  value: string;
  unit: string | null;
  kind: string | null;
  attribute: string | null;
}

interface Neighbourhood {
  entity: ApiEntity & { figures: ApiObservation[] };
  groups: { predicate: string; direction: "out" | "in"; members: number }[];
  claims: ApiClaim[];
  documents: Doc[];
}

interface Part {
  claims: ApiClaim[];
  observations: ApiObservation[];
  documents: Doc[];
}

export interface Step {
  from: number;
  to: number;
  claims: number[];
}

export class Remote {
  /** how many neighbours an entity has by relation (`plans|out`), under the filters of `key` */
  private readonly groups = new Map<string, Map<string, number>>();
  private readonly done = new Set<string>();
  private readonly asked = new Map<string, Promise<void>>();
  private readonly rules = new Map<string, number>();
  private readonly sections = new Map<string, number>();
  private readonly routes = new Map<string, Step[][]>();
  /** claims that the server found under the filters of `key` */
  private readonly passing = new Map<string, Set<number>>();
  /** what went wrong last, for the reader */
  error = "";

  constructor(private readonly atlas: Atlas, private readonly base = "") {
    atlas.data.rules.forEach((rule, n) => this.rules.set(rule, n));
    atlas.data.sections.forEach((path, n) => this.sections.set(JSON.stringify(path), n));
  }

  /** What a view needs and the page does not hold yet; undefined when all is there. */
  missing(view: View, full: Set<string>): Promise<void> | undefined {
    const wanted: Promise<void>[] = [];
    const need = (key: string, load: () => Promise<void>): void => {
      if (!this.done.has(key)) wanted.push(this.once(key, load));
    };
    const hoods = view.mode === "focus" ? [view.focus, ...view.open] : view.mode === "read" && view.focus ? [view.focus] : [];
    for (const id of hoods) need(this.hoodKey(view, id, full), () => this.hood(view, id, full));
    if (view.mode === "read" && view.doc) need(`doc ${view.doc}`, () => this.document(view.doc));
    if (view.mode === "path") {
      const [from, to] = view.ends;
      if (from && to && from !== "?") need(this.pathKey(view), () => this.path(view));
      else for (const id of view.ends) if (id !== "?" && !this.atlas.index.has(id)) need(`entity ${id}`, () => this.entity(id));
    }
    if (view.mode === "compare") {
      for (const id of view.compare) if (!this.atlas.index.has(id)) need(`entity ${id}`, () => this.entity(id));
    }
    return wanted.length ? Promise.all(wanted).then(() => undefined) : undefined;
  }

  /** As `missing`, for the districts that are compared. */
  missingCells(ids: string[], aspect: string): Promise<void> | undefined {
    const wanted = ids.filter((id) => !this.done.has(`cells ${aspect} ${id}`)).map((id) => this.once(`cells ${aspect} ${id}`, () => this.cells(id, aspect)));
    return wanted.length ? Promise.all(wanted).then(() => undefined) : undefined;
  }

  private once(key: string, load: () => Promise<void>): Promise<void> {
    let running = this.asked.get(key);
    if (!running) {
      this.error = "";
      running = load().catch((error: unknown) => {
        this.error = String(error instanceof Error ? error.message : error);
      }).then(() => {
        this.asked.delete(key);
        // A thing that cannot be had is not asked for again and again.
        this.done.add(key);
      });
      this.asked.set(key, running);
    }
    return running;
  }

  private async get<T>(path: string, fields: Record<string, string> = {}): Promise<T> {
    const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value)).toString();
    const answer = await fetch(`${this.base}${path}${query ? `?${query}` : ""}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      const told = (await answer.json().catch(() => ({}))) as { detail?: string };
      throw new Error(told.detail ?? `${answer.status} ${answer.statusText}`);
    }
    return (await answer.json()) as T;
  }

  private facets(view: View): Record<string, string> {
    return Object.fromEntries(FACETS.filter((f) => view.facets[f].length).map((f) => [f, view.facets[f].join("~")]));
  }

  private key(view: View): string {
    return JSON.stringify(this.facets(view));
  }

  private opened(id: string, full: Set<string>): string {
    const n = this.atlas.index.get(id);
    return n === undefined ? "" : [...full].filter((k) => k.startsWith(`${n}|`)).map((k) => this.relation(k)).sort().join("~");
  }

  /** `12|plans|true`, as the pictures name a group, as the server names it. */
  private relation(key: string): string {
    const [, predicate, out] = key.split("|");
    return `${predicate}|${out === "true" ? "out" : "in"}`;
  }

  private hoodKey(view: View, id: string, full: Set<string>): string {
    return `hood ${id} ${this.key(view)} ${this.opened(id, full)}`;
  }

  private async hood(view: View, id: string, full: Set<string>): Promise<void> {
    const told = await this.get<Neighbourhood>("/explorer/neighbourhood.json", { id, full: this.opened(id, full), ...this.facets(view) });
    for (const doc of told.documents) this.atlas.addDocument(doc);
    const n = this.learn(told.entity);
    const claims = told.claims.map((claim) => this.claim(claim));
    for (const value of told.entity.figures) this.observation(value);
    this.groups.set(`${n} ${this.key(view)}`, new Map(told.groups.map((g) => [`${g.predicate}|${g.direction === "out"}`, g.members])));
    const passing = this.passing.get(this.key(view)) ?? new Set();
    for (const c of claims) passing.add(c);
    this.passing.set(this.key(view), passing);
  }

  /** The number of an entity's neighbours by a relation, as far as the server told it. */
  members(view: View, n: number, predicate: string, out: boolean): number {
    return this.groups.get(`${n} ${this.key(view)}`)?.get(`${predicate}|${out}`) ?? 0;
  }

  /** Whether the server found a claim under these filters. */
  found(view: View, claim: number): boolean {
    return this.passing.get(this.key(view))?.has(claim) ?? false;
  }

  private async entity(id: string): Promise<void> {
    this.learn(await this.get<ApiEntity>(`/api/entities/${encodeURIComponent(id)}`));
  }

  private async cells(id: string, aspect: string): Promise<void> {
    const told = await this.get<Part>("/explorer/district.json", { id, type: aspect });
    for (const doc of told.documents) this.atlas.addDocument(doc);
    for (const claim of told.claims) this.claim(claim);
    for (const value of told.observations) this.observation(value);
  }

  private pathKey(view: View): string {
    return `path ${view.ends.join(" ")} ${view.aspect}`;
  }

  private async path(view: View): Promise<void> {
    const [from, to] = view.ends;
    const ask = (through: string): Promise<{ items: { entities: ApiEntity[]; steps: ApiClaim[][] }[] }> =>
      this.get("/explorer/paths.json", { from, to, through });
    for (const id of [from, to]) if (!this.atlas.index.has(id)) await this.entity(id);
    let told = await ask(view.aspect === "hubs" ? "all" : "some");
    if (!told.items.length && view.aspect !== "hubs") told = await ask("all");
    this.routes.set(this.pathKey(view), told.items.map(({ entities, steps }) => {
      const ends = entities.map((e) => this.learn(e));
      return steps.map((claims, k) => ({ from: ends[k], to: ends[k + 1], claims: claims.map((c) => this.claim(c)) }));
    }));
  }

  paths(view: View): Step[][] {
    return this.routes.get(this.pathKey(view)) ?? [];
  }

  /** Load a document's text and mentions. */
  async document(id: string): Promise<void> {
    const told = await this.get<{ document: Doc; text: string | null; mentions: [string, number, number][]; entities: ApiEntity[] }>("/explorer/document.json", { id });
    const d = this.atlas.addDocument(told.document);
    Object.assign(this.atlas.data.documents[d], told.document, { text: told.text });
    for (const entity of told.entities) this.learn(entity);
    for (const [entity, start, end] of told.mentions) {
      const n = this.atlas.index.get(entity);
      if (n === undefined) continue;
      (this.atlas.data.entities[n].m ??= []).push(d, start, end);
      this.atlas.documentsOf[n].add(d);
    }
  }

  /** Load what a statement's evidence shows: all its quotes, and the texts in which they stand. */
  evidence(statement: Claim | Observation): Promise<void> | undefined {
    const wanted: Promise<void>[] = [];
    const key = `quotes ${statement.i}`;
    if (statement.m !== undefined && "o" in statement && !this.done.has(key))
      wanted.push(this.once(key, async () => void this.claim(await this.get<ApiClaim>(`/api/claims/${encodeURIComponent(statement.i)}`))));
    for (const quote of statement.e) {
      const doc = this.atlas.doc(quote.d);
      if (doc && doc.text === undefined && !this.done.has(`doc ${doc.i}`)) wanted.push(this.once(`doc ${doc.i}`, () => this.document(doc.i)));
    }
    if (!wanted.length) {
      this.settle(statement);
      return undefined;
    }
    return Promise.all(wanted).then(() => this.evidence(statement));
  }

  /** Give the quotes of a statement their places in the texts, which count UTF-16 units. */
  private settle(statement: Claim | Observation): void {
    for (const quote of statement.e) {
      const text = this.atlas.doc(quote.d)?.text;
      if (quote.q || !quote.k || !text) continue;
      quote.q = utf16(text, quote.k);
    }
  }

  /** Search by the server: numbers of entities, and the name by which each was found. */
  async search(words: string, type: string | undefined, limit: number): Promise<{ n: number; via?: string }[]> {
    const told = await this.get<{ items: (ApiEntity & { label: string })[] }>("/api/search", { q: words, type: type ?? "", limit: String(limit) });
    return told.items.map((item) => ({ n: this.learn(item), ...(item.label === item.name ? {} : { via: item.label }) }));
  }

  private learn(told: ApiEntity): number {
    const entity: Entity = { i: told.id, t: told.type, n: told.name, w: told.degree };
    if (told.code) entity.c = told.code;
    if (told.aliases?.length) entity.a = told.aliases;
    if (told.scope) entity.s = told.scope;
    if (told.documents) entity.md = told.documents.map((id) => this.doc(id)).filter((d) => d >= 0);
    return this.atlas.addEntity(entity);
  }

  /** A document's number; one that is only named is added by its id. */
  private doc(id: string): number {
    if (id.startsWith("reference:")) return -1;
    return this.atlas.docIndex.get(id) ?? this.atlas.addDocument({
      i: id, title: id, kind: "other", district: "", code: "", adopted: "", period: "", issuer: "", sha256: "",
    });
  }

  private claim(told: ApiClaim): number {
    const claim: Claim = {
      i: told.id, s: this.learn(told.subject), p: told.predicate, o: this.learn(told.object), ...this.said(told),
    };
    if (claim.d < 0) claim.src = told.document;
    if (told.status) claim.t = told.status;
    return this.atlas.addClaim(claim);
  }

  private observation(told: ApiObservation): number {
    const value: Observation = {
      i: told.id, s: this.learn(told.subject), n: this.learn(told.indicator), v: told.value, u: told.unit ?? "",
      k: told.kind ?? "", ...this.said(told), y: told.period ?? "",
    };
    if (told.attribute) value.a = told.attribute;
    return this.atlas.addObservation(value);
  }

  private said(told: ApiStatement): Pick<Claim, "d" | "e" | "m" | "y" | "c"> {
    return {
      d: this.doc(told.document), e: told.quotes.map((quote) => this.quote(quote)),
      ...((told.told ?? 0) > told.quotes.length ? { m: told.told! } : {}),
      ...(told.period ? { y: told.period } : {}), ...(told.confidence !== 1 ? { c: told.confidence } : {}),
    };
  }

  private quote(told: ApiQuote): Quote {
    const { rules, sections } = this.atlas.data;
    const quote: Quote = {
      d: this.doc(told.document), r: number(this.rules, told.rule ?? "", rules, told.rule ?? ""),
      s: number(this.sections, JSON.stringify(told.section), sections, told.section), x: told.exact, k: [told.start, told.end],
    };
    if (told.page !== null) quote.p = told.page;
    return quote;
  }
}

function number<T>(known: Map<string, number>, key: string, list: T[], value: T): number {
  let found = known.get(key);
  if (found === undefined) known.set(key, (found = list.push(value) - 1));
  return found;
}

/** A span of code points as UTF-16 units. */
export function utf16(text: string, [start, end]: Pair): Pair {
  let points = 0;
  let at = 0;
  const found: number[] = [];
  for (const goal of [start, end]) {
    while (points < goal && at < text.length) {
      at += text.codePointAt(at)! > 0xffff ? 2 : 1;
      points++;
    }
    found.push(at);
  }
  return [found[0], found[1]];
}
