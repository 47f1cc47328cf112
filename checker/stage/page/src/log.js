/** The engine's notebook: everything that was observed of one page, within bounds. */

import { readConnectionUrl, readPacket, splitPayload } from "./packets.js";

const MAX_ENTRIES = 200;
const MAX_STRING = 2000;
const MAX_DEPTH = 12;
const LISTS = ["alerts", "console", "errors", "requests", "references", "connections", "packets"];

/** Cut strings, lists and depth of a JSON-like value, so that nothing large gets out. */
export function bounded(value, depth = 0) {
  if (typeof value === "string")
    return value.length > MAX_STRING ? `${value.slice(0, MAX_STRING)}…` : value;
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return null;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value))
    return value.slice(0, MAX_ENTRIES).map((item) => bounded(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(
    entries.map(([key, item]) => [key.slice(0, MAX_STRING), bounded(item, depth + 1)]),
  );
}

export class Log {
  constructor() {
    this.began = performance.now();
    this.lastChange = this.began;
    this.dropped = 0;
    this.namespaces = {};
    this.texts = new Map();
    for (const name of LISTS) this[name] = [];
  }

  /** Append to a list; returns the entry, which may still be completed later. */
  add(list, entry) {
    this.lastChange = performance.now();
    if (this[list].length >= MAX_ENTRIES) {
      this.dropped += 1;
      return entry;
    }
    this[list].push(entry);
    return entry;
  }

  /** Keep a served text, so that an error can quote its line. */
  keepText(url, text) {
    if (this.texts.size < 50) this.texts.set(url, text.slice(0, 1_000_000));
  }

  /** The trimmed line of a served text, or null. */
  sourceLine(url, line) {
    const lines = this.texts.get(url)?.split("\n");
    return lines?.[line - 1]?.trim().slice(0, 200) ?? null;
  }

  /** Note an Engine.IO packet that went over a transport. */
  packet(direction, transport, text) {
    const packet = typeof text === "string" ? readPacket(text) : null;
    if (packet === null) return;
    const at = (performance.now() - this.began) / 1000;
    this.noteNamespace(direction, packet);
    this.add("packets", {
      direction,
      transport,
      ...bounded(packet),
      at: Math.round(at * 1000) / 1000,
    });
  }

  payload(direction, body) {
    for (const packet of splitPayload(body)) this.packet(direction, "polling", packet);
  }

  noteNamespace(direction, { kind, namespace }) {
    if (Object.keys(this.namespaces).length >= MAX_ENTRIES) return;
    if (kind === "connect")
      this.namespaces[namespace] = direction === "out" ? "asked" : "connected";
    if (kind === "connect_error") this.namespaces[namespace] = "refused";
    if (kind === "disconnect") this.namespaces[namespace] = "closed";
  }

  /** Note an attempt to open a connection; returns its entry or null for other URLs. */
  connection(url) {
    const asked = readConnectionUrl(url);
    if (asked === null || !asked.first) return null;
    const { first: _first, ...rest } = asked;
    return this.add("connections", { ...rest, open: false, status: null, problem: null });
  }

  /** Packets that match; `event` null means any event. */
  events(direction, event = null) {
    return this.packets.filter(
      (packet) =>
        packet.kind === "event" &&
        packet.direction === direction &&
        (event === null || packet.event === event),
    );
  }
}
