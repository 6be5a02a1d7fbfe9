/** Search boxes: comboboxes whose list follows the typing (WAI-ARIA combobox pattern). */

import { type App, dot } from "./app";
import { bdi, fill, h } from "./dom";
import { recent, remember } from "./recent";
import type { Hit } from "./search";

const MOST = 12;
/** milliseconds of rest in the typing before a server is asked */
const PAUSE = 60;

export class Combo {
  private active = -1;
  private hits: number[] = [];
  private turn = 0;
  private waiting = 0;

  constructor(
    private readonly app: App, private readonly input: HTMLInputElement, private readonly list: HTMLElement,
    private readonly chosen: (n: number) => void, private readonly only?: string,
  ) {
    input.addEventListener("input", () => this.update());
    input.addEventListener("focus", () => this.update());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  private update(): void {
    const { app, input } = this;
    const typed = input.value.trim();
    const turn = ++this.turn;
    if (!typed || !app.remote) {
      this.show(typed, typed ? app.search.find(typed, MOST, this.only) : recent(app, this.only));
      return;
    }
    const { remote } = app;
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => {
      void remote.search(typed, this.only, MOST).catch(() => []).then((found: Hit[]) => (turn === this.turn ? this.show(typed, found) : undefined));
    }, PAUSE);
  }

  private show(typed: string, found: Hit[]): void {
    const { app, input } = this;
    this.hits = found.map((f) => f.n);
    this.active = typed && this.hits.length ? 0 : -1;
    const rows = found.map(({ n, via }, k) => {
      const entity = app.atlas.data.entities[n];
      const take = (event: Event): void => {
        event.preventDefault();
        this.choose(k);
      };
      return h("li", { role: "option", id: `${this.list.id}-${k}`, "aria-selected": String(k === this.active), onmousedown: take },
        dot(entity.t), bdi(entity.n, { class: "name" }), via ? h("span", { class: "via" }, bdi(via)) : null,
        h("span", { class: "kind" }, app.words.term(entity.t)), h("span", { class: "count" }, app.atlas.weight(n)));
    });
    const note = typed ? (rows.length ? "" : app.words.say("noResults")) : rows.length ? app.words.say("recent") : "";
    fill(this.list, note ? h("li", { class: "head", role: "option", "aria-disabled": "true", "aria-selected": "false" }, note) : null, rows);
    this.list.hidden = !rows.length && !note;
    input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.point();
    if (typed) app.announce(`${rows.length} ${app.words.say("results")}`);
  }

  private point(): void {
    const rows = this.list.querySelectorAll("[role=option]:not([aria-disabled])");
    rows.forEach((row, k) => row.setAttribute("aria-selected", String(k === this.active)));
    if (this.active >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
    rows[this.active]?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.hits.length) {
      this.active = (this.active + step + this.hits.length) % this.hits.length;
      this.point();
    } else if (event.key === "Enter" && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape") {
      this.input.value = "";
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private choose(k: number): void {
    const n = this.hits[k];
    remember(this.app, n);
    this.input.value = "";
    this.close();
    this.chosen(n);
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

/** A labelled combobox of its own, for choosing one entity. */
export function picker(app: App, id: string, label: string, value: number | undefined, chosen: (n: number) => void, only?: string): HTMLElement {
  const name = value === undefined ? "" : app.atlas.data.entities[value].n;
  const input = h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
    "aria-controls": `${id}-list`, "aria-autocomplete": "list", placeholder: name || app.words.say("choose"),
  });
  const list = h("ul", { id: `${id}-list`, role: "listbox", class: "hits", "aria-label": label, hidden: true });
  new Combo(app, input, list, chosen, only);
  const type = value === undefined ? null : dot(app.atlas.data.entities[value].t);
  return h("div", { class: "picker" }, h("label", { for: id }, label, " ", type, name ? bdi(name) : null), h("div", { class: "search" }, input, list));
}
