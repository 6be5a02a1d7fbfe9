/**
 * Sigma with what this page needs of it: one WebGL context at first, one program in it, and what is under the
 * pointer found by arithmetic instead of a second, hidden picture. Every context and program costs the first drawing.
 */

import type { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import type { Settings } from "sigma/settings";
import type { EdgeProgramType, NodeProgramType } from "sigma/rendering";
import type { Coordinates, NodeDisplayData } from "sigma/types";
import { Discs, Hairlines, MOVING, Nothing } from "./discs";

/** Layers of sigma's that stay empty: hidden, they cost no time when the picture is put together. */
const UNUSED = ["edgeLabels", "labels", "hovers", "hoverNodes"];
/** Discs smaller than this, in pixels, are found under a pointer this near. */
const REACH = 3;
/** Milliseconds without a movement after which the picture rests. */
const REST = 160;

/** What sigma calls of a context for the layers that have none (yet). */
const SILENT = { bindFramebuffer() {}, clear() {}, viewport() {}, blendFunc() {} } as unknown as WebGLRenderingContext;

/** Parts of sigma that its types hide; the version is fixed in package.json. */
interface Insides {
  webGLContexts: Record<string, WebGLRenderingContext>;
  canvasContexts: Record<string, CanvasRenderingContext2D>;
  getNodeAtPosition(at: Coordinates): string | null;
  renderHighlightedNodes(): void;
  unbindGraphHandlers(): void;
}

interface Spots {
  keys: string[];
  /** x, y and size of each */
  numbers: Float32Array;
}

export class Stage extends Sigma {
  /** undefined while sigma's constructor runs: what it would draw then is drawn again at once */
  private readonly begun: boolean | undefined = true;
  private spots: Spots | undefined;
  private timer = 0;
  /** whether the view is being moved or zoomed just now */
  moving = false;

  constructor(graph: MultiDirectedGraph, container: HTMLElement, settings: Partial<Settings>) {
    const nothing = Nothing as unknown;
    super(graph, container, {
      ...settings,
      nodeProgramClasses: { circle: Discs as unknown as NodeProgramType },
      nodeHoverProgramClasses: { circle: nothing as NodeProgramType },
      edgeProgramClasses: { line: Hairlines as unknown as EdgeProgramType, arrow: nothing as EdgeProgramType },
    });
    const insides = this as unknown as Insides;
    insides.getNodeAtPosition = (at) => this.nodeAt(at);
    insides.renderHighlightedNodes = () => undefined;
    // Who changes the graph refreshes the picture, once for all changes.
    insides.unbindGraphHandlers();
    for (const id of UNUSED) this.getCanvases()[id].hidden = true;
    this.on("afterProcess", () => (this.spots = undefined));
    this.getCamera().on("updated", () => this.move());
  }

  private move(): void {
    this.moving = true;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.moving = false;
      if (this.getGraph().size > MOVING) this.scheduleRender();
    }, REST);
  }

  override refresh(options?: Parameters<Sigma["refresh"]>[0]): this {
    if (!this.begun) return this;
    this.moving = false;
    this.getCanvases()["edges"].hidden = !this.getGraph().size;
    return super.refresh(options);
  }

  override createWebGLContext(id: string, options?: Parameters<Sigma["createWebGLContext"]>[1]): WebGLRenderingContext {
    const insides = this as unknown as Insides;
    if (id === "nodes") return super.createWebGLContext(id, {});
    this.createCanvas(id, options as Parameters<Sigma["createCanvas"]>[1]);
    return (insides.webGLContexts[id] = SILENT);
  }

  /** The context that relations are drawn in, made when it is first asked for. */
  edgeContext(): WebGLRenderingContext {
    return super.createWebGLContext("edges", { canvas: this.getCanvases()["edges"] });
  }

  /** A canvas of ours among sigma's, of their size. */
  layer(id: string, place: { beforeLayer: string } | { afterLayer: string }): CanvasRenderingContext2D {
    this.createCanvasContext(id, { style: { pointerEvents: "none" }, ...place });
    const [canvas, like] = [this.getCanvases()[id], this.getCanvases()["nodes"]];
    const context = (this as unknown as Insides).canvasContexts[id];
    Object.assign(canvas, { width: like.width, height: like.height });
    Object.assign(canvas.style, { width: like.style.width, height: like.style.height });
    if (devicePixelRatio !== 1) context.scale(devicePixelRatio, devicePixelRatio);
    canvas.setAttribute("aria-hidden", "true");
    return context;
  }

  /** The entity whose disc is at a point of the picture, in pixels; of several the one whose middle is nearest. */
  private nodeAt(point: Coordinates): string | null {
    const spots = (this.spots ??= this.find());
    const at = this.viewportToFramedGraph(point);
    const beside = this.viewportToFramedGraph({ x: point.x + 1, y: point.y });
    const pixel = Math.hypot(beside.x - at.x, beside.y - at.y);
    const scale = this.scaleSize(1) * pixel;
    let [best, found] = [1, -1];
    for (let k = 0; k < spots.keys.length; k++) {
      const reach = Math.max(spots.numbers[3 * k + 2] * scale, REACH * pixel);
      const far = Math.hypot(spots.numbers[3 * k] - at.x, spots.numbers[3 * k + 1] - at.y) / reach;
      if (far < best) [best, found] = [far, k];
    }
    return found < 0 ? null : spots.keys[found];
  }

  /** Where everything is that is drawn now. */
  private find(): Spots {
    const keys: string[] = [];
    const numbers: number[] = [];
    this.getGraph().forEachNode((key) => {
      const data: NodeDisplayData | undefined = this.getNodeDisplayData(key);
      if (!data || data.hidden) return;
      keys.push(key);
      numbers.push(data.x, data.y, data.size);
    });
    return { keys, numbers: Float32Array.from(numbers) };
  }
}
