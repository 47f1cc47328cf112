/** The learner's own app, running: in one frame or two, with what it prints and what passes. */

import { io, type Socket } from "socket.io-client";
import { announce, h, marked, plain } from "../dom";
import { Following, type News } from "./following";
import { frame, NOTE } from "./frames";
import { Printed } from "./printed";
import type { Settings } from "./protocol";
import type { RunningEvents } from "./running";
import { type Row, Wire } from "./wire";

type State =
  | { readonly kind: "starting" }
  | { readonly kind: "listening"; readonly address: string }
  | { readonly kind: "silent"; readonly last: string; readonly help: string | null }
  | {
      readonly kind: "gone";
      readonly reason: string;
      readonly message: string;
      readonly help: string | null;
      readonly line: number | null;
      readonly exit?: number | null;
    };

/** News of the app (webapp/bench/previews.py, as_event). */
type PreviewEvent =
  | State
  | { readonly kind: "output"; readonly text: string }
  | { readonly kind: "traffic"; readonly rows: readonly Row[]; readonly lost: number };

interface Snapshot {
  readonly id: string;
  readonly state: State;
  readonly address: string | null;
  readonly output: string;
  readonly rows: readonly Row[];
  /** The number of the last news that is in here. */
  readonly told: number;
}

interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly origins?: readonly string[];
  readonly running?: Snapshot | null;
}

const ANSWER_WITHIN = 15_000;
const NOT_HERE =
  "Previews are for a browser on the machine that serves the course. " +
  "Whoever serves it to others can open them with COURSE_PREVIEW_ORIGIN.";
const SINCE = "Your files have changed since this app was started. Run starts it again.";
const RESTARTED = "The course was started again. Load this page again to use the preview.";

export class Preview {
  readonly #element: HTMLElement;
  readonly #bench: HTMLElement;
  readonly #settings: Settings;
  readonly #events: RunningEvents;
  readonly #socket: Socket;
  readonly #wire = new Wire();
  readonly #status = h("p", { class: "preview-state" });
  readonly #since = h("p", { class: "note since", hidden: true }, SINCE);
  readonly #more = h("div", { class: "preview-more", hidden: true });
  readonly #host = h("span", { class: "host" }, "http://127.0.0.1:5000");
  readonly #path = h("input", { id: "preview-path", value: "/", autocomplete: "off", spellcheck: "false" });
  readonly #frames = h("div", { class: "frames", hidden: true });
  readonly #printed = new Printed();
  readonly #stop = this.#button("Stop", () => {
    this.#frames.replaceChildren();
    void this.#ask("stop");
  });
  readonly #two = this.#button("Two users", () => this.#toggleTwo());
  readonly #large = this.#button("Whole window", () => this.#toggleLarge());
  readonly #tab = h("a", { target: "_blank", rel: "noopener" }, "Open in a tab");
  readonly #news = new Following<PreviewEvent>((event) => this.#take(event));
  #state: State | undefined;

  constructor(element: HTMLElement, bench: HTMLElement, settings: Settings, events: RunningEvents) {
    this.#element = element;
    this.#bench = bench;
    this.#settings = settings;
    this.#events = events;
    this.#two.setAttribute("aria-pressed", "false");
    this.#large.setAttribute("aria-pressed", String(bench.classList.contains("large")));
    element.append(this.#bar(), this.#status, this.#more, this.#since, this.#frames, this.#printed.element, this.#wire.element);
    this.#large.classList.add("whole");
    if (settings.checks === false) this.#large.hidden = true;
    this.#draw(undefined);
    this.#socket = io("/preview", { transports: ["websocket", "polling"], reconnectionDelayMax: 3_000 });
    this.#socket.on("connect", () => void this.#open());
    this.#socket.on("disconnect", () => this.#say("There is no connection to the course.", true));
    this.#socket.on("news", (news: News<PreviewEvent>) => this.#news.hear(news));
    this.#socket.connect();
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#large.getAttribute("aria-pressed") === "true") this.#leaveLarge(event);
    });
  }

  /** The files are no longer those that run. */
  outdated(): void {
    if (!this.#stop.disabled) this.#since.hidden = false;
  }

  /** Save all, then run what is saved in place of what runs. */
  async run(): Promise<void> {
    if (!this.#settings.previews.length) return this.#say(NOT_HERE, true);
    this.#draw({ kind: "starting" });
    if (!(await this.#events.flush())) {
      this.#draw(undefined);
      return this.#say("Your files are not saved yet, so they were not run.", true);
    }
    const answer = await this.#ask("run");
    if (answer?.running) this.#show(answer.running);
    else this.#refused();
  }

  /** What ran before is stopped or was never begun; the reason is on the screen already. */
  #refused(): void {
    this.#state = undefined;
    this.#still();
    this.#element.dataset["state"] = "none";
  }

  async #open(): Promise<void> {
    const answer = await this.#ask("open");
    if (!answer) return;
    const ours = this.#settings.previews;
    if (!answer.origins?.length) this.#say(NOT_HERE, true);
    else if (answer.origins.join() !== ours.join()) this.#say(RESTARTED, true);
    else if (!answer.running && this.#state?.kind !== "starting") this.#draw(undefined);
    else if (!answer.running) return;
    else this.#show(answer.running);
  }

  async #ask(name: "open" | "run" | "stop"): Promise<Answer | undefined> {
    try {
      const message = { place: this.#settings.lesson };
      const answer: Answer = await this.#news.asking(this.#socket.timeout(ANSWER_WITHIN).emitWithAck(name, message));
      if (answer.ok) return answer;
      this.#say(answer.error ?? "", true);
    } catch {
      this.#say("The course did not answer. Is it still running?", true);
    }
    return undefined;
  }

  #show(running: Snapshot): void {
    if (running.id !== this.#news.id) this.#state = undefined;
    this.#news.follow(running.id, running.told, () => {
      this.#printed.clear();
      this.#printed.add(running.output);
      this.#wire.clear();
      this.#wire.add(running.rows, 0);
      this.#take(running.state);
    });
  }

  #take(event: PreviewEvent): void {
    if (event.kind === "output") this.#printed.add(event.text);
    else if (event.kind === "traffic") this.#wire.add(event.rows, event.lost);
    else if (event.kind === "gone" && event.reason === "replaced" && this.#state?.kind === "starting") return;
    else if (JSON.stringify(event) !== JSON.stringify(this.#state)) this.#draw(event);
  }

  // ---------------------------------------------------------------- what is shown

  #draw(state: State | undefined): void {
    this.#state = state;
    if (state !== undefined && state.kind !== "gone") this.#stop.disabled = false;
    else this.#still();
    this.#frames.hidden = state?.kind !== "listening";
    if (this.#frames.hidden) this.#frames.replaceChildren();
    if (!state || state.kind === "starting" || state.kind === "gone") this.#since.hidden = true;
    this.#more.hidden = true;
    this.#more.replaceChildren();
    this.#element.dataset["state"] = state?.kind ?? "none";
    if (!state) this.#say("Press Run to start your app, see its page here, and watch what passes between them.");
    else if (state.kind === "starting") this.#say("Starting your app …");
    else if (state.kind === "listening") this.#listening(state.address);
    else if (state.kind === "silent") this.#silent(state.last, state.help);
    else this.#gone(state);
  }

  /** Nothing runs that could be stopped. Who had the focus there, or in a frame, can run it again. */
  #still(): void {
    const { activeElement } = document;
    const lost = activeElement === this.#stop || this.#frames.contains(activeElement);
    this.#stop.disabled = true;
    if (lost) this.#bench.querySelector<HTMLElement>(".run")?.focus();
  }

  #listening(address: string): void {
    this.#host.textContent = address.replace(/\/$/, "");
    this.#say("Your app is running.");
    this.#load();
  }

  #silent(last: string, help: string | null): void {
    const text = last ? `The last line that it printed: ${plain(last)}` : "It has printed nothing.";
    this.#explain("Your app runs, and no server listens yet.", text, help);
  }

  #gone(state: State & { kind: "gone" }): void {
    const wanted = state.reason === "stopped" || state.reason === "replaced" || state.reason === "left";
    const well = state.exit === 0 && !state.help; // a script that did its work, as in lesson 1
    this.#explain(state.message, "", state.help, !wanted && !well);
    if (state.line !== null) {
      const { line } = state;
      this.#more.append(this.#button(`Show line ${line} of app.py`, () => this.#events.line("app.py", line)));
      this.#more.hidden = false;
    }
  }

  #explain(message: string, text: string, help: string | null, trouble = true): void {
    this.#say(message, trouble);
    if (text) this.#more.append(h("p", {}, text));
    if (help) this.#more.append(h("p", {}, "Try this: ", marked(help)));
    this.#more.hidden = !this.#more.childElementCount;
  }

  /** Show a sentence, and say it: the pane may be hidden, or its frame have the focus. */
  #say(text: string, trouble = false): void {
    if (this.#status.textContent !== text && (this.#state || trouble)) announce(text);
    this.#status.textContent = text;
    this.#status.classList.toggle("trouble", trouble);
  }

  // ---------------------------------------------------------------- frames

  #bar(): HTMLElement {
    const address = h(
      "form",
      { class: "address" },
      h("label", { for: "preview-path" }, this.#host, h("span", { class: "unseen" }, " Path of the page")),
      this.#path,
      h("button", { title: "Load this page in the frames" }, "Load"),
    );
    address.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#path.value.startsWith("/")) this.#path.value = `/${this.#path.value}`;
      this.#load();
    });
    return h(
      "div",
      { class: "preview-bar" },
      h("div", { class: "buttons" }, this.#stop, this.#two, this.#large),
      address,
    );
  }

  /** Load the page in the frames of one user or two. */
  #load(): void {
    this.#frames.replaceChildren();
    if (this.#state?.kind !== "listening") return;
    const page = (user: number) => (this.#settings.previews[user - 1] ?? "") + this.#path.value;
    const two = this.#two.getAttribute("aria-pressed") === "true";
    this.#frames.append(frame(page(1), 1));
    if (two) this.#frames.append(frame(page(2), 2));
    this.#frames.append(h("p", { class: "frame-note" }, this.#tab, two && NOTE));
    this.#tab.setAttribute("href", page(1));
    this.#frames.dataset["users"] = two ? "2" : "1";
  }

  #toggleTwo(): void {
    const two = this.#two.getAttribute("aria-pressed") !== "true";
    this.#two.setAttribute("aria-pressed", String(two));
    const first = this.#frames.querySelector("figure");
    const note = this.#frames.querySelector(".frame-note");
    if (!first || !note) return;
    // The first user goes on undisturbed.
    const origin = this.#settings.previews[1] ?? "";
    if (two) note.before(frame(origin + this.#path.value, 2));
    else this.#frames.querySelector("figure + figure")?.remove();
    note.replaceChildren(this.#tab, two ? NOTE : "");
    this.#frames.dataset["users"] = two ? "2" : "1";
  }

  #toggleLarge(): void {
    const large = this.#large.getAttribute("aria-pressed") !== "true";
    this.#large.setAttribute("aria-pressed", String(large));
    this.#bench.classList.toggle("large", large);
    document.body.classList.toggle("bench-large", large);
    this.#large.scrollIntoView({ block: "nearest" });
  }

  #leaveLarge(event: KeyboardEvent): void {
    const inside = event.target instanceof HTMLElement && event.target.closest("dialog, .cm-editor, .menu");
    if (inside || this.#settings.checks === false) return;
    this.#toggleLarge();
    this.#large.focus();
  }

  #button(text: string, act: () => void): HTMLButtonElement {
    return h("button", { type: "button", onclick: act }, text);
  }
}
