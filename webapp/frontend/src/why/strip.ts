/** The last thirty seconds as three rows of marks. */

const SVG = "http://www.w3.org/2000/svg";
const SECONDS = 30;
const LEFT = 96;
const NARROWEST = 240;
/** From the last moment to the right edge. */
const MARGIN = 6;
const ROWS = { change: 15, ask: 47, told: 79 };

interface Mark {
  row: keyof typeof ROWS;
  at: number;
  news: boolean;
}

export class Strip {
  private marks: Mark[] = [];
  private every = 1;
  private offset = 0;
  private since = 0;
  private right = 714;

  constructor(private readonly group: SVGGElement) {}

  /** Begin anew; the value changes every `every` seconds of the server's clock. */
  begin(every: number, offset: number): void {
    [this.marks, this.every, this.offset] = [[], every, offset];
    this.since = Date.now() / 1000;
    this.fit();
  }

  /** As wide as the page has room, in pixels, so that the letters keep their size. */
  private fit(): void {
    const svg = this.group.ownerSVGElement;
    const width = Math.max(svg?.parentElement?.clientWidth ?? 0, NARROWEST);
    svg?.setAttribute("viewBox", `0 0 ${width} 96`);
    for (const line of svg?.querySelectorAll("line") ?? []) line.setAttribute("x2", String(width));
    this.right = width - MARGIN;
  }

  mark(row: "ask" | "told", news: boolean): void {
    this.marks.push({ row, at: Date.now() / 1000, news });
  }

  draw(): void {
    const now = Date.now() / 1000;
    const from = Math.max(now - SECONDS, this.since);
    this.marks = this.marks.filter((mark) => mark.at >= now - SECONDS);
    const shown = [...this.marks, ...this.changes(from, now)];
    this.group.replaceChildren(...shown.map((mark) => dot(mark, now, this.right)));
  }

  private changes(from: number, now: number): Mark[] {
    const first = Math.ceil((from + this.offset) / this.every);
    const last = Math.floor((now + this.offset) / this.every);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
      row: "change" as const,
      at: (first + index) * this.every - this.offset,
      news: true,
    }));
  }
}

function dot(mark: Mark, now: number, right: number): SVGElement {
  const x = right - ((now - mark.at) / SECONDS) * (right - LEFT);
  const made = document.createElementNS(SVG, mark.row === "change" ? "rect" : "circle");
  const places =
    mark.row === "change"
      ? { x: x - 1.5, y: ROWS.change - 7, width: 3, height: 14, class: "change" }
      : { cx: x, cy: ROWS[mark.row], r: 4.5, class: mark.news ? "news" : "none" };
  for (const [name, value] of Object.entries(places)) made.setAttribute(name, String(value));
  return made;
}
