/** Both ways through a proxy that was not told about WebSocket: what comes of each. */

import { type Socket, io } from "socket.io-client";
import { NO_ANSWER } from "../line";

export interface Outcome {
  /** What came of it, in a few words. */
  came: string;
  /** Milliseconds until the first value, if there was one. */
  first?: number;
  /** Why it says nothing about the proxy, if it does not. */
  trouble?: string;
}

const EVERY = 20;
const REFUSED = "The course refused a question. Wait a moment, and try again.";
const PREFIX = "/proxied";
const PATIENCE = 8_000;
/** Milliseconds for a line to change over to WebSocket, if it can. */
const CHANGE = 2_000;

export async function asked(): Promise<Outcome> {
  const began = performance.now();
  const address = `${PREFIX}/why/value?every=${EVERY}`;
  const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
  if (!answer) return { came: "no answer", trouble: NO_ANSWER };
  if (!answer.ok) return { came: `refused, ${answer.status}`, trouble: REFUSED };
  await answer.text();
  return { came: "answered, as without the proxy", first: performance.now() - began };
}

/** A line that may use these transports, in this order. */
export async function told(transports: ("polling" | "websocket")[]): Promise<Outcome> {
  const began = performance.now();
  const socket = io("/why", {
    path: `${PREFIX}/socket.io`,
    transports,
    forceNew: true,
    reconnection: false,
    timeout: PATIENCE,
    auth: { every: EVERY },
  });
  try {
    const refusal = await begun(socket);
    if (refusal) return refusal;
    const first = performance.now() - began;
    await new Promise((done) => setTimeout(done, CHANGE));
    const name = socket.io.engine.transport.name;
    const kept = name === "polling" && transports.length > 1;
    return { came: kept ? "connected, and has to stay with polling" : `connected, by ${name}`, first };
  } finally {
    socket.disconnect();
  }
}

/** Wait for the first value; say why there is none. A client that is inactive was refused by the course. */
function begun(socket: Socket): Promise<Outcome | undefined> {
  return new Promise((done) => {
    socket.once("hello", () => done(undefined));
    socket.once("connect_error", ({ message }) =>
      done({ came: `no line: ${message}`, ...(socket.active ? {} : { trouble: message }) }),
    );
  });
}
