/**
 * The neighbourhood of an entity as a two-sided tree: relations that start at it to the right,
 * relations that end at it to the left, one group for each relation, rows far enough apart to read.
 * Units are pixels at scale 1; x grows to the right and y upwards, as the renderer wants it.
 */

import type { Atlas } from "./atlas";

export interface Group {
  key: string;
  owner: number;
  predicate: string;
  /** true when the owner is the subject */
  out: boolean;
  count: number;
  x: number;
  y: number;
  side: 1 | -1;
}

export interface Spot {
  n: number;
  x: number;
  y: number;
  side: 1 | -1 | 0;
  depth: number;
}

export interface More {
  key: string;
  x: number;
  y: number;
  side: 1 | -1;
  count: number;
}

export interface Ego {
  spots: Map<number, Spot>;
  groups: Group[];
  more: More[];
  claims: Set<number>;
  box: { x0: number; y0: number; x1: number; y1: number };
}

export const ROW = 25;
const GROUP_GAP = 30;
const DEEPER = 330;
const FIRST = 9;

interface Bundle {
  predicate: string;
  out: boolean;
  members: number[];
}

/** Neighbours of an entity by relation and direction, most strongly attested first. */
export function bundles(atlas: Atlas, n: number, passes: (claim: number) => boolean): Bundle[] {
  const found = new Map<string, { bundle: Bundle; seen: Map<number, number> }>();
  for (const c of atlas.claimsOf[n]) {
    if (!passes(c)) continue;
    const claim = atlas.data.claims[c];
    const out = claim.s === n;
    const key = `${claim.p}|${out}`;
    let entry = found.get(key);
    if (!entry) found.set(key, (entry = { bundle: { predicate: claim.p, out, members: [] }, seen: new Map() }));
    const other = atlas.other(claim, n);
    entry.seen.set(other, (entry.seen.get(other) ?? 0) + claim.e.length);
  }
  const order = new Map(atlas.data.vocabulary.predicates.map((p, k) => [p.i, k]));
  const rank = (a: number): number => atlas.weight(a);
  return [...found.values()]
    .map(({ bundle, seen }) => {
      bundle.members = [...seen.keys()].sort((a, b) => seen.get(b)! - seen.get(a)! || rank(b) - rank(a) || a - b);
      return bundle;
    })
    .sort((a, b) => order.get(a.predicate)! - order.get(b.predicate)! || Number(b.out) - Number(a.out));
}

export interface EgoOptions {
  focus: number;
  open: number[];
  /** groups drawn in full */
  full: Set<string>;
  pinned: Set<number>;
  /** distance of the first column from the middle */
  reach: number;
  allowed: (n: number) => boolean;
  passes: (claim: number) => boolean;
  /** neighbours by a relation, when there are more than the page holds */
  members?: (n: number, predicate: string, out: boolean) => number;
}

interface Row {
  n: number;
  children: Block[];
}

interface Block {
  bundle: Bundle;
  key: string;
  owner: number;
  rows: Row[];
  left: number;
  untold: number;
}

export function layOutEgo(atlas: Atlas, options: EgoOptions): Ego {
  const ego: Ego = { spots: new Map(), groups: [], more: [], claims: new Set(), box: { x0: 0, y0: 0, x1: 0, y1: 0 } };
  const placed = new Set([options.focus]);
  const opened = new Set(options.open);
  const blocks = (owner: number, depth: number): Block[] =>
    bundles(atlas, owner, options.passes).flatMap((bundle) => {
      const key = `${owner}|${bundle.predicate}|${bundle.out}`;
      const fresh = bundle.members.filter((m) => !placed.has(m) && options.allowed(m));
      const first = depth ? Math.ceil(FIRST / 2) + 1 : FIRST;
      const limit = options.full.has(key) ? 400 : first;
      const kept = fresh.filter((m, k) => k < limit || options.pinned.has(m) || opened.has(m));
      const untold = Math.max(0, (options.members?.(owner, bundle.predicate, bundle.out) ?? 0) - bundle.members.length);
      const more = fresh.length - kept.length + untold;
      const chosen = more === 1 ? fresh : kept;
      for (const m of chosen) placed.add(m);
      if (!chosen.length) return [];
      return [{ bundle, key, owner, rows: chosen.map((n) => ({ n, children: [] })), left: fresh.length - chosen.length + untold, untold }];
    });
  const roots = blocks(options.focus, 0);
  let frontier = roots;
  for (let depth = 1; frontier.length && depth < 4; depth++) {
    const next: Block[] = [];
    for (const block of frontier)
      for (const row of block.rows)
        if (opened.has(row.n)) {
          row.children = blocks(row.n, depth);
          next.push(...row.children);
        }
    frontier = next;
  }
  const sides = balance(roots);
  for (const side of [1, -1] as const) placeSide(ego, sides[side], side, options.reach);
  ego.spots.set(options.focus, { n: options.focus, x: 0, y: 0, side: 0, depth: 0 });
  const owners = new Set([options.focus, ...opened]);
  for (const owner of owners)
    if (ego.spots.has(owner))
      for (const c of atlas.claimsOf[owner]) {
        const other = atlas.other(atlas.data.claims[c], owner);
        if (options.passes(c) && ego.spots.has(other)) ego.claims.add(c);
      }
  for (const spot of ego.spots.values()) grow(ego, spot.x, spot.y);
  for (const more of ego.more) grow(ego, more.x, more.y);
  return ego;
}

function grow(ego: Ego, x: number, y: number): void {
  const { box } = ego;
  box.x0 = Math.min(box.x0, x);
  box.x1 = Math.max(box.x1, x);
  box.y0 = Math.min(box.y0, y);
  box.y1 = Math.max(box.y1, y);
}

/** Outgoing groups to the right, incoming to the left; a lonely tall side gives groups away. */
function balance(blocks: Block[]): Record<1 | -1, Block[]> {
  const sides: Record<1 | -1, Block[]> = { 1: [], [-1]: [] };
  for (const block of blocks) sides[block.bundle.out ? 1 : -1].push(block);
  const height = (list: Block[]): number => list.reduce((sum, b) => sum + blockHeight(b), 0);
  for (const [from, to] of [[1, -1], [-1, 1]] as const)
    while (sides[from].length > 1) {
      const last = sides[from][sides[from].length - 1];
      if (height(sides[to]) + blockHeight(last) > height(sides[from]) - blockHeight(last)) break;
      sides[from].pop();
      sides[to].unshift(last);
    }
  return sides;
}

function rowHeight(row: Row): number {
  return Math.max(ROW, row.children.reduce((sum, b) => sum + blockHeight(b), 0));
}

function blockHeight(block: Block): number {
  return GROUP_GAP + block.rows.reduce((sum, r) => sum + rowHeight(r), 0) + (block.left > 0 ? ROW : 0);
}

function placeSide(ego: Ego, blocks: Block[], side: 1 | -1, reach: number): void {
  const total = blocks.reduce((sum, b) => sum + blockHeight(b), 0);
  const half = Math.max(total / 2, 1);
  /** the front of the tree bends round the middle like a circle's edge */
  const bend = (y: number): number => Math.sqrt(Math.max(0, 1 - (y / (half * 1.18)) ** 2)) * Math.min(reach * 0.36, total / 5);
  placeBlocks(ego, blocks, side, total / 2, 1, (y) => reach + bend(y));
}

function placeBlocks(
  ego: Ego, blocks: Block[], side: 1 | -1, top: number, depth: number, reach: (y: number) => number,
): void {
  let y = top;
  for (const block of blocks) {
    const { predicate, out, members } = block.bundle;
    const at = y - GROUP_GAP * 0.62;
    ego.groups.push({
      key: block.key, owner: block.owner, predicate, out, count: members.length + block.untold, side, x: side * reach(at), y: at,
    });
    y -= GROUP_GAP;
    for (const row of block.rows) {
      const height = rowHeight(row);
      const middle = y - height / 2;
      const x = reach(middle);
      ego.spots.set(row.n, { n: row.n, x: side * x, y: middle, side, depth });
      if (row.children.length) placeBlocks(ego, row.children, side, y, depth + 1, () => x + DEEPER);
      y -= height;
    }
    if (block.left > 0) {
      ego.more.push({ key: block.key, x: side * reach(y - ROW / 2), y: y - ROW / 2, side, count: block.left });
      y -= ROW;
    }
  }
}
