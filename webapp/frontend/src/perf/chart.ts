/** Two line charts, one below the other, drawn as SVG: answers a second, and delays. */

export interface Sample {
  at: number;
  connected: number;
  rate: number;
  median: number | null;
  p95: number | null;
}

interface Line {
  name: string;
  className: string;
  value: (sample: Sample) => number | null;
}

const SVG = "http://www.w3.org/2000/svg";
/** Width of the drawing in its own units, which are pixels: its letters keep their size. */
const [NARROWEST, WIDEST] = [260, 760];
const PANEL = 150;
const LEFT = 46;
const RIGHT = 64;
const TOP = 26;
const GAP = 46;

const PANELS: { title: string; least: number; lines: Line[] }[] = [
  {
    title: "Answers per second",
    least: 20,
    lines: [{ name: "answers", className: "rate", value: (sample) => sample.rate }],
  },
  {
    title: "Delay in milliseconds",
    least: 20,
    lines: [
      { name: "median", className: "median", value: (sample) => sample.median },
      { name: "p95", className: "p95", value: (sample) => sample.p95 },
    ],
  },
];

/** Draw the samples so far; `marks` are moments at which the slow event was sent. */
export function draw(samples: Sample[], seconds: number, marks: number[], label: string, room: number): SVGSVGElement {
  const width = Math.min(Math.max(room, NARROWEST), WIDEST);
  const height = TOP + PANELS.length * PANEL + (PANELS.length - 1) * GAP + 34;
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  const x = (at: number) => LEFT + (at / seconds) * (width - LEFT - RIGHT);
  PANELS.forEach((panel, index) => {
    const top = TOP + index * (PANEL + GAP);
    const values = panel.lines.flatMap((line) => samples.map((sample) => line.value(sample) ?? 0));
    const most = nice(Math.max(panel.least, ...values));
    const y = (value: number) => top + PANEL - (value / most) * PANEL;
    svg.append(text(panel.title, LEFT, top - 10, "title"));
    for (const part of [0, 0.5, 1]) {
      svg.append(make("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(part * most), y2: y(part * most) }));
      svg.append(text(String(part * most), LEFT - 8, y(part * most) + 4, "tick end"));
    }
    for (const mark of marks) {
      if (index === 0) svg.append(text("slow", x(mark), top + PANEL + 17, "tick middle"));
      svg.append(make("line", { class: "mark", x1: x(mark), x2: x(mark), y1: top, y2: top + PANEL }));
    }
    drawLines(svg, panel.lines, samples, x, y);
  });
  for (let second = 0; second <= seconds; second += seconds > 6 ? 3 : 1) {
    svg.append(text(`${second} s`, x(second), height - 12, "tick middle"));
  }
  return svg;
}

function drawLines(
  svg: SVGSVGElement,
  lines: Line[],
  samples: Sample[],
  x: (at: number) => number,
  y: (value: number) => number,
): void {
  const ends: number[] = [];
  for (const line of lines) {
    const points = samples.flatMap((sample) => {
      const value = line.value(sample);
      return value === null ? [] : [[x(sample.at), y(value)] as const];
    });
    const last = points.at(-1);
    if (!last) continue;
    const path = points.map(([left, top], index) => `${index ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`).join("");
    svg.append(make("path", { class: `line ${line.className}`, d: path }));
    let at = last[1] + 4;
    for (const other of ends) if (Math.abs(other - at) < 15) at = other - 15;
    ends.push(at);
    svg.append(text(line.name, last[0] + 8, at, `name ${line.className}`));
  }
}

/** The next round number: 1, 2 or 5 times a power of ten. */
function nice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

function make<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

function text(content: string, x: number, y: number, className: string): SVGTextElement {
  const element = make("text", { x, y, class: className });
  element.textContent = content;
  return element;
}
