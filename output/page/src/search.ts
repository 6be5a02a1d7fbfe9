/** Search as you type over names, aliases, pinyin initials and whole pinyin. */

import type { Atlas } from "./atlas";

export interface Hit {
  n: number;
  /** the alias that matched, when it was not the name */
  via?: string;
}

const fold = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

export class Search {
  private readonly names: string[];
  private readonly aliases: string[][];
  private readonly exact = new Map<string, number>();
  private readonly weight: number[];

  constructor(private readonly atlas: Atlas) {
    const { entities } = atlas.data;
    this.names = entities.map((e) => fold(e.n));
    this.aliases = entities.map((e) => (e.a ?? []).map(fold));
    entities.forEach((e, n) => this.exact.set(e.n, this.exact.has(e.n) ? -1 : n));
    this.weight = entities.map((_, n) => atlas.weight(n));
  }

  /** The entity with exactly this name, or undefined when there is none or more than one. */
  named(name: string): number | undefined {
    const found = this.exact.get(name);
    return found === undefined || found < 0 ? undefined : found;
  }

  find(query: string, limit = 12, type?: string): Hit[] {
    const wanted = fold(query);
    if (!wanted) return [];
    const latin = /^[a-z0-9]+$/.test(wanted);
    const found: { hit: Hit; rank: number }[] = [];
    this.names.forEach((_, n) => {
      const entity = this.atlas.data.entities[n];
      if (type && entity.t !== type) return;
      let rank = place(this.names[n], wanted);
      let via: string | undefined;
      if (rank > 1)
        this.aliases[n].forEach((alias, k) => {
          const at = place(alias, wanted) + 0.5;
          if (at < rank) {
            rank = at;
            via = entity.a![k];
          }
        });
      if (latin && rank > 2) {
        const initials = entity.py ?? "";
        const whole = entity.pf ?? "";
        if (initials === wanted) rank = Math.min(rank, 1.2);
        else if (initials.startsWith(wanted)) rank = Math.min(rank, 1.8);
        else if (wanted.length > 2 && whole.startsWith(wanted)) rank = Math.min(rank, 1.7);
        else if (wanted.length > 1 && initials.includes(wanted)) rank = Math.min(rank, 3.5);
      }
      if (rank < 9) found.push({ hit: via === undefined ? { n } : { n, via }, rank });
    });
    found.sort((a, b) => a.rank - b.rank || this.weight[b.hit.n] - this.weight[a.hit.n] || a.hit.n - b.hit.n);
    return found.slice(0, limit).map((f) => f.hit);
  }
}

/** 0 the same, 1 a beginning, 2 inside, 3 all its characters in order, 9 no match. */
function place(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (name.includes(wanted)) return 2;
  if (wanted.length < 2) return 9;
  let at = -1;
  for (const character of wanted) {
    at = name.indexOf(character, at + 1);
    if (at < 0) return 9;
  }
  return 3;
}
