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
  /** undefined until it is needed, where the server keeps it; null when it has none */
  text?: string | null;
}

/** Evidence: document (-1 when it is not in the page), rule, section path, span `q`, or words `x` and code points `k`. */
export interface Quote {
  d: number;
  r: number;
  s: number;
  p?: number;
  q?: Pair;
  x?: string;
  k?: Pair;
  a?: Pair;
  b?: Pair;
}

export interface Entity {
  i: string;
  t: string;
  n: string;
  /** place and size on the map; what is not in the overview of a large graph has none */
  x?: number;
  y?: number;
  z?: number;
  /** statements that speak of it, where the page does not hold them all */
  w?: number;
  a?: string[];
  c?: string;
  s?: string;
  l?: string[];
  py?: string;
  pf?: string;
  /** document, start, end of each occurrence */
  m?: number[];
  /** documents that mention it, where `m` does not tell */
  md?: number[];
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
  /** number of quotes, when it has more than `e` */
  m?: number;
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
  m?: number;
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
  /** sizes of the whole graph, of which the page holds an overview */
  total?: { entities: number; claims: number; observations: number; documents: number };
  /** the server that gave the page answers for the rest */
  server?: boolean;
}
