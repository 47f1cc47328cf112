/** What is said of a connection that does not come about. */

import type { Socket } from "socket.io-client";

export const NO_ANSWER = "The course does not answer. Is it still running?";

/** The course's own words where it refused; a client that goes on trying was never answered. */
export function whyNot(socket: Socket, error: Error): string {
  return socket.active ? NO_ANSWER : error.message;
}
