/** The wire: every packet as it passes between the pages and the learner's app. */

import { h, icon } from "../dom";

interface Part {
  readonly text: string;
  readonly means: string;
}

interface Meaning {
  readonly protocol: string;
  readonly kind: string;
  readonly parts: readonly Part[];
  readonly namespace: string | null;
  readonly event: string | null;
  readonly ack: number | null;
  readonly attachments: number;
}

/** A packet or a request (checker/packets.py, Passed). */
export interface Row {
  readonly kind: "packet" | "request";
  /** Seconds since the app was started. */
  readonly at: number;
  readonly user: number;
  readonly session?: number;
  readonly to?: "server" | "page";
  readonly transport: string;
  readonly size: number;
  readonly cut: boolean;
  readonly meaning: Meaning | null;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly seconds?: number;
}

const KEPT = 2_000;
const LABEL = "Packets, oldest first. Arrow keys go from one to the next, Enter opens it.";
/** What keeps a connection alive and says nothing: not shown unless asked for. */
const QUIET = new Set(["ping", "pong", "noop"]);

export class Wire {
  readonly element: HTMLElement;
  readonly #list = h("ol", { class: "packets", tabindex: "0", "aria-label": LABEL, onkeydown: (event) => this.#move(event) });
  readonly #count = h("span", { class: "count" });
  readonly #empty = h("p", { class: "note empty" });
  readonly #pause = h("button", { type: "button", "aria-pressed": "false", onclick: () => this.#togglePause() });
  readonly #quiet = h("input", { type: "checkbox", id: "wire-quiet", onchange: () => this.#redraw() });
  readonly #text = h("input", { type: "search", id: "wire-text", placeholder: "Filter", oninput: () => this.#redraw() });
  #rows: Row[] = [];
  #held: Row[] = [];
  #lost = 0;
  #letGo = 0;

  constructor() {
    this.#drawPause(false);
    this.#drawCount();
    this.element = h(
      "section",
      { class: "wire", "aria-labelledby": "wire-title" },
      h(
        "header",
        {},
        h("h3", { id: "wire-title" }, "The wire"),
        this.#count,
        this.#pause,
        h("button", { type: "button", onclick: () => this.clear() }, "Clear"),
        h("label", { for: "wire-quiet" }, this.#quiet, "Pings and polls"),
        h("label", { for: "wire-text", class: "unseen" }, "Show only packets with this text"),
        this.#text,
      ),
      heading(),
      this.#list,
      this.#empty,
    );
  }

  /** Show what passed; `lost` more were too many to be recorded. */
  add(rows: readonly Row[], lost: number): void {
    this.#lost += lost;
    if (this.#paused) this.#held = this.#newest([...this.#held, ...rows]);
    else this.#append(rows);
    this.#drawCount();
  }

  #append(rows: readonly Row[]): void {
    this.#rows = this.#newest([...this.#rows, ...rows]);
    const list = this.#list;
    const follows = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
    list.append(...rows.filter((row) => this.#isShown(row)).map(line));
    while (list.childElementCount > KEPT) list.firstElementChild?.remove();
    if (follows) list.scrollTop = list.scrollHeight;
  }

  #newest(rows: Row[]): Row[] {
    this.#letGo += Math.max(0, rows.length - KEPT);
    return rows.slice(-KEPT);
  }

  clear(): void {
    this.#rows = [];
    this.#letGo = 0;
    this.#held = [];
    this.#lost = 0;
    this.#redraw();
  }

  /** The list is one stop for the Tab key; inside it the arrow keys go from packet to packet. */
  #move(event: Event): void {
    const { key, target } = event as KeyboardEvent;
    const here = (target as Element).closest("li");
    if (here && !(target as Element).matches("summary")) return; // in an opened packet, to scroll it
    const { firstElementChild: first, lastElementChild: last } = this.#list;
    const targets: Record<string, Element | null | undefined> = {
      ArrowDown: here ? here.nextElementSibling : first,
      ArrowUp: here ? here.previousElementSibling : last,
      Home: first,
      End: last,
    };
    const summary = targets[key]?.querySelector("summary");
    if (!summary) return;
    event.preventDefault();
    summary.focus();
  }

  get #paused(): boolean {
    return this.#pause.getAttribute("aria-pressed") === "true";
  }

  #togglePause(): void {
    const paused = !this.#paused;
    this.#drawPause(paused);
    const held = this.#held;
    this.#held = [];
    if (!paused) this.add(held, 0);
  }

  #drawPause(paused: boolean): void {
    this.#pause.setAttribute("aria-pressed", String(paused));
    this.#pause.replaceChildren(icon(paused ? "play" : "pause"), paused ? "Go on" : "Pause");
  }

  #isShown(row: Row): boolean {
    if (!this.#quiet.checked && isQuiet(row)) return false;
    const wanted = this.#text.value.trim().toLowerCase();
    return !wanted || words(row).toLowerCase().includes(wanted);
  }

  #redraw(): void {
    this.#list.replaceChildren(...this.#rows.filter((row) => this.#isShown(row)).map(line));
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#drawCount();
  }

  #drawCount(): void {
    const shown = this.#list.childElementCount;
    const parts = [
      this.#rows.length && `${shown} of ${this.#rows.length}`,
      this.#held.length && `${this.#held.length} held back`,
      this.#letGo && `${this.#letGo} older ones let go`,
      this.#lost && `${this.#lost} too many to record`,
    ];
    this.#count.textContent = parts.filter(Boolean).join(", ");
    this.#empty.hidden = shown > 0;
    this.#empty.textContent = shown ? "" : this.#whyEmpty();
  }

  #whyEmpty(): string {
    if (!this.#rows.length) return "Nothing has passed yet. What a page and your app say to each other will appear here.";
    if (this.#text.value.trim()) return "Nothing that has passed holds this text.";
    return "Only pings and polls have passed. Tick the box above to see them.";
  }
}

/** What stands in which column, for the eye; for the ear each cell says it. */
function heading(): HTMLElement {
  const names = ["at", "who", "way", "transport", "type", "payload", "size"];
  const words = ["seconds", "user", "", "over", "type", "carries", "size"];
  return h("p", { class: "columns", "aria-hidden": "true" }, ...names.map((name, at) => h("span", { class: name }, words[at])));
}

function isQuiet(row: Row): boolean {
  if (row.kind === "request") return row.transport !== "http" && (row.status ?? 0) < 400;
  return QUIET.has(row.meaning?.kind ?? "");
}

function text(row: Row): string {
  return row.meaning?.parts.map((part) => part.text).join("") ?? "";
}

function words(row: Row): string {
  return [row.method, row.path, row.status, row.transport, row.meaning?.kind, row.meaning?.namespace, text(row)].join(" ");
}

function line(row: Row): HTMLElement {
  const details = h("details", { class: `packet ${row.to ?? "request"}` }, h("summary", { tabindex: -1 }, ...cells(row)));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(row.kind === "packet" ? meaning(row) : request(row));
    if (details.open) details.scrollIntoView({ block: "nearest" });
  });
  return h("li", {}, details);
}

function cells(row: Row): (Node | string)[] {
  const cell = (name: string, ...content: (Node | string)[]) => h("span", { class: name }, ...content);
  const who = row.session === undefined ? `${row.user}` : `${row.user}.${row.session}`;
  const unseen = (said: string) => h("span", { class: "unseen" }, said);
  const common = [
    cell("at", row.at.toFixed(3), unseen(" s,")),
    cell("who", unseen("user and session "), who),
    cell("way", unseen(row.to === "server" ? "to the server" : row.to === "page" ? "to the page" : "request"), arrow(row)),
    cell("transport", SHORT[row.transport] ?? row.transport),
  ];
  if (row.kind === "request") {
    const bad = (row.status ?? 0) >= 400;
    return [
      ...common,
      cell("type", row.method ?? ""),
      cell("payload", row.path ?? ""),
      cell(bad ? "size bad" : "size", `${row.status} · ${bytes(row.size)}`),
    ];
  }
  const { meaning: read } = row;
  const namespace = read?.namespace && read.namespace !== "/" ? [cell("namespace", read.namespace), " "] : [];
  return [
    ...common,
    cell("type", read?.event ? "event" : (read?.kind ?? "").replace("_", " ")),
    cell("payload", ...namespace, ...(read?.event ? [h("b", {}, read.event), " "] : []), payload(row)),
    cell("size", bytes(row.size)),
  ];
}

const SHORT: Record<string, string> = { websocket: "ws", polling: "poll", http: "http" };

function arrow(row: Row): HTMLElement {
  return h("span", { "aria-hidden": "true" }, row.to === "server" ? "→" : row.to === "page" ? "←" : "⇄");
}

/** What an event carries, without its name. */
function payload(row: Row): string {
  const { parts = [], event = null, kind = "" } = row.meaning ?? {};
  const last = parts.at(-1)?.text ?? "";
  if (event === null) return parts.length > bare(row.meaning) && !kind.endsWith("probe") ? last.slice(0, 200) : "";
  const name = JSON.stringify(event);
  return last.startsWith(`[${name}`) ? last.slice(name.length + 1, 260).replace(/^,/, "").replace(/\]$/, "") : last.slice(0, 200);
}

/** How many parts a packet has when it carries nothing. */
function bare(read: Meaning | null): number {
  if (read?.protocol !== "Socket.IO") return 1;
  if (read.kind === "attachment") return read.parts.length - 1;
  return 2 + [read.namespace && read.namespace !== "/", read.ack !== null, read.attachments].filter(Boolean).length;
}

/** A packet opened: its text in pieces, and what each piece means. */
function meaning(row: Row): HTMLElement {
  const parts = row.meaning?.parts ?? [];
  const rows = parts.map((part) => h("tr", {}, h("th", { scope: "row" }, h("code", {}, part.text || "(nothing)")), h("td", {}, part.means)));
  const raw = h("pre", { class: "raw", tabindex: "0", role: "group", "aria-label": "The packet as it passed" });
  parts.forEach((part, index) => raw.append(h("span", { class: `part p${index % 4}` }, part.text)));
  const facts = [
    row.meaning?.protocol ?? "",
    row.to === "server" ? `from the page of user ${row.user}` : `to the page of user ${row.user}`,
    `session ${row.session}`,
    row.transport,
    `${row.size.toLocaleString()} bytes${row.cut ? ", shown in part" : ""}`,
  ];
  return h(
    "div",
    { class: "opened" },
    raw,
    h("table", {}, h("caption", { class: "unseen" }, "What each part means"), h("tbody", {}, ...rows)),
    h("p", { class: "note" }, facts.join(" · ")),
  );
}

function request(row: Row): HTMLElement {
  const took = `${Math.round((row.seconds ?? 0) * 1000)} ms`;
  const facts = [`answered ${row.status} after ${took}`, `${row.size.toLocaleString()} bytes`, `user ${row.user}`];
  return h("div", { class: "opened" }, h("pre", { class: "raw", tabindex: "0", role: "group", "aria-label": "The request" }, `${row.method} ${row.path}`), h("p", { class: "note" }, facts.join(" · ")));
}

function bytes(size: number): string {
  return size < 1000 ? `${size} B` : `${(size / 1000).toFixed(1)} kB`;
}
