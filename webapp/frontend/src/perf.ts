/** The load lab: starts a run, draws what comes in, and draws recorded runs. */

import { type Socket, io } from "socket.io-client";
import { announce, h, OFFLINE } from "./dom";
import { NO_ANSWER, whyNot } from "./line";
import { type Sample, draw } from "./perf/chart";

interface Answer {
  ok: boolean;
  error?: string;
}
interface Ended {
  why: "over" | "stopped" | "failed";
  error?: string;
}
interface Recorded {
  runs: { mode: string; pattern: string; clients: number; samples: Sample[] }[];
}

const DISTURBED = [3, 5, 7];
const CALM = "none";
/** Seconds between two samples. */
const STEP = 0.25;

class Lab {
  readonly #seconds: number;
  readonly #form: HTMLFormElement;
  readonly #button: HTMLButtonElement;
  #socket: Socket | undefined;
  #samples: Sample[] = [];
  #running = false;
  #title = "";
  #pattern = CALM;
  #recorded: Recorded | undefined;

  constructor(private readonly root: HTMLElement) {
    this.#seconds = (JSON.parse(root.dataset["lab"] ?? "{}") as { seconds: number }).seconds;
    this.#form = find(root, "[data-form]");
    this.#button = find(root, "[data-start]");
    for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) part.hidden = false;
    for (const name of ["[data-show]", "[data-plain]"]) find(root, name).hidden = true;
    this.#form.hidden = OFFLINE;
    this.#button.addEventListener("click", () => void (this.#running ? this.#stop() : this.#start()));
    this.#form.addEventListener("change", () => void this.#showProgram());
    for (const button of document.querySelectorAll<HTMLElement>("[data-draw]")) {
      button.addEventListener("click", () => void this.#drawRecorded(Number(button.dataset["draw"])));
    }
  }

  async #start(): Promise<void> {
    this.#trouble("");
    const order = { mode: this.#chosen("mode"), pattern: this.#chosen("pattern"), clients: Number(this.#chosen("clients")) };
    this.#begin(`${order.mode}, ${order.clients} clients, ${this.#label("pattern")}`, order.pattern);
    this.#setRunning(true);
    announce("The run starts.");
    try {
      const answer = (await this.#line().timeout(10_000).emitWithAck("start", order)) as Answer;
      if (!answer.ok) this.#fail(answer.error ?? "");
    } catch {
      this.#fail(NO_ANSWER);
    }
  }

  async #stop(): Promise<void> {
    await this.#line().timeout(10_000).emitWithAck("stop").catch(() => this.#fail(NO_ANSWER));
  }

  #line(): Socket {
    if (this.#socket) return this.#socket;
    const socket = io("/perf");
    socket.on("sample", (sample: Sample) => this.#take(sample));
    socket.on("ended", (news: Ended) => this.#ended(news));
    socket.on("connect_error", (error) => this.#fail(whyNot(socket, error)));
    socket.on("connect", () => find(this.root, "[data-trouble]").textContent === NO_ANSWER && this.#trouble(""));
    socket.on("disconnect", () => this.#running && this.#fail("The connection is gone, and the run with it."));
    this.#socket = socket;
    return socket;
  }

  #begin(title: string, pattern: string): void {
    this.#samples = [];
    this.#title = title;
    this.#pattern = pattern;
    find(this.root, "[data-chart]").hidden = false;
    find(this.root, "[data-numbers]").hidden = false;
    find(this.root, "tbody").replaceChildren();
    this.#draw();
    find(this.root, "[data-caption]").textContent = `${title}: the server starts …`;
  }

  #take(sample: Sample): void {
    this.#samples.push(sample);
    const cells = [sample.at, sample.connected, sample.rate, sample.median ?? "–", sample.p95 ?? "–"];
    find(this.root, "tbody").append(h("tr", {}, ...cells.map((cell) => h("td", {}, String(cell)))));
    this.#draw();
  }

  #draw(): void {
    const last = this.#samples.at(-1);
    const marks = this.#pattern === CALM ? [] : DISTURBED;
    const label = `Answers per second and delays: ${this.#title}`;
    const place = find(this.root, "[data-drawing]");
    place.replaceChildren(draw(this.#samples, this.#seconds, marks, label, place.clientWidth));
    if (!last) return;
    const delays = `median ${last.median ?? "–"} ms, p95 ${last.p95 ?? "–"} ms`;
    find(this.root, "[data-caption]").textContent =
      `${this.#title}: at ${last.at} s, ${last.connected} connected, ${last.rate} answers per second, ${delays}.`;
  }

  #ended(news: Ended): void {
    if (news.why === "failed") return this.#fail(news.error ?? "");
    this.#setRunning(false);
    announce(news.why === "over" ? `The run is over. ${this.#inWords()}` : "The run was stopped.");
    find(this.root, "[data-caption]").textContent = `${this.#title}. ${this.#inWords()}`;
  }

  #inWords(): string {
    const steady = this.#samples.filter((sample) => sample.at > 1.5);
    if (!steady.length) return "It was stopped before there was anything to see.";
    const rate = steady.reduce((sum, sample) => sum + sample.rate, 0) / steady.length;
    const worst = Math.max(...steady.map((sample) => sample.p95 ?? 0));
    const silent = steady.filter((sample) => sample.rate === 0).length * STEP;
    const silence = silent ? ` For ${silent} s nobody got an answer.` : "";
    return `On average ${Math.round(rate)} answers per second; the worst p95 was ${Math.round(worst)} ms.${silence}`;
  }

  #fail(text: string): void {
    this.#setRunning(false);
    this.#trouble(text);
    if (!this.#samples.length) find(this.root, "[data-chart]").hidden = true;
    if (!this.#samples.length) find(this.root, "[data-numbers]").hidden = true;
  }

  #trouble(text: string): void {
    const place = find(this.root, "[data-trouble]");
    place.textContent = text;
    place.hidden = !text;
  }

  #setRunning(running: boolean): void {
    this.#running = running;
    find(this.#button, "span").textContent = running ? "Stop the run" : "Start the run";
    const use = this.#button.querySelector("use");
    use?.setAttribute("href", `${use.getAttribute("href")?.split("#")[0] ?? ""}#${running ? "stop" : "play"}`);
    for (const select of this.#form.querySelectorAll("select")) select.disabled = running;
  }

  async #showProgram(): Promise<void> {
    const address = new URL(this.#form.action);
    address.hash = "";
    for (const name of ["mode", "pattern"]) address.searchParams.set(name, this.#chosen(name));
    const answer = await fetch(address).catch(() => undefined);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("program");
    const stale = document.getElementById("program");
    if (!fresh || !stale) return;
    const open = stale.querySelector("details")?.open ?? false;
    fresh.querySelector("details")?.toggleAttribute("open", open);
    stale.replaceWith(document.adoptNode(fresh));
  }

  async #drawRecorded(number: number): Promise<void> {
    if (this.#running) return this.#trouble("A run goes on. Stop it first.");
    this.#trouble("");
    const answer = await fetch("/perf/recorded.json").catch(() => undefined);
    if (answer?.ok) this.#recorded ??= (await answer.json()) as Recorded;
    const run = this.#recorded?.runs[number];
    if (!run) return this.#trouble("The recorded runs cannot be read now. Load the page again.");
    for (const name of ["mode", "pattern", "clients"] as const) this.#select(name).value = String(run[name]);
    void this.#showProgram();
    this.#begin(`Recorded: ${run.mode}, ${run.clients} clients, ${this.#label("pattern")}`, run.pattern);
    for (const sample of run.samples) this.#take(sample);
    find(this.root, "[data-caption]").textContent = `${this.#title}. ${this.#inWords()}`;
    this.root.scrollIntoView();
    announce(`${this.#title}. ${this.#inWords()}`);
  }

  #chosen(name: string): string {
    return this.#select(name).value;
  }

  #label(name: string): string {
    return this.#select(name).selectedOptions[0]?.textContent ?? "";
  }

  #select(name: string): HTMLSelectElement {
    return find(this.#form, `#${name}`);
  }
}

function find<T extends HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  return found;
}

const root = document.querySelector<HTMLElement>("[data-lab]");
if (root) new Lab(root);
