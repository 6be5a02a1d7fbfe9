/** WebGL programs of the picture: entities as discs, relations as hairlines. */

import type Sigma from "sigma";
import { EdgeProgram, NodeProgram } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

/** The corners of a triangle around a circle of radius 1, as angles. */
const CORNERS = [0, (2 * Math.PI) / 3, (4 * Math.PI) / 3];

const VERTEX = `
attribute vec2 a_position;
attribute float a_size;
attribute vec4 a_color;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_reach;
varying vec4 v_color;
varying vec2 v_off;
varying float v_radius;
void main() {
  v_radius = a_size * u_reach;
  v_off = 2.0 * v_radius * vec2(cos(a_angle), sin(a_angle));
  // Sigma packs colours into floats, whose highest alpha is 254.
  v_color = vec4(a_color.rgb, a_color.a * 255.0 / 254.0);
  gl_Position = vec4((u_matrix * vec3(a_position + v_off, 1)).xy, 0, 1);
}`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec2 v_off;
varying float v_radius;
uniform float u_edge;
void main() {
  gl_FragColor = v_color * clamp((v_radius - length(v_off)) / u_edge, 0.0, 1.0);
}`;

/**
 * Discs as plain triangles, three vertices each. Sigma's own program draws every disc as an instance, and what draws
 * without a graphics card takes up each instance as a drawing of its own: a hundred times the time.
 */
export class Discs extends NodeProgram<"u_matrix" | "u_reach" | "u_edge"> {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
    return {
      VERTICES: CORNERS.length, VERTEX_SHADER_SOURCE: VERTEX, FRAGMENT_SHADER_SOURCE: FRAGMENT, METHOD: TRIANGLES,
      UNIFORMS: ["u_matrix", "u_reach", "u_edge"] as const,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT }, { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true }, { name: "a_angle", size: 1, type: FLOAT },
      ],
    };
  }

  override processVisibleItem(_: number, start: number, data: NodeDisplayData): void {
    const { array } = this;
    const colour = floatColor(data.color);
    let at = start;
    for (const angle of CORNERS) {
      array[at++] = data.x;
      array[at++] = data.y;
      array[at++] = data.size;
      array[at++] = colour;
      array[at++] = angle;
    }
  }

  override setUniforms(params: RenderParams, { gl, uniformLocations: at }: this["normalProgram"]): undefined {
    gl.uniformMatrix3fv(at["u_matrix"], false, params.matrix);
    gl.uniform1f(at["u_reach"], (2 * params.correctionRatio) / params.sizeRatio);
    gl.uniform1f(at["u_edge"], 2 * params.correctionRatio);
  }
}

const LINE_VERTEX = `
attribute vec2 a_position;
attribute vec4 a_color;
uniform mat3 u_matrix;
varying vec3 v_color;
void main() {
  v_color = a_color.rgb;
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
}`;

const LINE_FRAGMENT = `
precision mediump float;
varying vec3 v_color;
uniform float u_opacity;
void main() {
  gl_FragColor = vec4(v_color, 1) * u_opacity;
}`;

/** Relations drawn while the picture moves, at most: the first ones. Resting, it shows them all. */
export const MOVING = 1000;

/** Relations as translucent hairlines: the more there are, the fainter each, so that bundles stand out. */
class HairlineProgram extends EdgeProgram<"u_matrix" | "u_opacity"> {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, LINES } = WebGLRenderingContext;
    return {
      VERTICES: 2, VERTEX_SHADER_SOURCE: LINE_VERTEX, FRAGMENT_SHADER_SOURCE: LINE_FRAGMENT, METHOD: LINES,
      UNIFORMS: ["u_matrix", "u_opacity"] as const,
      ATTRIBUTES: [{ name: "a_position", size: 2, type: FLOAT }, { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true }],
    };
  }

  override processVisibleItem(_: number, start: number, source: NodeDisplayData, target: NodeDisplayData, data: EdgeDisplayData): void {
    const colour = floatColor(data.color);
    this.array.set([source.x, source.y, colour, target.x, target.y, colour], start);
  }

  override setUniforms(params: RenderParams, { gl, uniformLocations: at }: this["normalProgram"]): undefined {
    gl.uniformMatrix3fv(at["u_matrix"], false, params.matrix);
    gl.uniform1f(at["u_opacity"], Math.min(0.5, Math.max(0.06, 16 / Math.sqrt(this.capacity))));
  }

  /** Draw the first relations only. */
  renderSome(params: RenderParams, most: number): void {
    const { capacity, verticesCount } = this;
    this.capacity = Math.min(capacity, most);
    this.verticesCount = this.capacity * this.VERTICES;
    this.render(params);
    Object.assign(this, { capacity, verticesCount });
  }
}

/** What the lines need of the stage that they are drawn on. */
export interface EdgeRoom {
  readonly moving: boolean;
  edgeContext(): WebGLRenderingContext;
}

/** Hairlines for relations; neither a context nor a program is made before they are wanted. */
export class Hairlines {
  drawLabel: undefined;
  private lines: HairlineProgram | undefined;
  private readonly stage: Sigma & EdgeRoom;

  constructor(_gl: WebGLRenderingContext, _buffer: WebGLFramebuffer | null, renderer: Sigma) {
    this.stage = renderer as Sigma & EdgeRoom;
  }

  reallocate(capacity: number): void {
    if (capacity) this.lines ??= new HairlineProgram(this.stage.edgeContext(), null, this.stage);
    this.lines?.reallocate(capacity);
  }

  process(edge: number, offset: number, source: NodeDisplayData, target: NodeDisplayData, data: EdgeDisplayData): void {
    this.lines?.process(edge, offset, source, target, data);
  }

  render(params: RenderParams): void {
    this.lines?.renderSome(params, this.stage.moving ? MOVING : Infinity);
  }

  kill(): void {
    this.lines?.kill();
  }
}

/** What sigma would draw and this page does not: arrows, and entities under the pointer. */
export class Nothing {
  drawLabel: undefined;
  drawHover: undefined;
  reallocate(): void {}
  process(): void {}
  render(): void {}
  kill(): void {}
}
