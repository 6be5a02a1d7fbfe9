/** What passes the filters, and what each filter value would leave: all filters combine. */

import type { Atlas } from "./atlas";
import type { Claim } from "./types";
import { FACETS, type Facet, type View } from "./view";

export const NO_STATUS = "none";
export const CONFIDENCE = ["0.9", "0.7", "0.5"];

export interface Visible {
  /** entities and claims that pass everything */
  entities: Uint8Array;
  claims: Uint8Array;
  entityCount: number;
  claimCount: number;
  /** per facet and value: how many would be left if only this facet chose the value */
  counts: Record<Facet, Map<string, number>>;
}

const CLAIM_FACETS: Facet[] = ["predicate", "status", "district", "period", "confidence"];

export class Filters {
  /** the values of each facet for each claim; more are added when the graph grows */
  private readonly claimValues = Object.fromEntries(FACETS.map((f) => [f, []])) as unknown as Record<Facet, string[][]>;
  private known = 0;

  constructor(private readonly atlas: Atlas, private readonly districts: number[]) {}

  /** Take in claims that were added since. */
  private grow(): void {
    const { claims, documents, entities } = this.atlas.data;
    if (this.known === claims.length) return;
    const inside = this.districts.map((d) => [entities[d].i, this.atlas.within(d)] as const);
    const below = (c: Claim): string[] => inside.filter(([, set]) => set.has(c.s) || set.has(c.o)).map(([id]) => id);
    const values = this.claimValues;
    // What lies in a district may be told later than a claim about it.
    for (let n = 0; n < this.known; n++) values.district[n] = below(claims[n]);
    for (const c of claims.slice(this.known)) {
      values.type.push([...new Set([entities[c.s].t, entities[c.o].t])]);
      values.predicate.push([c.p]);
      values.status.push([c.t ?? NO_STATUS]);
      values.document.push(c.d >= 0 ? [documents[c.d].i] : []);
      values.district.push(below(c));
      values.period.push(c.y ? [c.y] : []);
      values.confidence.push(CONFIDENCE.filter((least) => (c.c ?? 1) >= Number(least)));
    }
    this.known = claims.length;
  }

  apply(view: View): Visible {
    this.grow();
    const { data } = this.atlas;
    const chosen = view.facets;
    const active = FACETS.filter((f) => chosen[f].length > 0);
    const wanted = new Map(active.map((f) => [f, new Set(chosen[f])]));
    const passes = (facet: Facet, values: string[]): boolean => {
      const set = wanted.get(facet);
      return !set || values.some((v) => set.has(v));
    };
    const counts = Object.fromEntries(FACETS.map((f) => [f, new Map<string, number>()])) as Visible["counts"];
    const claims = new Uint8Array(data.claims.length);
    /** for entities: does some claim pass every claim facet but the one with this number? */
    const touched = new Uint16Array(data.entities.length);
    let claimCount = 0;
    data.claims.forEach((claim, n) => {
      const failed = active.filter((f) => !passes(f, this.claimValues[f][n]));
      if (failed.length === 0) {
        claims[n] = 1;
        claimCount++;
      }
      this.count(counts, failed, n);
      const blockers = failed.filter((f) => CLAIM_FACETS.includes(f) || f === "document");
      if (blockers.length === 0) {
        touched[claim.s] = 1;
        touched[claim.o] = 1;
      }
    });
    const entities = this.entities(view, passes, touched);
    this.countEntities(counts, view, passes, touched);
    let entityCount = 0;
    for (const bit of entities) entityCount += bit;
    return { entities, claims, entityCount, claimCount, counts };
  }

  private count(counts: Visible["counts"], failed: Facet[], n: number): void {
    if (failed.length > 1) return;
    for (const facet of failed.length ? failed : CLAIM_FACETS) {
      if (!CLAIM_FACETS.includes(facet)) continue;
      for (const value of this.claimValues[facet][n]) counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1);
    }
  }

  private documents(n: number): string[] {
    return [...this.atlas.documentsOf[n]].map((d) => this.atlas.data.documents[d].i);
  }

  /** An entity passes by its type and documents, and by a passing claim when claims are filtered. */
  private entities(view: View, passes: (f: Facet, v: string[]) => boolean, touched: Uint16Array): Uint8Array {
    const needsClaim = CLAIM_FACETS.some((f) => view.facets[f].length > 0);
    const hidden = new Set(view.hidden);
    const found = new Uint8Array(this.atlas.data.entities.length);
    this.atlas.data.entities.forEach((entity, n) => {
      const own = passes("type", [entity.t]) && passes("document", this.documents(n));
      found[n] = own && (!needsClaim || touched[n]) && !hidden.has(entity.i) ? 1 : 0;
    });
    return found;
  }

  /** Types and documents count entities. */
  private countEntities(
    counts: Visible["counts"], view: View, passes: (f: Facet, v: string[]) => boolean, touched: Uint16Array,
  ): void {
    const needsClaim = CLAIM_FACETS.some((f) => view.facets[f].length > 0);
    this.atlas.data.entities.forEach((entity, n) => {
      const documents = this.documents(n);
      const type = passes("type", [entity.t]);
      const document = passes("document", documents);
      if (needsClaim && !touched[n]) return;
      if (document) counts.type.set(entity.t, (counts.type.get(entity.t) ?? 0) + 1);
      if (type) for (const d of documents) counts.document.set(d, (counts.document.get(d) ?? 0) + 1);
    });
  }

  claimPasses(visible: Visible, claim: Claim): boolean {
    const n = this.atlas.claimIndex.get(claim.i);
    return n !== undefined && visible.claims[n] === 1;
  }
}
