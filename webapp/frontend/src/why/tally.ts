/** Counts what one way of learning the news costs, and how late it is. */

/** The value as the server tells it: `n` counts its changes, `at` and `now` are its clock's. */
export interface Reading {
  n: number;
  value: number;
  at: number;
  now: number;
}

export class Tally {
  up = 0;
  down = 0;
  news = 0;
  missed = 0;
  private value: number | undefined;
  private last: number | undefined;
  private lateSum = 0;
  private lateWorst = 0;
  private lateCount = 0;

  /** `offset` is the server's clock less ours, in seconds. */
  constructor(private readonly offset: number) {}

  get bytes(): number {
    return this.up + this.down;
  }

  get late(): number {
    return this.lateCount ? this.lateSum / this.lateCount : 0;
  }

  /** Take note of a reading; true if it was news. The first is no news: nobody waited for it. */
  see(reading: Reading): boolean {
    this.value = reading.value;
    const before = this.last;
    this.last = reading.n;
    if (before === undefined || before === reading.n) return false;
    this.news += 1;
    this.missed += Math.max(0, reading.n - before - 1);
    const late = Math.max(0, Date.now() / 1000 + this.offset - reading.at);
    this.lateSum += late;
    this.lateCount += 1;
    this.lateWorst = Math.max(this.lateWorst, late);
    return true;
  }

  /** What the table says. */
  shown(): Record<string, string> {
    const when = (seconds: number): string => (this.lateCount ? duration(seconds) : "–");
    return {
      value: this.value === undefined ? "–" : String(this.value),
      news: String(this.news),
      missed: String(this.missed),
      up: this.up.toLocaleString("en-GB"),
      down: this.down.toLocaleString("en-GB"),
      mean: when(this.late),
      worst: when(this.lateWorst),
    };
  }
}

export function duration(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}
