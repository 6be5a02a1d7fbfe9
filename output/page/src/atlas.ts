/** The graph in memory: the page's data with the indexes that every view needs. */

import type { Claim, Doc, Entity, Observation, PageData, Quote } from "./types";

export class Atlas {
  readonly index = new Map<string, number>();
  readonly claimIndex = new Map<string, number>();
  /** claims by entity, each claim once even when it is its own subject and object */
  readonly claimsOf: number[][];
  readonly observationsOf: number[][];
  /** documents that speak of an entity */
  readonly documentsOf: Set<number>[];
  private readonly below = new Map<number, Set<number>>();

  constructor(readonly data: PageData) {
    data.entities.forEach((e, n) => this.index.set(e.i, n));
    this.claimsOf = data.entities.map(() => []);
    this.observationsOf = data.entities.map(() => []);
    this.documentsOf = data.entities.map((e) => {
      const found = new Set<number>();
      for (let k = 0; k < (e.m?.length ?? 0); k += 3) found.add(e.m![k]);
      return found;
    });
    data.claims.forEach((c, n) => {
      this.claimIndex.set(c.i, n);
      for (const end of new Set([c.s, c.o])) {
        this.claimsOf[end].push(n);
        if (c.d >= 0) this.documentsOf[end].add(c.d);
      }
    });
    data.observations.forEach((o, n) => {
      for (const end of new Set([o.s, o.n])) {
        this.observationsOf[end].push(n);
        if (o.d >= 0) this.documentsOf[end].add(o.d);
      }
    });
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
    return this.claimsOf[n].length + this.observationsOf[n].length;
  }

  /** The words of a quote, cut out of its document. */
  exact(quote: Quote): string {
    if (quote.q && quote.d >= 0) return this.data.documents[quote.d].text.slice(quote.q[0], quote.q[1]);
    return quote.x ?? "";
  }

  section(quote: Quote): string[] {
    return this.data.sections[quote.s] ?? [];
  }

  /** Spans of code points of a quote, for citations: the page itself counts UTF-16 units. */
  codePoints(quote: Quote): [number, number] | undefined {
    if (!quote.q || quote.d < 0) return undefined;
    const text = this.data.documents[quote.d].text;
    const start = [...text.slice(0, quote.q[0])].length;
    return [start, start + [...text.slice(quote.q[0], quote.q[1])].length];
  }

  other(claim: Claim, n: number): number {
    return claim.s === n ? claim.o : claim.s;
  }

  /** A district with the districts and parks that are part of it or lie in it, however deep. */
  within(n: number): Set<number> {
    const known = this.below.get(n);
    if (known) return known;
    const found = new Set([n]);
    const queue = [n];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const c of this.claimsOf[at]) {
        const claim = this.data.claims[c];
        const down = claim.o === at && (claim.p === "partOf" || claim.p === "locatedIn");
        const type = this.data.entities[claim.s].t;
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
    const found: number[] = [];
    for (const doc of this.data.documents) {
      const n = this.data.entities.findIndex(
        (e) => e.t === "District" && (doc.code ? e.c === doc.code || e.n === doc.district : e.n === doc.district),
      );
      if (n >= 0 && !found.includes(n)) found.push(n);
    }
    return found;
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
