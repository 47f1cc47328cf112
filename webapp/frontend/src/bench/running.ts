/** Runs the learner's app: a button, and what is shown below the editor. The rest comes later. */

import { h, icon } from "../dom";
import type { Preview } from "./preview";
import type { Settings } from "./protocol";

export interface RunningEvents {
  /** Save all files; false when something could not be saved. */
  flush(): Promise<boolean>;
  line(file: string, line: number): void;
}

const MISSING = "The preview did not load. Is the course still running? Then reload this page.";

type View = "results" | "preview";

export class Running {
  readonly button = h("button", { type: "button", class: "run", onclick: () => void this.run() }, icon("play"), "Run");
  readonly views: HTMLElement;
  readonly element = h("section", { class: "preview", "aria-label": "Preview", tabindex: "-1" });
  readonly #bench: HTMLElement;
  readonly #settings: Settings;
  readonly #events: RunningEvents;
  readonly #choices: Record<View, HTMLButtonElement>;
  #preview: Promise<Preview | undefined> | undefined;

  constructor(bench: HTMLElement, settings: Settings, events: RunningEvents) {
    this.#bench = bench;
    this.#settings = settings;
    this.#events = events;
    const choice = (view: View, text: string) =>
      h("button", { type: "button", onclick: () => this.show(view) }, text);
    this.#choices = { results: choice("results", "Results"), preview: choice("preview", "Preview") };
    this.views = h(
      "div",
      { class: "views", role: "group", "aria-label": "Shown below the editor" },
      this.#choices.results,
      this.#choices.preview,
    );
    if (settings.checks === false) {
      this.button.classList.add("main");
      bench.classList.add("large");
    }
    this.show(settings.checks === false ? "preview" : "results");
  }

  show(view: View): void {
    this.#bench.dataset["view"] = view;
    for (const [name, button] of Object.entries(this.#choices)) {
      button.setAttribute("aria-pressed", String(name === view));
    }
    if (view === "preview") void this.#load();
  }

  /** The files are no longer those that run. */
  outdated(): void {
    void this.#preview?.then((preview) => preview?.outdated());
  }

  async run(): Promise<void> {
    this.show("preview");
    const preview = await this.#load();
    await preview?.run();
  }

  #load(): Promise<Preview | undefined> {
    this.#preview ??= import("./preview").then(
      ({ Preview }) => new Preview(this.element, this.#bench, this.#settings, this.#events),
      () => this.#missing(),
    );
    return this.#preview;
  }

  /** The preview's script did not arrive. What a browser could not load, it tries once for each page. */
  #missing(): undefined {
    this.element.append(h("p", { class: "preview-state trouble", role: "alert" }, MISSING));
  }
}
