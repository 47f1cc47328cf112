/** Orders in, answers out: the engine's only contact with the outside. See PROTOCOL.md. */

import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import "jsdom";
import { implementation as WebSocketImpl } from "jsdom/lib/jsdom/living/websockets/WebSocket-impl.js";
import * as act from "./act.js";
import { installForms } from "./forms.js";
import { clients } from "./library.js";
import { installModules } from "./modules.js";
import { Page } from "./page.js";

export { rehearse } from "./rehearse.js";

const LIFETIME = Number(process.argv[2]) || 120;
const ANSWERS = Number(process.argv[3]) || 3;
const MAX_ANSWER = 1_000_000;
const TICK = 15;
const SETTLE = 0.3;
const LOADING = 2;
const STARVED = 3;

let page = null;

function answer(value) {
  let text = JSON.stringify(value);
  if (text.length > MAX_ANSWER)
    text = JSON.stringify({ id: value.id, ok: false, error: "The page's state is too large." });
  let rest = Buffer.from(`${text}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(ANSWERS, rest));
    } catch (error) {
      if (error.code !== "EAGAIN") process.exit(1);
    }
  }
}

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * Wait until a condition holds; resolves to whether it did.
 *
 * A tick that comes late is counted as two, not as all the time that has passed: on a machine that
 * is busy elsewhere the page has had less time than the clock says. The clock has the last word.
 */
async function until(condition, within) {
  const end = performance.now() + (within + STARVED) * 1000;
  for (let left = within * 1000; !condition();) {
    if (left <= 0 || performance.now() >= end) return false;
    const began = performance.now();
    await pause(TICK / 1000);
    left -= Math.min(performance.now() - began, 2 * TICK);
  }
  return true;
}

/** Try one act after the other, until the page sends the event (null: any). */
async function interact(text, event, within) {
  const end = performance.now() + within * 1000;
  const did = [];
  page.log.typed = text;
  const sent = () => page.log.events("out", event).length > 0;
  const attempt = async (round, deed) => {
    if (sent() || performance.now() > end) return;
    did.push(...[act.fill(page.window, text, round > 0), deed()].flat());
    await until(sent, SETTLE);
    if (!page.navigating) return;
    await page.navigating;
    await until(() => page.holds({ loaded: true }), LOADING);
  };
  for (let round = 0; round < 2; round += 1) {
    for (const element of act.buttons(page.window))
      await attempt(round, () => act.click(page.window, element));
    for (const form of page.window.document.forms) await attempt(round, () => act.submit(form));
    for (const input of act.textInputs(page.window))
      await attempt(round, () => act.pressEnter(page.window, input));
    for (const element of act.otherClickables(page.window).slice(0, 30))
      await attempt(round, () => act.click(page.window, element));
  }
  return did;
}

const ORDERS = {
  async open({ url, redirect = {}, within = 5 }) {
    page?.close();
    page = new Page(redirect);
    await page.go(url);
    await until(() => page.holds({ loaded: true }), within);
    return {};
  },
  async wait({ within = 2, id: _id, order: _order, ...question }) {
    const began = performance.now();
    const met = await until(() => page.holds(question), within);
    return { met, seconds: (performance.now() - began) / 1000 };
  },
  async quiet({ seconds = 0.2, within = 2 }) {
    return {
      met: await until(() => performance.now() - page.log.lastChange > seconds * 1000, within),
    };
  },
  async fill({ text }) {
    return { did: act.fill(page.window, text) };
  },
  async click({ nth = null }) {
    const found = [...act.buttons(page.window), ...act.otherClickables(page.window)];
    const chosen = nth === null ? found : found.slice(nth, nth + 1);
    return { did: chosen.map((element) => act.click(page.window, element)) };
  },
  async submit({ nth = null }) {
    const forms = [...page.window.document.forms];
    return {
      did: (nth === null ? forms : forms.slice(nth, nth + 1)).map((form) => act.submit(form)),
    };
  },
  async interact({ text, until: event = "message", within = 3 }) {
    const sent = () => page.log.events("out", event).length > 0;
    const did = page.window && !sent() ? await interact(text, event, within) : [];
    return { did, met: sent() };
  },
  async state() {
    return {};
  },
};

async function carryOut(line) {
  let order;
  try {
    order = JSON.parse(line);
  } catch {
    return { id: null, ok: false, error: "An order is one JSON object a line." };
  }
  const { id = null, order: name } = order;
  if (name === "close") process.exit(0);
  if (!Object.hasOwn(ORDERS, name)) return { id, ok: false, error: `There is no order ${name}.` };
  if (page === null && name !== "open") return { id, ok: false, error: "No page is open." };
  try {
    const result = await ORDERS[name](order);
    return { id, ok: true, ...result, state: page.state() };
  } catch (error) {
    return { id, ok: false, error: String(error?.stack ?? error).slice(0, 1000) };
  }
}

function watchSockets() {
  const { send, _onMessage: onMessage } = WebSocketImpl.prototype;
  WebSocketImpl.prototype.send = function noteAndSend(data) {
    page?.log.packet("out", "websocket", data);
    return send.call(this, data);
  };
  WebSocketImpl.prototype._onMessage = function noteAndReceive(event) {
    page?.log.packet("in", "websocket", event.data);
    return onMessage.call(this, event);
  };
}

function startWatchdog() {
  const pulse = new SharedArrayBuffer(4);
  setInterval(() => Atomics.add(new Int32Array(pulse), 0, 1), 100).unref();
  const workerData = { pulse, lifetime: LIFETIME, patience: 4, fd: ANSWERS };
  new Worker(join(__dirname, "watchdog.cjs"), { workerData }).unref();
}

function prepareEngine() {
  globalThis.courseNavigate = (window, url, options) => page?.navigate(window, url, options);
  process.on("unhandledRejection", (reason) => page?.noteError("rejection", reason));
  process.on("uncaughtException", (error) => page?.noteError("exception", error));
  installModules();
  installForms();
  watchSockets();
}

/** Take orders until there are none. */
export function main() {
  prepareEngine();
  startWatchdog();
  answer({ ready: true, protocol: 1, node: process.version, jsdom: JSDOM_VERSION, clients });
  let queue = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    queue = queue.then(async () => answer(await carryOut(line)));
  });
  lines.on("close", () => process.exit(0));
}
