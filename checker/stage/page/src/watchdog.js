/**
 * The watchdog thread: ends the engine when its time is up, or when a script of the page never
 * gives back control, which the page's own thread could not report.
 */

import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";

const { pulse, lifetime, patience, fd } = workerData;
const beats = new Int32Array(pulse);
const born = Date.now();
let last = { beat: -1, at: Date.now() };

setInterval(() => {
  const beat = Atomics.load(beats, 0);
  if (beat !== last.beat) last = { beat, at: Date.now() };
  const hung = Date.now() - last.at > patience * 1000;
  if (hung) writeSync(fd, `${JSON.stringify({ hung: true, seconds: patience })}\n`);
  if (hung || Date.now() - born > lifetime * 1000) process.kill(process.pid, "SIGKILL");
}, 200);
