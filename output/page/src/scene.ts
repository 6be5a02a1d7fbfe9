/** The picture: sigma's WebGL nodes, with islands, lines and labels on canvases around it. */

import { MultiDirectedGraph } from "graphology";
import type { Atlas } from "./atlas";
import type { Visible } from "./filters";
import { type FreeText, type Label, drawIslands, drawLabels } from "./labels";
import { Lines } from "./lines";
import { type Palette, mix } from "./palette";
import { Stage } from "./stage";

export interface Place {
  n: number;
  x: number;
  y: number;
  size: number;
  side: 1 | -1 | 0;
  strong?: boolean;
}

/** A drawing other than the map: chosen entities at given places, and the claims between them. */
export interface Plan {
  places: Place[];
  claims: Set<number>;
  more: { key: string; x: number; y: number; side: 1 | -1; text: string }[];
  free: FreeText[];
  box: { x0: number; y0: number; x1: number; y1: number };
}

export interface SceneEvents {
  node(n: number, again: boolean): void;
  more(key: string): void;
  claim(c: number): void;
  hover(n: number | undefined, at: { x: number; y: number }): void;
  ground(): void;
}

const reduced = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Scene {
  readonly sigma: Stage;
  private readonly graph = new MultiDirectedGraph();
  private readonly lines: Lines;
  private readonly layers: Record<"islands" | "lines" | "names", CanvasRenderingContext2D>;
  private readonly order: number[];
  private plan: Plan | undefined;
  private visible: Visible | undefined;
  private hovered = "";
  private near = new Set<string>();
  private hot = -1;
  private selected = -1;
  private ringed = new Set<number>();
  private all = false;
  private tick = 0;
  private started = false;
  /** names drawn in the last frame, for tests and for the description of the picture */
  names: string[] = [];

  constructor(
    private readonly atlas: Atlas, container: HTMLElement, private colours: Palette,
    private readonly words: { type: (t: string) => string; shared: () => string }, private readonly on: SceneEvents,
  ) {
    const { entities } = atlas.data;
    this.lines = new Lines(atlas);
    entities.forEach((e, n) => this.graph.addNode(String(n), { x: e.x, y: e.y, size: e.z, kind: e.t }));
    this.order = entities.map((_, n) => n).sort((a, b) => entities[b].z! - entities[a].z! || a - b);
    this.sigma = new Stage(this.graph, container, {
      renderLabels: false,
      itemSizesReference: "positions",
      zoomToSizeRatioFunction: (ratio) => ratio,
      minEdgeThickness: 0.4,
      stagePadding: 0,
      minCameraRatio: 0.01,
      maxCameraRatio: 4,
      zIndex: true,
      hideEdgesOnMove: entities.length > 8000,
      allowInvalidContainer: true,
      nodeReducer: (key, data) => this.reduceNode(key, data),
    });
    this.layers = {
      islands: this.sigma.layer("islands", { beforeLayer: "edges" }),
      lines: this.sigma.layer("lines", { beforeLayer: "nodes" }),
      names: this.sigma.layer("names", { afterLayer: "hoverNodes" }),
    };
    this.sigma.setCustomBBox(this.box());
    this.sigma.on("afterRender", () => this.after());
    this.listen(container);
  }

  private listen(container: HTMLElement): void {
    const { sigma } = this;
    sigma.on("clickNode", ({ node }) => {
      if (node.startsWith("more:")) this.on.more(node.slice(5));
      else this.on.node(Number(node), Number(node) === this.selected);
    });
    sigma.on("clickStage", ({ event }) => {
      const claim = this.plan ? this.lines.at(event) : undefined;
      if (claim === undefined) this.on.ground();
      else this.on.claim(claim);
    });
    sigma.on("enterNode", ({ node, event }) => {
      this.hover(node);
      container.classList.add("pointing");
      if (!node.startsWith("more:")) this.on.hover(Number(node), event);
    });
    sigma.on("leaveNode", ({ event }) => {
      this.hover("");
      container.classList.remove("pointing");
      this.on.hover(undefined, event);
    });
    sigma.on("moveBody", ({ event }) => {
      if (!this.plan || this.hovered) return;
      const claim = this.lines.at(event) ?? -1;
      container.classList.toggle("pointing", claim >= 0);
      if (claim !== this.hot) {
        this.hot = claim;
        this.after();
      }
    });
    sigma.on("doubleClickNode", (event) => event.preventSigmaDefault());
  }

  private hover(node: string): void {
    this.hovered = node;
    const claims = node && !this.plan ? this.atlas.claimsOf[Number(node)] : [];
    this.near = new Set(claims.map((c) => String(this.atlas.other(this.atlas.data.claims[c], Number(node)))));
    if (!this.plan) this.sigma.refresh({ skipIndexation: true });
    else this.after();
  }

  /** Mark one claim's line, as when its fact is opened in the pane. */
  mark(claim: number): void {
    this.hot = claim;
    this.after();
  }

  private reduceNode(key: string, data: Record<string, unknown>): Record<string, unknown> {
    if (key.startsWith("more:")) return { ...data, color: this.colours.faint, zIndex: 1 };
    const n = Number(key);
    const colour = this.colours.types[data["kind"] as string] ?? this.colours.line;
    if (this.plan) return data["drawn"] ? { ...data, color: colour, zIndex: 2 } : { ...data, color: colour, hidden: true };
    if (!this.atlas.placed(n)) return { ...data, color: colour, hidden: true };
    if (!this.visible?.entities[n]) return { ...data, color: this.colours.faint, zIndex: 0, size: Number(data["size"]) * 0.55 };
    const lit = !this.hovered || key === this.hovered || this.near.has(key);
    return { ...data, color: lit ? colour : mix(colour, this.colours.paper, 0.28), zIndex: lit ? 3 : 1 };
  }

  /** The map's lines are WebGL edges only while all of them are wanted; a few are drawn as curves. */
  private lay(plan: Plan | undefined): void {
    if (this.graph.size) this.graph.clearEdges();
    if (!this.all || plan) return;
    const { claims } = this.atlas.data;
    const told = (c: number): number => claims[c].m ?? claims[c].e.length;
    // While the picture moves the first are drawn: those that are told most often.
    for (const c of this.passing().sort((a, b) => told(b) - told(a) || a - b)) {
      const { s, o, t } = claims[c];
      this.graph.addEdgeWithKey(String(c), String(s), String(o), { color: this.colours.statuses[t ?? "none"] });
    }
  }

  /** Claims that pass and whose two ends are on the map. */
  private passing(): number[] {
    const { visible } = this;
    if (!visible) return [];
    const found: number[] = [];
    this.atlas.data.claims.forEach((c, n) => {
      const placed = this.atlas.placed(c.s) && this.atlas.placed(c.o);
      if (placed && visible.claims[n] && visible.entities[c.s] && visible.entities[c.o] && c.s !== c.o) found.push(n);
    });
    return found;
  }

  /** The curves to draw: those of the plan, or on the map those of the entity under the pointer. */
  private curves(): Iterable<number> {
    if (this.plan) return this.plan.claims;
    if (!this.hovered || !this.visible) return [];
    const { claims } = this.atlas.data;
    const { visible } = this;
    const shown = (n: number): boolean => visible.entities[n] === 1 && this.atlas.placed(n);
    return this.atlas.claimsOf[Number(this.hovered)]
      .filter((c) => visible.claims[c] && shown(claims[c].s) && shown(claims[c].o))
      .slice(0, 600);
  }

  private after(): void {
    const { colours, sigma } = this;
    const ring = new Map<string, string>();
    for (const n of this.ringed) ring.set(String(n), colours.types[this.atlas.data.entities[n].t]);
    if (this.hovered) ring.set(this.hovered, colours.ink);
    if (this.selected >= 0) ring.set(String(this.selected), colours.ink);
    const titles = drawIslands(this.layers.islands, sigma, this.plan ? [] : this.atlas.data.islands, colours, {
      type: this.words.type, shared: this.words.shared(),
    });
    this.lines.draw(this.layers.lines, sigma, this.curves(), colours, this.hot);
    const drawing = { labels: this.labels(), free: this.plan?.free ?? [], titles, ring, hover: this.hovered };
    this.names = drawLabels(this.layers.names, sigma, drawing, colours, Boolean(this.plan));
  }

  /** Names by importance; they are drawn until there is no room for more. */
  private *labels(): Iterable<Label> {
    const { entities } = this.atlas.data;
    if (this.plan) {
      for (const p of this.plan.places) yield { key: String(p.n), text: entities[p.n].n, side: p.side, strong: p.strong ?? false };
      for (const more of this.plan.more) yield { key: `more:${more.key}`, text: more.text, side: more.side, muted: true };
      return;
    }
    const label = (n: number, always = false): Label => ({ key: String(n), text: entities[n].n, side: 0, always });
    const first = [this.hovered, this.selected >= 0 ? String(this.selected) : ""].filter(Boolean);
    for (const key of first) yield label(Number(key), true);
    for (const n of this.order) if (this.visible?.entities[n] && !first.includes(String(n))) yield label(n);
  }

  /** The square around the islands, in graph units. */
  private box(): { x: [number, number]; y: [number, number] } {
    const { width, height, x, y } = this.extent();
    const half = Math.max(width, height) / 2;
    return { x: [x - half, x + half], y: [y - half, y + half] };
  }

  private extent(): { x: number; y: number; width: number; height: number } {
    let [x0, y0, x1, y1] = [-50, -50, 50, 50];
    for (const { c: [x, y, r] } of this.atlas.data.islands) {
      [x0, x1] = [Math.min(x0, x - r), Math.max(x1, x + r)];
      [y0, y1] = [Math.min(y0, y - r), Math.max(y1, y + r * 1.06 + 16)];
    }
    return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, width: x1 - x0, height: y1 - y0 };
  }

  show(visible: Visible, plan: Plan | undefined, options: { selected: number; edges: boolean; ringed: number[] }): void {
    const before = this.plan;
    const moved = plan !== before || !this.started;
    this.started = true;
    this.visible = visible;
    this.selected = options.selected;
    this.ringed = new Set(options.ringed);
    this.all = options.edges;
    this.hot = -1;
    this.lay(plan);
    if (moved) this.place(plan);
    else this.sigma.refresh({ skipIndexation: true });
  }

  /** Take other colours; the next `show` draws with them. */
  recolour(colours: Palette): void {
    this.colours = colours;
  }

  /** Move to another plan (undefined: the map), gliding unless the reader wants stillness. */
  private place(plan: Plan | undefined): void {
    const before = this.plan;
    this.plan = plan;
    this.near.clear();
    this.hovered = "";
    for (const key of this.graph.filterNodes((k) => k.startsWith("more:"))) this.graph.dropNode(key);
    const { entities } = this.atlas.data;
    const targets = new Map<string, { x: number; y: number; size: number }>();
    if (plan) {
      for (const p of before?.places ?? []) this.graph.setNodeAttribute(String(p.n), "drawn", false);
      for (const p of plan.places) {
        // What a server told later is drawn in neighbourhoods and paths only.
        if (!this.graph.hasNode(String(p.n))) this.graph.addNode(String(p.n), { x: p.x, y: p.y, size: p.size, kind: entities[p.n].t });
        targets.set(String(p.n), p);
      }
      for (const key of targets.keys()) this.graph.setNodeAttribute(key, "drawn", true);
      for (const m of plan.more)
        this.graph.addNode(`more:${m.key}`, { x: m.x, y: m.y, size: 5, kind: "more", drawn: true });
    } else {
      for (const p of before?.places ?? []) {
        const e = entities[p.n];
        if (e.x !== undefined) targets.set(String(p.n), { x: e.x, y: e.y!, size: e.z! });
        this.graph.setNodeAttribute(String(p.n), "drawn", false);
      }
    }
    if (plan) this.fit(plan.box, before !== undefined);
    else this.whole(before !== undefined);
    this.glide(targets, before !== undefined && plan !== undefined);
  }

  private glide(targets: Map<string, { x: number; y: number; size: number }>, smooth: boolean): void {
    cancelAnimationFrame(this.tick);
    const start = performance.now();
    const from = new Map([...targets.keys()].map((key) => [key, { ...this.graph.getNodeAttributes(key) }]));
    const length = smooth && !reduced() ? 320 : 0;
    const step = (): void => {
      const t = length ? Math.min(1, (performance.now() - start) / length) : 1;
      const eased = 1 - (1 - t) ** 3;
      for (const [key, to] of targets) {
        const a = from.get(key)!;
        this.graph.mergeNodeAttributes(key, {
          x: a["x"] + (to.x - a["x"]) * eased,
          y: a["y"] + (to.y - a["y"]) * eased,
          size: a["size"] + (to.size - a["size"]) * eased,
        });
      }
      this.sigma.refresh();
      if (t < 1) this.tick = requestAnimationFrame(step);
    };
    step();
  }

  private fit(box: Plan["box"], smooth: boolean): void {
    const { width, height } = this.sigma.getDimensions();
    const bounds = this.box();
    const scale = Math.min(width, height) / (bounds.x[1] - bounds.x[0]);
    const wide = (box.x1 - box.x0) / Math.max(120, width * 0.5);
    const tall = (box.y1 - box.y0 + 60) / Math.max(120, height - 60);
    const unit = Math.max(Math.min(wide, 1.25), Math.min(tall, 1.3), 0.9);
    const centre = { x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 };
    this.look(centre, scale * unit, smooth);
  }

  whole(smooth: boolean): void {
    const extent = this.extent();
    const { width, height } = this.sigma.getDimensions();
    const side = Math.min(width, height);
    const span = Math.max(extent.width, extent.height);
    const ratio = Math.max((extent.width / span) * (side / (width - 24)), (extent.height / span) * (side / Math.max(60, height - 76)));
    const down = (ratio * span * 26) / side;
    this.look({ x: extent.x, y: extent.y + down }, ratio, smooth);
  }

  /** Look at a point (graph units); ratio 1 shows the whole map. */
  look(centre: { x: number; y: number }, ratio: number, smooth: boolean): void {
    const camera = this.sigma.getCamera();
    const box = this.box();
    const span = box.x[1] - box.x[0];
    const middle = { x: (box.x[0] + box.x[1]) / 2, y: (box.y[0] + box.y[1]) / 2 };
    const state = { x: 0.5 + (centre.x - middle.x) / span, y: 0.5 + (centre.y - middle.y) / span, ratio, angle: 0 };
    if (smooth && !reduced()) void camera.animate(state, { duration: 320 });
    else camera.setState(state);
  }

  zoom(factor: number): void {
    const camera = this.sigma.getCamera();
    const ratio = Math.min(4, Math.max(0.01, camera.ratio * factor));
    if (reduced()) camera.setState({ ratio });
    else void camera.animate({ ratio }, { duration: 160 });
  }

  pan(dx: number, dy: number): void {
    const camera = this.sigma.getCamera();
    camera.setState({ x: camera.x + dx * camera.ratio * 0.1, y: camera.y + dy * camera.ratio * 0.1 });
  }

  /** Width and height of the picture in pixels. */
  size(): { width: number; height: number } {
    return this.sigma.getDimensions();
  }

  /** What is on the picture, in pixels, for drawing it elsewhere. */
  marks(): {
    nodes: { x: number; y: number; r: number; colour: string; name: string }[];
    labels: { x: number; y: number; side: 1 | -1 | 0; text: string }[];
    lines: { path: string; colour: string; dash: number[] }[];
  } {
    const { sigma, colours } = this;
    const { entities } = this.atlas.data;
    const places = new Map(this.plan?.places.map((p) => [p.n, p]));
    const nodes = [];
    const labels = [];
    const named = new Set(this.names);
    for (const n of this.plan ? places.keys() : this.order) {
      if (!this.plan && !this.visible?.entities[n]) continue;
      const data = sigma.getNodeDisplayData(String(n));
      if (!data || data.hidden) continue;
      const { x, y } = sigma.framedGraphToViewport(data);
      const r = sigma.scaleSize(data.size);
      const side = places.get(n)?.side ?? 0;
      nodes.push({ x, y, r, colour: colours.types[entities[n].t], name: entities[n].n });
      if (named.delete(entities[n].n)) labels.push({ x: x + side * (r + 5), y: side ? y + 4 : y + r + 14, side, text: entities[n].n });
    }
    return { nodes, labels, lines: this.lines.paths(colours) };
  }

  /** How many entities and relations are on the picture now. */
  drawn(): { nodes: number; edges: number } {
    if (this.plan) return { nodes: this.plan.places.length, edges: this.plan.claims.size };
    let nodes = 0;
    for (const n of this.order) nodes += this.visible?.entities[n] ?? 0;
    return { nodes, edges: this.graph.size };
  }
}
