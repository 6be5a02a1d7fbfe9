/** The picture: sigma's WebGL nodes, with islands, lines and labels on canvases around it. */

import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import type { Atlas } from "./atlas";
import type { Visible } from "./filters";
import { type FreeText, type Label, drawIslands, drawLabels } from "./labels";
import { Lines } from "./lines";
import { type Palette, mix } from "./palette";

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
  readonly sigma: Sigma;
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
  /** names drawn in the last frame, for tests and for the description of the picture */
  names: string[] = [];

  constructor(
    private readonly atlas: Atlas, container: HTMLElement, private colours: Palette,
    private readonly words: { type: (t: string) => string; shared: () => string }, private readonly on: SceneEvents,
  ) {
    const { entities, claims } = atlas.data;
    this.lines = new Lines(atlas);
    entities.forEach((e, n) => this.graph.addNode(String(n), { x: e.x, y: e.y, size: e.z, kind: e.t }));
    claims.forEach((c, n) => {
      if (c.s !== c.o) this.graph.addEdgeWithKey(String(n), String(c.s), String(c.o), { size: 0.6 });
    });
    this.order = entities.map((_, n) => n).sort((a, b) => entities[b].z - entities[a].z || a - b);
    this.sigma = new Sigma(this.graph, container, {
      renderLabels: false,
      itemSizesReference: "positions",
      zoomToSizeRatioFunction: (ratio) => ratio,
      minEdgeThickness: 0.4,
      stagePadding: 0,
      minCameraRatio: 0.01,
      maxCameraRatio: 4,
      zIndex: true,
      hideEdgesOnMove: entities.length > 8000,
      defaultDrawNodeHover: () => undefined,
      allowInvalidContainer: true,
      nodeReducer: (key, data) => this.reduceNode(key, data),
      edgeReducer: (key) => this.reduceEdge(key),
    });
    this.layers = {
      islands: this.context("islands", { beforeLayer: "edges" }),
      lines: this.context("lines", { beforeLayer: "nodes" }),
      names: this.context("names", { afterLayer: "hoverNodes" }),
    };
    this.sigma.setCustomBBox(this.box());
    this.sigma.resize(true);
    this.sigma.on("afterRender", () => this.after());
    this.listen(container);
  }

  private context(id: string, place: object): CanvasRenderingContext2D {
    this.sigma.createCanvasContext(id, { style: { pointerEvents: "none" }, ...place });
    const canvas = this.sigma.getCanvases()[id];
    canvas.setAttribute("aria-hidden", "true");
    return canvas.getContext("2d")!;
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
    this.near = new Set(node && !this.plan && this.graph.hasNode(node) ? this.graph.neighbors(node) : []);
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
    if (!this.visible?.entities[n]) return { ...data, color: this.colours.faint, zIndex: 0, size: Number(data["size"]) * 0.55 };
    const lit = !this.hovered || key === this.hovered || this.near.has(key);
    return { ...data, color: lit ? colour : mix(colour, this.colours.paper, 0.28), zIndex: lit ? 3 : 1 };
  }

  private reduceEdge(key: string): Record<string, unknown> {
    if (this.plan) return { hidden: true };
    const c = Number(key);
    if (!this.visible?.claims[c]) return { hidden: true };
    const claim = this.atlas.data.claims[c];
    if (!this.visible.entities[claim.s] || !this.visible.entities[claim.o]) return { hidden: true };
    const touched = this.hovered === String(claim.s) || this.hovered === String(claim.o);
    if (this.hovered ? !touched : !this.all) return { hidden: true };
    const colour = this.colours.statuses[claim.t ?? "none"];
    return { hidden: false, color: mix(colour, this.colours.paper, touched ? 0.85 : 0.22), size: touched ? 1.2 : 0.5 };
  }

  private after(): void {
    const { colours, sigma } = this;
    const ring = new Map<string, string>();
    for (const n of this.ringed) ring.set(String(n), colours.types[this.atlas.data.entities[n].t]);
    if (this.hovered) ring.set(this.hovered, colours.ink);
    if (this.selected >= 0) ring.set(String(this.selected), colours.ink);
    drawIslands(this.layers.islands, sigma, this.plan ? [] : this.atlas.data.islands, colours, {
      type: this.words.type, shared: this.words.shared(), types: () => true,
    });
    this.lines.draw(this.layers.lines, sigma, this.plan?.claims ?? [], colours, this.hot);
    const drawing = { labels: this.labels(), free: this.plan?.free ?? [], islands: [], ring, hover: this.hovered };
    this.names = drawLabels(this.layers.names, sigma, drawing, colours, Boolean(this.plan));
  }

  private labels(): Label[] {
    const { entities } = this.atlas.data;
    if (this.plan) {
      const labels: Label[] = this.plan.places.map((p) => ({
        key: String(p.n), text: entities[p.n].n, side: p.side, strong: p.strong ?? false,
      }));
      for (const more of this.plan.more)
        labels.push({ key: `more:${more.key}`, text: more.text, side: more.side, muted: true });
      return labels;
    }
    const label = (n: number, always = false): Label => ({ key: String(n), text: entities[n].n, side: 0, always });
    const first = [this.hovered, this.selected >= 0 ? String(this.selected) : ""].filter(Boolean);
    const found = first.map((key) => label(Number(key), true));
    for (const n of this.order) if (this.visible?.entities[n] && !first.includes(String(n))) found.push(label(n));
    return found;
  }

  private box(): { x: [number, number]; y: [number, number] } {
    let reach = 100;
    for (const { c } of this.atlas.data.islands) reach = Math.max(reach, Math.hypot(c[0], c[1]) + c[2]);
    return { x: [-reach * 1.02, reach * 1.02], y: [-reach * 1.02, reach * 1.02] };
  }

  show(visible: Visible, plan: Plan | undefined, options: { selected: number; edges: boolean; ringed: number[] }): void {
    const moved = plan !== this.plan;
    this.visible = visible;
    this.selected = options.selected;
    this.ringed = new Set(options.ringed);
    this.all = options.edges;
    this.hot = -1;
    if (moved) this.place(plan);
    else this.sigma.refresh({ skipIndexation: true });
  }

  recolour(colours: Palette): void {
    this.colours = colours;
    this.sigma.refresh({ skipIndexation: true });
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
      for (const p of plan.places) targets.set(String(p.n), p);
      for (const key of targets.keys()) this.graph.setNodeAttribute(key, "drawn", true);
      for (const m of plan.more)
        this.graph.addNode(`more:${m.key}`, { x: m.x, y: m.y, size: 5, kind: "more", drawn: true });
    } else {
      for (const p of before?.places ?? []) {
        const e = entities[p.n];
        targets.set(String(p.n), { x: e.x, y: e.y, size: e.z });
        this.graph.setNodeAttribute(String(p.n), "drawn", false);
      }
    }
    this.glide(targets, before !== undefined && plan !== undefined);
    if (plan) this.fit(plan.box, before !== undefined);
    else this.whole(before !== undefined);
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
    const margin = Math.min(210, width * 0.22);
    const zero = this.sigma.graphToViewport({ x: 0, y: 0 }, { cameraState: { x: 0.5, y: 0.5, ratio: 1, angle: 0 } });
    const one = this.sigma.graphToViewport({ x: 100, y: 0 }, { cameraState: { x: 0.5, y: 0.5, ratio: 1, angle: 0 } });
    const scale = (one.x - zero.x) / 100;
    const wide = (box.x1 - box.x0) / Math.max(120, width - 2 * margin);
    const tall = (box.y1 - box.y0 + 60) / Math.max(120, height - 60);
    const unit = Math.max(wide, Math.min(tall, 1.35), 0.85);
    const centre = { x: (box.x0 + box.x1) / 2, y: tall > 1.35 ? 0 : (box.y0 + box.y1) / 2 };
    this.look(centre, scale * unit, smooth);
  }

  whole(smooth: boolean): void {
    this.look({ x: 0, y: 0 }, 1, smooth);
  }

  /** Look at a point (graph units); ratio 1 shows the whole map. */
  look(centre: { x: number; y: number }, ratio: number, smooth: boolean): void {
    const camera = this.sigma.getCamera();
    const box = this.box();
    const span = box.x[1] - box.x[0];
    const state = { x: 0.5 + centre.x / span, y: 0.5 + centre.y / span, ratio, angle: 0 };
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

  /** How many entities and relations are on the picture now. */
  drawn(): { nodes: number; edges: number } {
    if (this.plan) return { nodes: this.plan.places.length, edges: this.plan.claims.size };
    let edges = 0;
    this.graph.forEachEdge((key) => (this.sigma.getEdgeDisplayData(key)?.hidden === false ? edges++ : 0));
    return { nodes: this.visible?.entityCount ?? 0, edges };
  }
}
