/** The data of the page, as `output/page/data.py` writes it. Offsets are UTF-16 units. */

export type Pair = [number, number];

export interface Word {
  i: string;
  zh: string;
  en: string;
  zh_note?: string;
  en_note?: string;
}

export interface Doc {
  i: string;
  title: string;
  kind: string;
  district: string;
  code: string;
  adopted: string;
  period: string;
  issuer: string;
  sha256: string;
  text: string;
}

/** Evidence: document (-1 when it is not in the page), rule, section path, span `q` or words `x`. */
export interface Quote {
  d: number;
  r: number;
  s: number;
  p?: number;
  q?: Pair;
  x?: string;
  a?: Pair;
  b?: Pair;
}

export interface Entity {
  i: string;
  t: string;
  n: string;
  x: number;
  y: number;
  z: number;
  a?: string[];
  c?: string;
  s?: string;
  l?: string[];
  py?: string;
  pf?: string;
  /** document, start, end of each occurrence */
  m?: number[];
  /** surface, joined to, reason, score */
  g?: [string, string, string, number][];
}

export interface Claim {
  i: string;
  s: number;
  p: string;
  o: number;
  d: number;
  e: Quote[];
  t?: string;
  y?: string;
  c?: number;
  src?: string;
}

export interface Observation {
  i: string;
  s: number;
  n: number;
  v: string;
  u: string;
  y: string;
  k: string;
  d: number;
  e: Quote[];
  a?: string;
  c?: number;
}

export interface Island {
  n: string;
  c: [number, number, number];
  k: number;
  t: [string, number, number, number, number][];
}

export interface PageData {
  version: number;
  base: string;
  vocabulary: { types: Word[]; predicates: Word[]; statuses: Word[]; kinds: Word[] };
  documents: Doc[];
  entities: Entity[];
  claims: Claim[];
  observations: Observation[];
  sections: string[][];
  rules: string[];
  islands: Island[];
}
