/** What lies between a page and its server: two things that go wrong there, tried on both ways. */

import { announce } from "../dom";
import { NO_ANSWER } from "../line";
import { clockOffset } from "./asker";
import { asked, told, type Outcome } from "./proxy";
import { EVERY, Silence, type Noticed } from "./silence";
import { duration } from "./tally";

const WAYS = {
  asked,
  websocket: () => told(["websocket"]),
  both: () => told(["polling", "websocket"]),
};

export class Between {
  private readonly buttons: NodeListOf<HTMLButtonElement>;
  private silence: Silence | undefined;

  /** `begin` is called before anything is tried: what runs besides would be in the way. */
  constructor(
    private readonly root: HTMLElement,
    private readonly begin: () => void,
  ) {
    this.buttons = root.querySelectorAll("button");
    this.show();
    this.offer("proxy", () => this.goThroughProxy());
    this.offer("hush", () => this.fallSilent());
  }

  /** While one thing is tried, a button does nothing; it keeps the focus. */
  private offer(name: string, act: () => Promise<void>): void {
    const button = this.part(name);
    button.addEventListener("click", () => {
      if (button.ariaDisabled !== "true") void act();
    });
  }

  private async goThroughProxy(): Promise<void> {
    this.trying(true, "Three ways are tried …");
    this.show("proxied");
    const outcomes = await Promise.all(
      Object.entries(WAYS).map(async ([name, way]) => {
        this.fill(name, { came: "…" });
        const outcome = await way();
        this.fill(name, outcome);
        return outcome;
      }),
    );
    this.trying(false, outcomes.find(({ trouble }) => trouble)?.trouble ?? conclusion(outcomes));
  }

  private fill(name: string, { came, first }: Outcome): void {
    const [what, when] = this.root.querySelectorAll(`[data-way="${name}"] td`);
    if (what) what.textContent = came;
    if (when) when.textContent = first === undefined ? "–" : duration(first / 1000);
  }

  private async fallSilent(): Promise<void> {
    this.trying(true, "The network falls silent …");
    this.show("silent");
    try {
      const offset = await clockOffset(EVERY);
      this.silence = new Silence(offset, () => this.draw(), (why) => this.heard(why));
    } catch {
      this.heard(NO_ANSWER);
    }
  }

  private draw(): void {
    const silence = this.silence;
    if (!silence) return;
    for (const side of ["asked", "told"] as const) {
      const noticed = silence[side];
      const rows: Record<string, string> = { ...noticed.tally.shown(), notices: notices(noticed, silence) };
      if (side === "asked") rows["unanswered"] = String(noticed.unanswered);
      for (const cell of this.root.querySelectorAll(`[data-${side}]`)) {
        cell.textContent = rows[cell.getAttribute(`data-${side}`) ?? ""] ?? "";
      }
    }
    if (silence.silent) this.part("verdict-between").textContent = `Silent for ${Math.floor(silence.since)} of ${Math.round(silence.seconds)} seconds.`;
  }

  /** It is over; `why` says what was in the way, if it did not come to its end. */
  private heard(why: string): void {
    this.draw();
    if (why) this.show();
    const silence = this.silence;
    this.silence = undefined;
    this.trying(false, why || (silence ? verdict(silence) : ""));
  }

  private trying(on: boolean, text: string): void {
    if (on) this.begin();
    for (const button of this.buttons) button.ariaDisabled = on ? "true" : null;
    this.part("verdict-between").textContent = text;
    announce(text);
  }

  private show(shown?: "proxied" | "silent"): void {
    for (const name of ["proxied", "silent"] as const) this.part(name).hidden = name !== shown;
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-${name}]`);
    if (!found) throw new Error(`no ${name}`);
    return found;
  }
}

function conclusion(outcomes: Outcome[]): string {
  const [question, line, either] = outcomes.map(({ first }) => (first === undefined ? "did not come through" : "came through"));
  return `The question ${question}. WebSocket alone ${line}; a line that may fall back on polling ${either}.`;
}

function notices(way: Noticed, silence: Silence): string {
  if (way.noticed !== undefined) return `after ${duration(way.noticed)}`;
  return silence.silent ? "nothing yet" : `nothing in ${Math.round(silence.seconds)} s`;
}

function verdict({ asked, told, seconds, heartbeat }: Silence): string {
  const question = asked.noticed === undefined ? "The question that waited was answered in the end." : `Asking noticed after ${duration(asked.noticed)}, by a question without an answer.`;
  const line =
    told.noticed === undefined
      ? `The line noticed nothing in ${Math.round(seconds)} s: only its heartbeat would have, within ${heartbeat} s.`
      : `The line noticed after ${duration(told.noticed)}.`;
  const late = told.tally.late ? ` What was told meanwhile came in one go, up to ${told.tally.shown()["worst"]} late.` : "";
  return `${question} ${line}${late}`;
}
