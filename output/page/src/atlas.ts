/** The graph with the indexes that every view needs. What a server tells later is added to it. */

import type { Claim, Doc, Entity, Observation, PageData, Quote } from "./types";

export class Atlas {
  readonly index = new Map<string, number>();
  readonly claimIndex = new Map<string, number>();
  readonly observationIndex = new Map<string, number>();
  readonly docIndex = new Map<string, number>();
  /** claims by entity, each claim once even when it is its own subject and object */
  readonly claimsOf: number[][] = [];
  readonly observationsOf: number[][] = [];
  /** documents that speak of an entity */
  readonly documentsOf: Set<number>[] = [];
  private readonly below = new Map<number, Set<number>>();

  constructor(readonly data: PageData) {
    data.documents.forEach((d, n) => this.docIndex.set(d.i, n));
    data.entities.forEach((e, n) => this.note(e, n));
    data.claims.forEach((c, n) => this.noteClaim(c, n));
    data.observations.forEach((o, n) => this.noteObservation(o, n));
  }

  private note(entity: Entity, n: number): void {
    this.index.set(entity.i, n);
    this.claimsOf.push([]);
    this.observationsOf.push([]);
    const found = new Set(entity.md);
    for (let k = 0; k < (entity.m?.length ?? 0); k += 3) found.add(entity.m![k]);
    this.documentsOf.push(found);
  }

  private noteClaim(claim: Claim, n: number): void {
    this.claimIndex.set(claim.i, n);
    for (const end of new Set([claim.s, claim.o])) {
      this.claimsOf[end].push(n);
      if (claim.d >= 0) this.documentsOf[end].add(claim.d);
    }
    if (claim.p === "partOf" || claim.p === "locatedIn") this.below.clear();
  }

  private noteObservation(value: Observation, n: number): void {
    this.observationIndex.set(value.i, n);
    for (const end of new Set([value.s, value.n])) {
      this.observationsOf[end].push(n);
      if (value.d >= 0) this.documentsOf[end].add(value.d);
    }
  }

  /** The number of a document, which is added when it is new. */
  addDocument(doc: Doc): number {
    const known = this.docIndex.get(doc.i);
    if (known !== undefined) return known;
    this.docIndex.set(doc.i, this.data.documents.length);
    return this.data.documents.push(doc) - 1;
  }

  /** The number of an entity; what is told of one that is known is added to it. */
  addEntity(entity: Entity): number {
    const known = this.index.get(entity.i);
    if (known === undefined) {
      this.note(entity, this.data.entities.length);
      return this.data.entities.push(entity) - 1;
    }
    Object.assign(this.data.entities[known], entity);
    for (const d of entity.md ?? []) this.documentsOf[known].add(d);
    return known;
  }

  /** The number of a claim; of one that is known the quotes may become more. */
  addClaim(claim: Claim): number {
    const known = this.claimIndex.get(claim.i);
    if (known === undefined) {
      this.noteClaim(claim, this.data.claims.length);
      return this.data.claims.push(claim) - 1;
    }
    if (claim.e.length > this.data.claims[known].e.length) this.replaceQuotes(this.data.claims[known], claim);
    return known;
  }

  addObservation(value: Observation): number {
    const known = this.observationIndex.get(value.i);
    if (known !== undefined) return known;
    this.noteObservation(value, this.data.observations.length);
    return this.data.observations.push(value) - 1;
  }

  private replaceQuotes(old: Claim, told: Claim): void {
    old.e = told.e;
    if (told.m === undefined) delete old.m;
    else old.m = told.m;
  }

  entity(id: string): Entity | undefined {
    const n = this.index.get(id);
    return n === undefined ? undefined : this.data.entities[n];
  }

  doc(n: number): Doc | undefined {
    return n < 0 ? undefined : this.data.documents[n];
  }

  /** Number of statements that speak of an entity; its importance. */
  weight(n: number): number {
    return this.data.entities[n].w ?? this.claimsOf[n].length + this.observationsOf[n].length;
  }

  /** Whether an entity has a place on the map. */
  placed(n: number): boolean {
    return this.data.entities[n].x !== undefined;
  }

  /** The words of a quote, cut out of its document. */
  exact(quote: Quote): string {
    const text = this.doc(quote.d)?.text;
    if (quote.q && text) return text.slice(quote.q[0], quote.q[1]);
    return quote.x ?? "";
  }

  section(quote: Quote): string[] {
    return this.data.sections[quote.s] ?? [];
  }

  /** Spans of code points of a quote, for citations: the page itself counts UTF-16 units. */
  codePoints(quote: Quote): [number, number] | undefined {
    const text = this.doc(quote.d)?.text;
    if (quote.k) return quote.k;
    if (!quote.q || !text) return undefined;
    const start = [...text.slice(0, quote.q[0])].length;
    return [start, start + [...text.slice(quote.q[0], quote.q[1])].length];
  }

  other(claim: Claim, n: number): number {
    return claim.s === n ? claim.o : claim.s;
  }

  /**
   * A district with the districts and parks that are part of it or lie in it, however deep. A sentence that
   * says otherwise than the official codes (a belt of cities "part of" one of its cities) leads nowhere.
   */
  within(n: number): Set<number> {
    const known = this.below.get(n);
    if (known) return known;
    const found = new Set([n]);
    const queue = [n];
    const above = (this.data.entities[n].c ?? "").replace(/(?:00)+$/, "");
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const c of this.claimsOf[at]) {
        const claim = this.data.claims[c];
        const down = claim.o === at && (claim.p === "partOf" || claim.p === "locatedIn");
        const { t: type, c: code } = this.data.entities[claim.s];
        if (code && !code.startsWith(above)) continue;
        if (down && (type === "District" || type === "Park") && !found.has(claim.s)) {
          found.add(claim.s);
          queue.push(claim.s);
        }
      }
    }
    this.below.set(n, found);
    return found;
  }

  /** The districts that issued the documents, in the documents' order. */
  issuers(): number[] {
    const names = new Map<string, number[]>();
    this.data.entities.forEach((e, n) => {
      if (e.t !== "District") return;
      for (const key of e.c ? [e.n, `#${e.c}`] : [e.n]) names.set(key, [...(names.get(key) ?? []), n]);
    });
    const found = new Set<number>();
    for (const doc of this.data.documents) {
      const [n] = [...(doc.code ? (names.get(`#${doc.code}`) ?? []) : []), ...(names.get(doc.district) ?? [])].sort((a, b) => a - b);
      if (n !== undefined) found.add(n);
    }
    return [...found];
  }

  observation(n: number): Observation {
    return this.data.observations[n];
  }
}

/** Text safe to draw on a canvas or in one line: no direction overrides, no line breaks, cut to size. */
export function shown(name: string, length = 40): string {
  const flat = name.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "").replace(/\s+/g, " ").trim();
  const points = [...flat];
  return points.length > length ? points.slice(0, length - 1).join("") + "…" : flat;
}
