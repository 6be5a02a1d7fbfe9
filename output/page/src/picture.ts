/** The picture as a file: PNG from the canvases, SVG from what is drawn. */

import { shown } from "./atlas";
import { download } from "./dom";
import { FONT } from "./labels";
import type { Palette } from "./palette";
import type { Scene } from "./scene";

const LAYERS = ["islands", "edges", "lines", "nodes", "names"];

export function savePng(scene: Scene, colours: Palette): void {
  scene.sigma.refresh();
  const canvases = scene.sigma.getCanvases();
  const whole = document.createElement("canvas");
  whole.width = canvases["nodes"].width;
  whole.height = canvases["nodes"].height;
  const context = whole.getContext("2d")!;
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, whole.width, whole.height);
  for (const layer of LAYERS) if (canvases[layer]) context.drawImage(canvases[layer], 0, 0);
  whole.toBlob((blob) => (blob ? download("network.png", blob) : undefined));
}

const escape = (text: string): string =>
  text.replace(/[<>&"]/g, (c) => ({ "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" })[c]!).replace(/[\u0000-\u001f\ufffe\uffff]/g, "");

export function saveSvg(scene: Scene, colours: Palette): void {
  const { width, height } = scene.size();
  const marks = scene.marks();
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family='${escape(FONT.replace(/"/g, ""))}' font-size="13">`,
    `<rect width="100%" height="100%" fill="${colours.paper}"/>`,
  ];
  for (const { path, colour, dash } of marks.lines)
    parts.push(`<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : ""}/>`);
  for (const { x, y, r, colour, name } of marks.nodes)
    parts.push(`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.toFixed(1)}" fill="${colour}"><title>${escape(shown(name, 120))}</title></circle>`);
  for (const { x, y, side, text } of marks.labels) {
    const anchor = side === 1 ? "start" : side === -1 ? "end" : "middle";
    parts.push(`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colours.ink}">${escape(shown(text, 40))}</text>`);
  }
  download("network.svg", [...parts, "</svg>"].join("\n"), "image/svg+xml");
}
