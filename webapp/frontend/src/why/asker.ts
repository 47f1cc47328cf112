/** Asks for the value again and again, and counts each request's bytes. */

import type { Reading, Tally } from "./tally";

export type How = "plain" | "tag" | "keep";

/** An answer's first line, as HTTP/1.1 has it: version, number, words, line end. */
const STATUS = "HTTP/1.1 000 ".length + 2;
const COUNTER = "asked-bytes";
const HEAD = 300;
/** Milliseconds that the browser may take to write down what it fetched. */
const PATIENCE = 3000;

export class Asker {
  requests = 0;
  private timer: number;
  private tag = "";
  private stopped = false;

  constructor(
    private readonly every: number,
    asks: number,
    private readonly how: How,
    readonly tally: Tally,
    private readonly heard: (news: boolean) => void,
  ) {
    this.timer = window.setInterval(() => void this.ask(), asks * 1000);
    void this.ask();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    const headers: Record<string, string> = this.how === "tag" && this.tag ? { "If-None-Match": this.tag } : {};
    const cache = this.how === "keep" ? "default" : "no-store";
    const note = this.how === "keep" ? noted(new URL(address(this.every, this.how), location.href).href) : undefined;
    const answer = await fetch(address(this.every, this.how), { headers, cache }).catch(() => undefined);
    if (!answer || this.stopped || (!answer.ok && answer.status !== 304)) return;
    this.requests += 1;
    const text = await answer.text();
    this.tag = answer.headers.get("etag") ?? "";
    if (answer.status === 304) {
      this.count(answer, "");
      this.heard(false);
      return;
    }
    const what = note ? travelled(await note) : "all";
    if (this.stopped) return;
    if (what !== "nothing") this.count(answer, what === "all" ? text : "");
    this.heard(this.tally.see(JSON.parse(text) as Reading));
  }

  private count(answer: Response, body: string): void {
    let head = STATUS + answer.statusText.length + 2;
    for (const [name, value] of answer.headers) {
      if (name !== COUNTER) head += name.length + value.length + 4;
    }
    this.tally.down += head + new TextEncoder().encode(body).length;
    this.tally.up += Number(answer.headers.get(COUNTER) ?? 0);
  }
}

/**
 * What of an answer came over the network, as the browser tells: it counts 0 for an answer from its
 * cache, 300 for one that was only confirmed, and 300 and the body for the rest.
 */
function travelled(entry: PerformanceResourceTiming | undefined): "all" | "head" | "nothing" {
  if (!entry || entry.transferSize > HEAD) return "all";
  return entry.transferSize ? "head" : "nothing";
}

/** What the browser writes down of the next request for this address; it takes its time. */
function noted(url: string): Promise<PerformanceResourceTiming | undefined> {
  const since = performance.now();
  return new Promise((done) => {
    const watch = new PerformanceObserver((list) => {
      const entry = list.getEntriesByName(url).find((each) => each.startTime >= since);
      if (entry) end(entry as PerformanceResourceTiming);
    });
    const end = (entry?: PerformanceResourceTiming): void => {
      watch.disconnect();
      done(entry);
    };
    watch.observe({ type: "resource" });
    setTimeout(end, PATIENCE);
  });
}

/** The server's clock less ours, in seconds: the best of three readings, taken half-way. */
export async function clockOffset(every: number): Promise<number> {
  let best = { wait: Infinity, offset: 0 };
  for (let turn = 0; turn < 3; turn++) {
    const before = Date.now() / 1000;
    const answer = await fetch(address(every, "plain"), { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const reading = (await answer.json()) as Reading;
    const after = Date.now() / 1000;
    if (after - before < best.wait) best = { wait: after - before, offset: reading.now - (before + after) / 2 };
  }
  return best.offset;
}

function address(every: number, how: How): string {
  return `/why/value?every=${every}${how === "keep" ? "&keep=1" : ""}`;
}
