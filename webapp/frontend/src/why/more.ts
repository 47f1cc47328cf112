/** Lines held open for nothing: what they cost the server, and what happens when all of them break. */

import { type Socket, io } from "socket.io-client";
import { NO_ANSWER, whyNot } from "../line";

const MORE = 5;
/** How many visitors a site may have, for comparison. */
const MANY = 5000;

export class More {
  private sockets: Socket[] = [];
  private cutAt = 0;
  private back: number[] = [];

  constructor(
    private readonly told: (text: string) => void,
    private readonly trouble: (text: string) => void,
  ) {}

  get some(): boolean {
    return this.sockets.length > 0;
  }

  open(): void {
    this.trouble("");
    const options = { transports: ["websocket"], forceNew: true, auth: { every: 20 } };
    for (let opened = 0; opened < MORE; opened++) {
      const socket = io("/why", options);
      socket.on("connect", () => this.came());
      socket.on("connect_error", (error) => this.trouble(whyNot(socket, error)));
      this.sockets.push(socket);
    }
  }

  close(): void {
    for (const socket of this.sockets) socket.disconnect();
    this.sockets = [];
    this.cutAt = 0;
    this.told("");
  }

  /** Ask the server to break all lines of this page, as a restart would. */
  cut(): void {
    const speaker = this.sockets.find((socket) => socket.connected);
    if (!speaker) return this.trouble(NO_ANSWER);
    this.back = [];
    this.cutAt = performance.now();
    this.told("All lines are cut. Nobody told the pages what to do now …");
    speaker.emit("cut");
  }

  private came(): void {
    if (!this.cutAt) return;
    this.back.push((performance.now() - this.cutAt) / 1000);
    if (this.back.length < MORE) return;
    const [first, last] = [Math.min(...this.back), Math.max(...this.back)].map((seconds) => seconds.toFixed(1));
    this.cutAt = 0;
    this.told(
      `All ${MORE} lines came back by themselves, between ${first} s and ${last} s after the cut. ` +
        `With ${MANY.toLocaleString("en")} visitors, the same second brings ${MANY.toLocaleString("en")} requests.`,
    );
  }
}
