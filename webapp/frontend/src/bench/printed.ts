/** What the learner's app printed: the end of it, in sight while it grows. */

import { h, plain } from "../dom";

const KEPT = 50_000;
const LEFT_OUT = "… (what was printed earlier is left out)\n";

export class Printed {
  readonly element: HTMLElement;
  readonly #text = h("pre", {
    class: "printed",
    tabindex: "0",
    role: "group",
    "aria-label": "What your app printed",
    "data-empty": "Nothing yet.",
  });

  constructor() {
    const summary = h("summary", {}, "What your app printed");
    this.element = h("details", { class: "output", open: true }, summary, this.#text);
  }

  add(text: string): void {
    const pre = this.#text;
    const follows = pre.scrollTop + pre.clientHeight >= pre.scrollHeight - 4;
    const all = pre.textContent + plain(text);
    const from = all.indexOf("\n", all.length - KEPT) + 1;
    pre.textContent = all.length > KEPT ? LEFT_OUT + all.slice(from) : all;
    if (follows) pre.scrollTop = pre.scrollHeight;
  }

  clear(): void {
    this.#text.textContent = "";
  }
}
