/** Is told of each change over a WebSocket, and counts every packet with its frame. */

import { type Socket, io } from "socket.io-client";
import { whyNot } from "../line";
import type { Reading, Tally } from "./tally";

const MASK = 4;
const DISCONNECTED = "The line was closed by the server. Press Stop, then Start.";
const BROKEN = "The line is broken. The page tries to open it again.";

export class Told {
  requests = 0;
  private readonly socket: Socket;

  constructor(
    every: number,
    agreed: number,
    readonly tally: Tally,
    heard: (news: boolean) => void,
    trouble: (why: string) => void,
  ) {
    this.socket = io("/why", { transports: ["websocket"], forceNew: true, auth: { every } });
    this.count();
    this.socket.on("hello", (hello: Reading & { asked: number }) => {
      this.requests += 1;
      trouble("");
      tally.up += hello.asked;
      tally.down += agreed;
      tally.see(hello);
    });
    this.socket.on("value", (reading: Reading) => heard(tally.see(reading)));
    this.socket.on("connect_error", (error) => trouble(whyNot(this.socket, error)));
    this.socket.on("disconnect", (why) => {
      if (why !== "io client disconnect") trouble(why === "io server disconnect" ? DISCONNECTED : BROKEN);
    });
  }

  stop(): void {
    this.socket.disconnect();
  }

  /** Engine.IO tells of each packet as it is made and as it is read. */
  private count(): void {
    const begin = (): void => {
      const engine = this.socket.io.engine;
      engine.on("packet", (packet) => (this.tally.down += framed(packet.data)));
      engine.on("packetCreate", (packet) => (this.tally.up += framed(packet.data) + MASK));
    };
    begin();
    this.socket.io.on("open", () => this.requests > 0 && begin());
  }
}

/** A packet's bytes: its type, its data, and the head of the frame round them. */
function framed(data: unknown): number {
  const text = typeof data === "string" ? data : data === undefined ? "" : JSON.stringify(data);
  const length = 1 + new TextEncoder().encode(text).length;
  return length + (length > 125 ? 4 : 2);
}
