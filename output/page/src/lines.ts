/** The relations of a neighbourhood or a path as curves, one for each claim, dashed by status. */

import type Sigma from "sigma";
import type { Atlas } from "./atlas";
import { alpha, type Palette } from "./palette";

type Point = { x: number; y: number };
type Curve = [Point, Point, Point, Point];

const DASHES: Record<string, number[]> = { done: [], ongoing: [10, 3], planned: [5, 4], sought: [1.5, 4], none: [] };

export class Lines {
  private curves: { claim: number; curve: Curve }[] = [];

  constructor(private readonly atlas: Atlas) {}

  draw(context: CanvasRenderingContext2D, sigma: Sigma, claims: Iterable<number>, colours: Palette, hot: number): void {
    const { width, height } = sigma.getDimensions();
    // An empty layer that nothing touches costs no time when the picture is put together.
    if (this.curves.length) context.clearRect(0, 0, width, height);
    this.curves = [];
    const parallel = new Map<string, number>();
    for (const c of claims) {
      const claim = this.atlas.data.claims[c];
      const from = this.place(sigma, claim.s);
      const to = this.place(sigma, claim.o);
      if (!from || !to) continue;
      const pair = claim.s < claim.o ? `${claim.s}-${claim.o}` : `${claim.o}-${claim.s}`;
      const nth = parallel.get(pair) ?? 0;
      parallel.set(pair, nth + 1);
      const curve = bend(from, to, Math.ceil(nth / 2) * 9 * (nth % 2 ? 1 : -1));
      this.curves.push({ claim: c, curve });
      const status = claim.t ?? "none";
      context.setLineDash(DASHES[status] ?? []);
      context.lineWidth = c === hot ? 3.2 : 1.6;
      context.strokeStyle = alpha(colours.statuses[status] ?? colours.line, c === hot ? 1 : 0.72);
      context.beginPath();
      context.moveTo(curve[0].x, curve[0].y);
      context.bezierCurveTo(curve[1].x, curve[1].y, curve[2].x, curve[2].y, curve[3].x, curve[3].y);
      context.stroke();
      context.setLineDash([]);
      arrow(context, curve, to.r);
    }
  }

  private place(sigma: Sigma, n: number): (Point & { r: number }) | undefined {
    const data = sigma.getNodeDisplayData(String(n));
    if (!data || data.hidden) return undefined;
    return { ...sigma.framedGraphToViewport(data), r: sigma.scaleSize(data.size) };
  }

  /** The curves last drawn, as SVG paths. */
  paths(colours: Palette): { path: string; colour: string; dash: number[] }[] {
    const at = (p: Point): string => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
    return this.curves.map(({ claim, curve: [a, b, c, d] }) => {
      const status = this.atlas.data.claims[claim].t ?? "none";
      return { path: `M${at(a)} C${at(b)} ${at(c)} ${at(d)}`, colour: colours.statuses[status] ?? colours.line, dash: DASHES[status] ?? [] };
    });
  }

  /** The claim whose curve passes within 6 pixels of a point, or undefined. */
  at(point: Point): number | undefined {
    let best = 6;
    let found: number | undefined;
    for (const { claim, curve } of this.curves)
      for (let k = 0; k <= 40; k++) {
        const spot = along(curve, k / 40);
        const distance = Math.hypot(spot.x - point.x, spot.y - point.y);
        if (distance < best) {
          best = distance;
          found = claim;
        }
      }
    return found;
  }
}

function bend(from: Point, to: Point, offset: number): Curve {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  if (Math.abs(dx) > Math.abs(dy) * 0.35)
    return [from, { x: from.x + dx * 0.5, y: from.y + offset }, { x: to.x - dx * 0.55, y: to.y + offset }, to];
  const length = Math.hypot(dx, dy) || 1;
  const side = { x: (-dy / length) * (18 + offset), y: (dx / length) * (18 + offset) };
  return [
    from,
    { x: from.x + dx * 0.3 + side.x, y: from.y + dy * 0.3 + side.y },
    { x: from.x + dx * 0.7 + side.x, y: from.y + dy * 0.7 + side.y },
    to,
  ];
}

function along([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (k: "x" | "y"): number =>
    u * u * u * a[k] + 3 * u * u * t * b[k] + 3 * u * t * t * c[k] + t * t * t * d[k];
  return { x: mix("x"), y: mix("y") };
}

function arrow(context: CanvasRenderingContext2D, curve: Curve, radius: number): void {
  const end = curve[3];
  let t = 1;
  while (t > 0.5 && Math.hypot(along(curve, t).x - end.x, along(curve, t).y - end.y) < radius + 1) t -= 0.005;
  const tip = along(curve, t);
  const back = along(curve, Math.max(0, t - 0.03));
  const angle = Math.atan2(tip.y - back.y, tip.x - back.x);
  context.beginPath();
  context.moveTo(tip.x, tip.y);
  context.lineTo(tip.x - 8 * Math.cos(angle - 0.38), tip.y - 8 * Math.sin(angle - 0.38));
  context.lineTo(tip.x - 8 * Math.cos(angle + 0.38), tip.y - 8 * Math.sin(angle + 0.38));
  context.closePath();
  context.fillStyle = context.strokeStyle;
  context.fill();
}
