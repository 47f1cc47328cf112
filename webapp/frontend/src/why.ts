/** The laboratory of the Why mode: a page that asks and a page that is told, side by side. */

import { announce, icon, OFFLINE } from "./dom";
import { NO_ANSWER } from "./line";
import { Tally } from "./why/tally";
import { Strip } from "./why/strip";
import { Asker, type How, clockOffset } from "./why/asker";
import { Between } from "./why/between";
import { More } from "./why/more";
import { Told } from "./why/told";

interface Settings {
  kept: number;
  agreed: number;
}

/** Milliseconds after a line was opened or closed. */
const LOOKS = [400, 1200, 3000, 7000];
/** Milliseconds without a change of what is chosen, before it is tried. */
const PAUSE = 300;

class Lab {
  private readonly settings: Settings;
  private readonly form: HTMLFormElement;
  private readonly strip: Strip;
  private asker: Asker | undefined;
  private told: Told | undefined;
  private readonly more: More;
  private clock = 0;
  private soon = 0;
  /** Start was pressed last, and not Stop. */
  private begun = false;
  /** Counts beginnings and ends: what waits for an answer may come too late to go on. */
  private turn = 0;

  constructor(private readonly root: HTMLElement) {
    this.settings = JSON.parse(root.dataset["lab"] ?? "{}") as Settings;
    this.form = find(root, "[data-form]");
    this.strip = new Strip(find(root, "[data-marks]"));
    this.more = new More((text) => this.tell(text), (text) => this.trouble(text));
    for (const part of root.querySelectorAll<HTMLElement>("[hidden]")) part.hidden = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.begun) this.stop();
      else void this.start();
    });
    this.form.addEventListener("input", () => this.changed());
    for (const button of root.querySelectorAll<HTMLElement>("[data-preset]")) {
      button.addEventListener("click", () => this.preset(button.dataset["preset"] ?? ""));
    }
    for (const [name, act] of [["more", "open"], ["fewer", "close"], ["cut", "cut"]] as const) {
      const button = find<HTMLButtonElement>(root, `[data-${name}]`);
      button.addEventListener("click", () => {
        this.more[act]();
        this.settleMore();
        if (button.disabled) find(root, "[data-server] button:enabled").focus();
      });
    }
    new Between(find(root, "[data-between]"), () => {
      this.trouble("");
      if (this.begun) this.stop();
    });
    addEventListener("pagehide", () => this.stop());
    void this.lookAtServer();
  }

  private get every(): number {
    return Number(new FormData(this.form).get("every"));
  }

  private async start(): Promise<void> {
    const turn = ++this.turn;
    this.setRunning(true);
    this.trouble("");
    const offset = await clockOffset(this.every).catch(() => undefined);
    if (turn !== this.turn) return;
    if (offset === undefined) {
      this.setRunning(false);
      this.trouble(NO_ANSWER);
      return;
    }
    this.compare(offset);
    this.clock = window.setInterval(() => this.draw(), 250);
    this.lookSoon();
  }

  private compare(offset: number): void {
    const form = new FormData(this.form);
    const how = String(form.get("how")) as How;
    const [polled, pushed] = [new Tally(offset), new Tally(offset)];
    this.strip.begin(this.every, offset);
    this.asker = new Asker(this.every, Number(form.get("asks")), how, polled, (news) => this.mark("ask", news));
    this.told = new Told(this.every, this.settings.agreed, pushed, (news) => this.mark("told", news), (why) => this.trouble(why));
  }

  private stop(): void {
    this.turn += 1;
    clearTimeout(this.soon);
    clearInterval(this.clock);
    this.asker?.stop();
    this.told?.stop();
    if (this.asker) {
      this.draw();
      announce(find(this.root, "[data-verdict]").textContent ?? "");
    }
    this.asker = this.told = undefined;
    this.setRunning(false);
    this.lookSoon();
  }

  /** Begin anew with what is chosen now, if anything runs; a slider changes many times. */
  private changed(): void {
    find(this.root, "[data-asks]").textContent = String(new FormData(this.form).get("asks"));
    if (!this.begun) return;
    this.stop();
    this.setRunning(true);
    this.soon = window.setTimeout(() => void this.start(), PAUSE);
  }

  private preset(text: string): void {
    const [every, asks, how] = text.split(" ");
    for (const [name, value] of Object.entries({ every, asks, how })) {
      (this.form.elements.namedItem(name) as HTMLInputElement).value = value ?? "";
    }
    this.changed();
    if (!this.begun) void this.start();
  }

  private setRunning(on: boolean): void {
    this.begun = on;
    find(this.root, "[data-run]").replaceChildren(icon(on ? "stop" : "play"), on ? "Stop" : "Start");
  }

  private mark(row: "ask" | "told", news: boolean): void {
    this.strip.mark(row, news);
  }

  private draw(): void {
    this.strip.draw();
    if (!this.asker || !this.told) return;
    this.fill("poll", this.asker.tally, this.asker.requests);
    this.fill("push", this.told.tally, this.told.requests);
    find(this.root, "[data-verdict]").textContent = verdict(this.asker, this.told);
  }

  private fill(side: "poll" | "push", tally: Tally, requests: number): void {
    const shown: Record<string, string> = { requests: String(requests), ...tally.shown() };
    for (const [name, text] of Object.entries(shown)) {
      find(this.root, `[data-${side}="${name}"]`).textContent = text;
    }
  }

  private settleMore(): void {
    const some = this.more.some;
    find<HTMLButtonElement>(this.root, "[data-more]").disabled = some;
    for (const name of ["[data-fewer]", "[data-cut]"]) find<HTMLButtonElement>(this.root, name).disabled = !some;
    this.lookSoon(true);
  }

  /** A line takes a moment to open or close: look more than once, and tell the last. */
  private lookSoon(tell = false): void {
    for (const wait of LOOKS) {
      setTimeout(() => void this.lookAtServer(tell && wait === LOOKS.at(-1)), wait);
    }
  }

  private async lookAtServer(tell = false): Promise<void> {
    try {
      const answer = await fetch("/why/server");
      const held = (await answer.json()) as { connections: number; threads: number };
      find(this.root, "[data-connections]").textContent = String(held.connections);
      find(this.root, "[data-threads]").textContent = String(held.threads);
      if (find(this.root, "[data-trouble]").textContent === NO_ANSWER) this.trouble("");
      if (tell) announce(`The server holds ${held.connections} open lines and ${held.threads} threads.`);
    } catch {
      this.trouble(NO_ANSWER);
    }
  }

  private tell(text: string): void {
    find(this.root, "[data-comeback]").textContent = text;
    if (text) this.lookSoon();
  }

  private trouble(text: string): void {
    find(this.root, "[data-trouble]").textContent = text;
  }
}

function verdict(asker: Asker, told: Told): string {
  const bytes = asker.tally.bytes;
  const idle = asker.requests - asker.tally.news;
  if (asker.requests < 3) return "";
  const waste = `${idle} of ${asker.requests} questions brought nothing.`;
  const lost = asker.tally.missed ? ` ${asker.tally.missed} changes were never seen.` : "";
  const times = bytes / told.tally.bytes;
  if (times >= 1.5) return `${waste}${lost} Asking has cost ${times.toFixed(1)} times the bytes so far.`;
  if (times > 0.67) return `${waste}${lost} Both have cost about the same bytes so far.`;
  return `${waste}${lost} Asking has cost fewer bytes so far, and holds no line.`;
}

function find<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

/** What the ticks of the checklist say together. */
function decide(): void {
  const list = document.querySelector("[data-decide]");
  const decision = document.querySelector("[data-decision]");
  list?.addEventListener("change", () => {
    const ticked = [...list.querySelectorAll<HTMLInputElement>("input:checked")];
    const push = ticked.filter((box) => box.dataset["side"] === "push").length;
    const poll = ticked.length - push;
    const words = push > poll ? "A line is worth its price." : poll > push ? "Let the page ask." : "It could go either way: begin with asking, which is less to look after.";
    if (decision) decision.textContent = ticked.length ? `${push} for a line, ${poll} for asking. ${words}` : "";
  });
}

const root = document.querySelector<HTMLElement>("[data-lab]");
if (root && !OFFLINE) new Lab(root);
decide();
