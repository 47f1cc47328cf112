/** The player of a recording: one step at a time, with a dot that travels where it is wanted. */

import { announce, icon } from "./dom";

const PAUSE = 2600;
const TRAVEL = 700;
const LONGER = 18;

class Player {
  private readonly steps: HTMLElement[];
  private readonly rows: SVGGElement[];
  private readonly controls: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly count: HTMLOutputElement;
  private readonly diagram: HTMLElement;
  private readonly dot: SVGCircleElement;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private current = 0;
  private timer = 0;
  private moving: Animation | undefined;

  constructor(private readonly root: HTMLElement) {
    const find = <T extends Element>(selector: string): T => {
      const found = root.querySelector<T>(selector);
      if (!found) throw new Error(`no ${selector}`);
      return found;
    };
    this.steps = [...root.querySelectorAll<HTMLElement>("[data-steps] > li")];
    this.rows = [...root.querySelectorAll<SVGGElement>("g[data-step]")];
    this.controls = find("[data-controls]");
    this.slider = find("[data-slider]");
    this.count = find("[data-count]");
    this.diagram = find("[data-diagram]");
    this.dot = find("[data-dot]");
    this.listen();
    root.classList.add("ready");
    this.controls.hidden = false;
    this.show(numberIn(location.hash) - 1, false);
  }

  private listen(): void {
    this.controls.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-do]");
      if (button) this.act(button.dataset["do"] ?? "");
    });
    this.slider.addEventListener("input", () => {
      this.stop();
      this.show(this.slider.valueAsNumber - 1);
    });
    addEventListener("keydown", (event) => this.press(event));
    addEventListener("hashchange", () => {
      this.stop();
      this.show(numberIn(location.hash) - 1);
    });
    this.rows.forEach((row, index) =>
      row.addEventListener("click", () => {
        this.stop();
        this.show(index);
      }),
    );
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  private act(what: string): void {
    if (what === "play") {
      if (this.timer) this.stop();
      else this.play();
      return;
    }
    this.stop();
    this.show(what === "first" ? 0 : this.current + (what === "next" ? 1 : -1));
  }

  /** Left and right step, wherever they have no other meaning. */
  private press(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const busy = (event.target as Element).closest?.("input, select, textarea, pre");
    if (!step || busy || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.stop();
    this.show(this.current + step);
  }

  private play(): void {
    if (this.current === this.steps.length - 1) this.show(0);
    this.setPlaying(true);
    this.wait();
  }

  /** Long enough to read the step, at the speed that was chosen. */
  private wait(): void {
    const text = this.steps[this.current]?.querySelector(".what")?.textContent ?? "";
    const speed = Number(this.root.querySelector<HTMLSelectElement>("[data-speed]")?.value ?? 1);
    this.timer = window.setTimeout(
      () => {
        this.show(this.current + 1);
        if (this.current === this.steps.length - 1) this.stop();
        else this.wait();
      },
      (PAUSE + text.length * LONGER) / speed,
    );
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.setPlaying(false);
  }

  private setPlaying(on: boolean): void {
    const button = this.controls.querySelector("[data-do=play]");
    button?.setAttribute("aria-pressed", String(on));
    button?.replaceChildren(icon(on ? "pause" : "play"), span(on ? "Pause" : "Play"));
  }

  /** Show a step; a number outside the recording is brought back into it. */
  private show(wanted: number, tell = true): void {
    const last = this.steps.length - 1;
    this.current = Math.min(Math.max(wanted, 0), last);
    this.steps.forEach((step, index) => (step.hidden = index !== this.current));
    this.rows.forEach((row, index) => {
      row.classList.toggle("current", index === this.current);
      row.classList.toggle("ahead", index > this.current);
    });
    const where = `${this.current + 1} of ${last + 1}`;
    this.slider.value = String(this.current + 1);
    this.slider.setAttribute("aria-valuetext", `step ${where}`);
    this.count.value = where;
    for (const [name, off] of [["first", this.current === 0], ["back", this.current === 0], ["next", this.current === last]] as const) {
      this.controls.querySelector(`[data-do=${name}]`)?.setAttribute("aria-disabled", String(off));
    }
    if (!tell) return;
    const step = this.steps[this.current];
    announce([...(step?.querySelectorAll("h2, .what") ?? [])].map((part) => part.textContent).join(" "));
    this.follow();
    this.travel();
  }

  /** Keep the current row in sight where the drawing scrolls by itself. */
  private follow(): void {
    const row = this.rows[this.current]?.getBoundingClientRect();
    const frame = this.diagram.getBoundingClientRect();
    if (!row || this.diagram.scrollHeight <= this.diagram.clientHeight) return;
    const middle = row.top - frame.top - frame.height / 2 + row.height / 2;
    this.diagram.scrollBy({ top: middle, behavior: this.still.matches ? "instant" : "smooth" });
  }

  private travel(): void {
    this.moving?.cancel();
    const line = this.rows[this.current]?.querySelector<SVGLineElement>(".v-arrow");
    if (!line || this.still.matches) return;
    const [x1, x2, y] = (["x1", "x2", "y1"] as const).map((name) => line[name].baseVal.value);
    this.dot.setAttribute("visibility", "visible");
    this.moving = this.dot.animate(
      [{ transform: `translate(${x1}px, ${y}px)` }, { transform: `translate(${x2}px, ${y}px)` }],
      { duration: TRAVEL, easing: "ease-in-out" },
    );
    this.moving.onfinish = () => this.dot.setAttribute("visibility", "hidden");
    this.moving.oncancel = () => this.dot.setAttribute("visibility", "hidden");
  }
}

function numberIn(hash: string): number {
  return Number(/^#step-(\d+)$/.exec(hash)?.[1] ?? 1);
}

function span(text: string): HTMLSpanElement {
  const made = document.createElement("span");
  made.textContent = text;
  return made;
}

const root = document.querySelector<HTMLElement>("[data-player]");
if (root) new Player(root);
