/** Colours by type and status, for paper and for night. Text never relies on them alone. */

export interface Palette {
  types: Record<string, string>;
  statuses: Record<string, string>;
  ink: string;
  soft: string;
  paper: string;
  faint: string;
  line: string;
  mark: string;
}

const LIGHT: Palette = {
  types: {
    District: "#2f4fc9", Park: "#0a8f7d", Project: "#d9570e", Facility: "#64748b", Industry: "#3f9130",
    Policy: "#8a3ab0", Enterprise: "#c92a63", Institution: "#b07d00", Indicator: "#0f8aa8",
  },
  statuses: { done: "#2b8a3e", ongoing: "#1c7ed6", planned: "#e8720c", sought: "#9c36b5", none: "#8d97a5" },
  ink: "#1d2530", soft: "#56616f", paper: "#fbfaf7", faint: "#e4e1d8", line: "#8d97a5", mark: "#ffe08a",
};

const DARK: Palette = {
  types: {
    District: "#8ea6ff", Park: "#3fd0b8", Project: "#ff9a5c", Facility: "#a3b1c4", Industry: "#84cf72",
    Policy: "#cf93ee", Enterprise: "#ff86ae", Institution: "#e8bd4a", Indicator: "#62c9e4",
  },
  statuses: { done: "#69db7c", ongoing: "#74c0fc", planned: "#ffa94d", sought: "#da9df2", none: "#7d8895" },
  ink: "#eceff3", soft: "#a9b3bf", paper: "#14181e", faint: "#252c36", line: "#7d8895", mark: "#7a5f10",
};

export const palette = (dark: boolean): Palette => (dark ? DARK : LIGHT);

/** A hex colour laid over another with the given strength, as a hex colour (WebGL wants no alpha). */
export function mix(over: string, under: string, strength: number): string {
  const part = (hex: string, at: number): number => parseInt(hex.slice(at, at + 2), 16);
  const one = (at: number): string =>
    Math.round(part(over, at) * strength + part(under, at) * (1 - strength)).toString(16).padStart(2, "0");
  return `#${one(1)}${one(3)}${one(5)}`;
}

export function alpha(hex: string, strength: number): string {
  const part = (at: number): number => parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${strength})`;
}
