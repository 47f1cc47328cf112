/** The one connection of a lesson page. */

import { io, type Socket } from "socket.io-client";
import type { Answer, Listed, Progress, Requests, RunNews } from "./protocol";

export interface Listener {
  connected(): void;
  disconnected(): void;
  run(news: RunNews): void;
  /** Files were changed elsewhere. */
  files(shown: Listed): void;
  /** The files cannot be read as they are. */
  trouble(why: string): void;
  progress(progress: Progress): void;
}

const ANSWER_WITHIN = 15_000;

export class Channel {
  readonly #socket: Socket;
  readonly #lesson: string;

  constructor(lesson: string) {
    this.#lesson = lesson;
    this.#socket = io({
      autoConnect: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelayMax: 3_000,
    });
  }

  /** Connect, and pass on what the server says. */
  listen(listener: Listener): void {
    this.#socket.on("connect", () => listener.connected());
    this.#socket.on("disconnect", (reason) => {
      listener.disconnected();
      if (reason === "io server disconnect") setTimeout(() => this.#socket.connect(), 2_000);
    });
    this.#socket.on("connect_error", () => {
      listener.disconnected();
      if (!this.#socket.active) setTimeout(() => this.#socket.connect(), 5_000);
    });
    this.#socket.on("run", (news: RunNews) => listener.run(news));
    this.#socket.on("files", (shown: Listed) => listener.files(shown));
    this.#socket.on("trouble", (message: { error: string }) => listener.trouble(message.error));
    this.#socket.on("progress", (progress: Progress) => listener.progress(progress));
    this.#socket.connect();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Ask the server. No answer is a refusal too: nothing ever throws. */
  async ask<K extends keyof Requests>(
    name: K,
    message: Requests[K][0],
  ): Promise<Answer<Requests[K][1]>> {
    const request = { lesson: this.#lesson, ...message };
    if (!this.#socket.connected) return { ok: false, error: "There is no connection to the course." };
    try {
      return await this.#socket.timeout(ANSWER_WITHIN).emitWithAck(name, request);
    } catch {
      return { ok: false, error: "The course did not answer. Is it still running?" };
    }
  }

  /** Send without waiting: for the moment in which a page is closed. */
  tell<K extends keyof Requests>(name: K, message: Requests[K][0]): void {
    if (this.#socket.connected) this.#socket.emit(name, { lesson: this.#lesson, ...message });
  }
}
