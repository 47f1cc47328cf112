/** The row of file names over the editor. */

import { h, icon } from "../dom";

export interface TabEvents {
  chosen(name: string): void;
  added(): void;
}

export class Tabs {
  readonly element: HTMLElement;
  readonly #list: HTMLElement;
  readonly #besides = h("span", { class: "besides", hidden: true });
  readonly #events: TabEvents;

  constructor(events: TabEvents) {
    this.#events = events;
    this.#list = h("div", { role: "tablist", "aria-label": "Your files", onkeydown: (e) => this.#move(e) });
    const add = h(
      "button",
      { type: "button", class: "tool", title: "Add a file", onclick: () => events.added() },
      icon("add"),
      h("span", { class: "unseen" }, "Add a file"),
    );
    this.element = h("div", { class: "tabs" }, this.#list, add, this.#besides);
  }

  /** Tell of files that are there and cannot be shown. */
  besides(names: readonly string[]): void {
    this.#besides.hidden = !names.length;
    this.#besides.textContent = names.length ? `Not text, so not shown: ${names.join(", ")}` : "";
  }

  show(names: readonly string[], current: string, conflicts: ReadonlySet<string>): void {
    const focused = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...names.map((name) => this.#tab(name, name === current, conflicts.has(name))));
    if (focused) this.#list.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }

  #tab(name: string, current: boolean, conflict: boolean): HTMLElement {
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-selected": String(current),
        "aria-controls": "bench-editor",
        tabindex: current ? 0 : -1,
        "data-name": name,
        onclick: () => this.#events.chosen(name),
      },
      name,
      conflict && h("span", { class: "unseen" }, " (changed elsewhere)"),
    );
  }

  #move(event: Event): void {
    const { key } = event as KeyboardEvent;
    const tabs = [...this.#list.querySelectorAll<HTMLElement>("[role=tab]")];
    const here = tabs.findIndex((tab) => tab === document.activeElement);
    const targets: Record<string, number> = {
      ArrowLeft: here - 1,
      ArrowRight: here + 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = targets[key];
    if (target === undefined || here < 0) return;
    event.preventDefault();
    const name = tabs.at(target % tabs.length)?.dataset["name"];
    if (name) this.#events.chosen(name);
  }
}
