/** Labels by importance that never cover each other, and the islands under the map. */

import type Sigma from "sigma";
import { shown } from "./atlas";
import { alpha, type Palette } from "./palette";
import type { Island } from "./types";

export const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif';

export interface Label {
  key: string;
  text: string;
  side: 1 | -1 | 0;
  strong?: boolean;
  /** always drawn, whatever the zoom */
  always?: boolean;
  muted?: boolean;
}

export interface FreeText {
  text: string;
  x: number;
  y: number;
  side: 1 | -1;
}

type Box = [number, number, number, number];

/** Screen rectangles already taken, in cells of a coarse grid. */
class Room {
  private readonly cells = new Map<number, Box[]>();

  take(x0: number, y0: number, x1: number, y1: number, force = false): boolean {
    const keys: number[] = [];
    for (let cx = Math.floor(x0 / 80); cx <= Math.floor(x1 / 80); cx++)
      for (let cy = Math.floor(y0 / 40); cy <= Math.floor(y1 / 40); cy++) keys.push(cx * 4096 + cy);
    if (!force)
      for (const key of keys)
        for (const [a0, b0, a1, b1] of this.cells.get(key) ?? [])
          if (x0 < a1 && a0 < x1 && y0 < b1 && b0 < y1) return false;
    for (const key of keys) {
      const list = this.cells.get(key);
      if (list) list.push([x0, y0, x1, y1]);
      else this.cells.set(key, [[x0, y0, x1, y1]]);
    }
    return true;
  }
}

/** A title of an island or a disc: its middle and its size in pixels. */
export interface Title {
  text: string;
  x: number;
  y: number;
  size: number;
  weight: number;
  colour: string;
}

export interface Drawing {
  /** most important first */
  labels: Iterable<Label>;
  free: FreeText[];
  titles: Title[];
  ring: Map<string, string>;
  hover: string;
}

const widths = { normal: new Map<string, number>(), bold: new Map<string, number>() };

function font(context: CanvasRenderingContext2D, size: number, weight = 400): void {
  context.font = `${weight} ${size}px ${FONT}`;
}

/** The width of a text in pixels. Each is measured once, in one size: a browser loads every size of a font anew. */
function width(context: CanvasRenderingContext2D, text: string, size: number, weight = 400): number {
  const known = weight > 400 ? widths.bold : widths.normal;
  let found = known.get(text);
  if (found === undefined) {
    if (known.size > 20000) known.clear();
    font(context, 12, weight > 400 ? 600 : 400);
    known.set(text, (found = context.measureText(text).width / 12));
  }
  return found * size;
}

export function drawLabels(
  context: CanvasRenderingContext2D, sigma: Sigma, drawing: Drawing, colours: Palette, focus: boolean,
): string[] {
  const { width: w, height: hgt } = sigma.getDimensions();
  const room = new Room();
  const names: string[] = [];
  context.clearRect(0, 0, w, hgt);
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const [key, colour] of drawing.ring) ring(context, sigma, key, colour);
  for (const title of drawing.titles) room.take(...drawTitle(context, title, colours), true);
  if (focus) for (const text of drawing.free) freeText(context, sigma, text, colours, room);
  let budget = focus ? 500 : Math.max(14, Math.round((w * hgt) / 13000));
  let tries = 0;
  for (const label of drawing.labels) {
    if (budget <= 0 || tries > 2500) break;
    const data = sigma.getNodeDisplayData(label.key);
    if (!data || data.hidden) continue;
    const { x, y } = sigma.framedGraphToViewport(data);
    if (x < -150 || y < -20 || x > w + 150 || y > hgt + 20) continue;
    tries++;
    const radius = sigma.scaleSize(data.size);
    if (!focus && !label.always && radius < 2.6) continue;
    const size = label.strong ? (w < 500 ? 13 : 15) : focus ? 13 : Math.round(2 * Math.min(15, 10.5 + radius * 0.22)) / 2;
    const weight = label.strong ? 600 : 400;
    let text = shown(label.text, focus ? 26 : 16);
    if (focus && label.side) text = fit(context, text, size, weight, label.side === 1 ? w - x - radius - 10 : x - radius - 10);
    const long = width(context, text, size, weight);
    let left = x - long / 2;
    let top = y;
    if (label.side === 1) left = x + radius + 5;
    else if (label.side === -1) left = x - radius - 5 - long;
    else top = y + radius + size * 0.75;
    const force = label.key === drawing.hover || label.always === true;
    if (!room.take(left - 2, top - size * 0.62, left + long + 2, top + size * 0.62, force)) continue;
    font(context, size, weight);
    halo(context, text, left, top, label.muted ? colours.soft : colours.ink, colours.paper);
    names.push(label.text);
    budget--;
  }
  return names;
}

/** The text cut to a width in pixels; a few characters stay in any case. */
function fit(context: CanvasRenderingContext2D, text: string, size: number, weight: number, space: number): string {
  const long = (some: string): number => width(context, some, size, weight);
  if (long(text) <= space) return text;
  const points = [...text];
  let keep = Math.max(4, Math.floor((points.length * space) / long(text)));
  while (keep > 4 && long(points.slice(0, keep).join("") + "…") > space) keep--;
  return points.length > keep ? points.slice(0, keep).join("") + "…" : text;
}

function halo(context: CanvasRenderingContext2D, text: string, x: number, y: number, ink: string, paper: string): void {
  context.lineWidth = 3.5;
  context.strokeStyle = alpha(paper, 0.9);
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

function ring(context: CanvasRenderingContext2D, sigma: Sigma, key: string, colour: string): void {
  const data = sigma.getNodeDisplayData(key);
  if (!data || data.hidden) return;
  const { x, y } = sigma.framedGraphToViewport(data);
  context.beginPath();
  context.arc(x, y, sigma.scaleSize(data.size) + 3.5, 0, Math.PI * 2);
  context.lineWidth = 2.5;
  context.strokeStyle = colour;
  context.stroke();
}

function freeText(
  context: CanvasRenderingContext2D, sigma: Sigma, text: FreeText, colours: Palette, room: Room,
): void {
  const { x, y } = sigma.graphToViewport(text);
  const long = width(context, text.text, 12, 600);
  const left = text.side === 1 ? x - 6 : x + 6 - long;
  room.take(left, y - 8, left + long, y + 8, true);
  font(context, 12, 600);
  halo(context, text.text, left, y, colours.soft, colours.paper);
}

function drawTitle(context: CanvasRenderingContext2D, title: Title, colours: Palette): Box {
  const { x, y, size } = title;
  const half = width(context, title.text, size, title.weight) / 2;
  font(context, size, title.weight);
  halo(context, title.text, x - half, y, title.colour, colours.paper);
  return [x - half, y - size * 0.6, x + half, y + size * 0.6];
}

/** Islands and discs as soft circles; returns the titles of those that have room for one. */
export function drawIslands(
  context: CanvasRenderingContext2D, sigma: Sigma, islands: Island[], colours: Palette, words: { type: (t: string) => string; shared: string },
): Title[] {
  const titles: Title[] = [];
  const { width: w, height: hgt } = sigma.getDimensions();
  context.clearRect(0, 0, w, hgt);
  const scale = sigma.graphToViewport({ x: 1, y: 0 }).x - sigma.graphToViewport({ x: 0, y: 0 }).x;
  for (const island of islands) {
    const [cx, cy, r] = island.c;
    const at = sigma.graphToViewport({ x: cx, y: cy });
    circle(context, at.x, at.y, r * scale);
    context.fillStyle = alpha(colours.ink, 0.028);
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = alpha(colours.ink, 0.16);
    context.stroke();
    for (const [type, x, y, radius, count] of island.t) {
      const middle = sigma.graphToViewport({ x, y });
      const reach = radius * scale;
      circle(context, middle.x, middle.y, reach);
      context.fillStyle = alpha(colours.types[type], 0.13);
      context.fill();
      if (reach < 34) continue;
      const size = Math.min(14, 10.5 + reach / 60);
      titles.push({ text: `${words.type(type)} ${count}`, x: middle.x, y: middle.y - reach + size * 0.2, size, weight: 600, colour: colours.types[type] });
    }
  }
  for (const { n, c: [cx, cy, r] } of islands) {
    const at = sigma.graphToViewport({ x: cx, y: cy + r });
    if (r * scale < 24) continue;
    const size = Math.max(13, Math.min(22, 10 + r * scale * 0.035));
    titles.push({ text: n ? shown(n, 24) : words.shared, x: at.x, y: at.y - 2, size, weight: 700, colour: colours.ink });
  }
  return titles;
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.beginPath();
  context.arc(x, y, Math.max(0, r), 0, Math.PI * 2);
}
