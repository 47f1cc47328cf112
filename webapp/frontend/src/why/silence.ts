/** A network that falls silent, and what each of the two ways notices of it. */

import { type Socket, io } from "socket.io-client";
import { whyNot } from "../line";
import { Tally, type Reading } from "./tally";

/** Seconds between two changes of the value. */
export const EVERY = 2;
/** Milliseconds from one question to the next, and for an answer to come. */
const ASKS = 1_000;
const PATIENCE = 2_000;
/** Milliseconds after the end for what was held up to arrive. */
const AFTER = 2_500;

/** What one way has noticed so far; seconds since the network fell silent. */
export interface Noticed {
  noticed: number | undefined;
  /** Questions without an answer. */
  unanswered: number;
  tally: Tally;
}

export class Silence {
  readonly asked: Noticed;
  readonly told: Noticed;
  /** Seconds in which a heartbeat would have noticed. */
  heartbeat = 0;
  seconds = 0;
  private began = 0;
  private clock = 0;
  private asking = false;
  private over = false;
  private readonly socket: Socket;

  constructor(
    offset: number,
    private readonly changed: () => void,
    private readonly ended: (why: string) => void,
  ) {
    this.asked = { noticed: undefined, unanswered: 0, tally: new Tally(offset) };
    this.told = { noticed: undefined, unanswered: 0, tally: new Tally(offset) };
    this.socket = io("/why", { transports: ["websocket"], forceNew: true, auth: { every: EVERY } });
    this.socket.io.engine.on("handshake", (data) => (this.heartbeat = (data.pingInterval + data.pingTimeout) / 1000));
    this.socket.once("hello", () => void this.begin());
    for (const news of ["hello", "value"]) this.socket.on(news, (reading: Reading) => this.told.tally.see(reading));
    this.socket.on("connect_error", (error) => this.stop(whyNot(this.socket, error)));
    this.socket.on("disconnect", (why) => {
      if (why === "io client disconnect") return;
      this.told.noticed ??= this.since;
    });
  }

  get since(): number {
    return (performance.now() - this.began) / 1000;
  }

  /** Whether the network is silent now. */
  get silent(): boolean {
    return this.since < this.seconds;
  }

  stop(why = ""): void {
    if (this.over) return;
    this.over = true;
    clearInterval(this.clock);
    this.socket.disconnect();
    this.ended(why);
  }

  private async begin(): Promise<void> {
    await this.ask();
    this.began = performance.now();
    this.seconds = (await this.socket.timeout(PATIENCE).emitWithAck("hush").catch(() => 0)) as number;
    if (this.over) return;
    if (!this.seconds || this.asked.unanswered) return this.stop("The course did not let the network fall silent. Try again.");
    setTimeout(() => this.stop(), this.seconds * 1000 + AFTER);
    this.clock = window.setInterval(() => {
      void this.ask();
      this.changed();
    }, ASKS);
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const answer = await fetch(`/why/value?every=${EVERY}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) throw new Error(String(answer.status));
      this.asked.tally.see((await answer.json()) as Reading);
    } catch {
      this.asked.unanswered += 1;
      this.asked.noticed ??= this.since;
    } finally {
      this.asking = false;
    }
  }
}
