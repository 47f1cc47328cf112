/** What the checks said: a list that fills while they run. */

import { h, icon, marked, plain } from "../dom";
import { printed, values } from "./evidence";
import { type Place, placeOf, stopped } from "./places";
import type { CheckInfo, CheckResult, Outcome, RunEvent, Settings, SubmissionResult } from "./protocol";

const WORDS: Record<Outcome | "waiting" | "running" | "unrun", [word: string, icon: string]> = {
  passed: ["Passed", "done"],
  failed: ["Not yet", "failed"],
  crashed: ["Error", "failed"],
  timed_out: ["Too slow", "failed"],
  skipped: ["Waits", "skipped"],
  broken: ["Our fault", "failed"],
  waiting: ["To come", "new"],
  running: ["Running", "started"],
  unrun: ["Not run", "skipped"],
};

export interface ResultEvents {
  /** The learner wants to see a line of a file. */
  line(file: string, line: number): void;
  compare(): void;
  /** The learner's files. */
  names(): readonly string[];
}

interface Row {
  readonly element: HTMLElement;
  info: CheckInfo;
  output: string;
  done: boolean;
}

const UNTRIED = "Nothing is checked yet. Press Check as often as you like: it changes nothing in your files.";

export class Results {
  readonly element: HTMLElement;
  readonly #head = h("div", { class: "summary" });
  readonly #list = h("div", { class: "groups" });
  readonly #rows = new Map<string, Row>();
  readonly #settings: Settings;
  readonly #events: ResultEvents;
  #failure: HTMLElement | undefined;
  /** A run was asked for here, and nothing of it has come yet. */
  #asked = false;
  /** The files have changed since the run was asked for. */
  #changed = false;

  constructor(settings: Settings, events: ResultEvents) {
    this.#settings = settings;
    this.#events = events;
    this.element = h(
      "section",
      { class: "results", "aria-label": "Results", tabindex: 0 },
      this.#head,
      this.#list,
    );
    this.say(UNTRIED);
  }

  /** A run is asked for; nothing is known of it yet. */
  begin(): void {
    this.#asked = true;
    this.#changed = false;
    this.#clear("Checking …");
  }

  /** Show one event of a run. */
  add(event: RunEvent): void {
    if (event.kind === "run_started") this.#start(event.checks);
    else if (event.kind === "check_started") this.#mark(event.name);
    else if (event.kind === "output") this.#print(event.check, event.text);
    else if (event.kind === "check_finished") this.#finish(event.result);
    else if (event.kind === "run_finished") this.#conclude(event.result);
    else this.#stopped(event.state);
  }

  /** Show a result from an earlier visit. */
  recall(result: SubmissionResult, changed: boolean): void {
    this.#start(result.checks);
    for (const check of result.checks) this.#finish(check);
    this.#conclude(result);
    if (changed) this.outdated();
  }

  /** The files are no longer those that were checked. */
  outdated(): void {
    this.#changed = true;
    const headline = this.#head.querySelector(".headline");
    if (!headline || headline.querySelector(".since")) return;
    headline.append(h("span", { class: "since" }, "Your files have changed since this check."));
  }

  say(text: string): void {
    this.#asked = false;
    this.#clear(text);
  }

  /** The result in one or two sentences, for a screen reader. */
  static sentence(result: SubmissionResult): string {
    if (result.status === "error") return spoken(result.message ?? "No check could run.");
    const passed = result.checks.filter((check) => check.outcome === "passed").length;
    const failure = result.checks.find((check) => check.outcome !== "passed");
    const all = `${passed} of ${result.checks.length} checks passed.`;
    const first = failure && `${all} First to look at: ${failure.title} ${failure.message ?? ""}`;
    return first ? spoken(first) : `${all} Well done.`;
  }

  #clear(text: string): void {
    this.#failure = undefined;
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#head.replaceChildren(h("p", {}, text));
  }

  #start(checks: readonly CheckInfo[]): void {
    if (!this.#asked) this.#changed = false;
    this.#asked = false;
    this.#clear("Checking …");
    let group: HTMLElement | undefined;
    let task = 0;
    for (const info of checks) {
      if (info.task !== task || !group) {
        task = info.task;
        group = h("ol", { class: "checks" });
        this.#list.append(h("h3", {}, this.#taskLink(task)), group);
      }
      const row = { element: h("li", {}), info, output: "", done: false };
      row.element.append(this.#line("waiting", info));
      this.#rows.set(info.name, row);
      group.append(row.element);
    }
  }

  #taskLink(task: number): HTMLElement {
    const title = this.#settings.tasks.find((each) => each.number === task)?.title;
    return h("a", { href: `${this.#settings.reading}#task-${task}` }, marked(`Task ${task}${title ? `: ${title}` : ""}`));
  }

  #line(state: keyof typeof WORDS, info: CheckInfo): HTMLElement {
    const [word, drawing] = WORDS[state];
    return h(
      "span",
      { class: `line ${state}` },
      icon(drawing),
      h("span", { class: "word" }, word),
      h("span", { class: "title" }, marked(info.title)),
    );
  }

  #mark(name: string): void {
    const row = this.#rows.get(name);
    row?.element.replaceChildren(this.#line("running", row.info));
  }

  #print(name: string, text: string): void {
    const row = this.#rows.get(name);
    if (!row) return;
    row.output += text;
    const printed = row.element.querySelector("pre") ?? row.element.appendChild(h("pre", { class: "printed" }));
    printed.textContent = plain(row.output).slice(-500);
  }

  #finish(result: CheckResult): void {
    const row = this.#rows.get(result.name);
    if (!row) return;
    row.done = true;
    const failed = result.outcome !== "passed" && result.outcome !== "skipped";
    const first = failed && !this.#failure;
    if (first) this.#failure = row.element;
    const line = this.#line(result.outcome, result);
    const body = this.#body(result);
    row.element.replaceChildren(
      body ? h("details", { open: first }, h("summary", {}, line), body) : line,
    );
  }

  /** Bring the first failure, or else the headline, into sight. */
  reveal(): void {
    const box = this.element;
    if (box.scrollHeight > box.clientHeight && this.#failure) {
      const { offsetTop, offsetHeight } = this.#failure;
      const lowest = offsetTop - box.offsetTop - 8;
      box.scrollTop = Math.min(lowest, Math.max(0, lowest + offsetHeight + 16 - box.clientHeight));
    }
    (this.#failure ?? this.#head).scrollIntoView({ block: "nearest" });
  }

  #body(result: CheckResult): HTMLElement | null {
    const parts = [
      result.message && h("p", { class: "message" }, marked(result.message)),
      result.help && this.#advice(result.help),
      values(result),
      this.#places(result),
      result.output && printed(result.output),
    ].filter(Boolean) as HTMLElement[];
    return parts.length ? h("div", { class: "body" }, ...parts) : null;
  }

  #advice(help: string): HTMLElement {
    if (!this.#settings.folded) return h("p", { class: "help" }, h("strong", {}, "Try this: "), marked(help));
    return h("details", { class: "output" }, h("summary", {}, "A hint"), h("p", { class: "help" }, marked(help)));
  }

  /** A result in the margin of the editor. */
  remark(result: CheckResult): string {
    const advice = this.#settings.folded ? null : result.help;
    return [result.message ?? result.title, advice].filter(Boolean).join("\n");
  }

  #places(result: CheckResult): HTMLElement | null {
    if (result.outcome === "passed" || result.outcome === "skipped") return null;
    const place = placeOf(result, this.#events.names());
    return h("p", { class: "places" }, place && this.#goTo(place), this.#read(result.task));
  }

  #goTo({ file, line }: Place): HTMLElement {
    const go = () => this.#events.line(file, line);
    return h("button", { type: "button", class: "quiet", onclick: go }, `Show line ${line} of ${file}`);
  }

  #read(task: number): HTMLElement {
    return h("a", { href: `${this.#settings.reading}#task-${task}` }, `Read task ${task}`);
  }

  #conclude(result: SubmissionResult): void {
    this.#settle(result);
    const facts = h("p", { class: "facts" }, ...this.#facts(result));
    if (result.status === "error") this.#head.replaceChildren(...this.#refused(result), facts);
    else if (result.status === "passed") this.#head.replaceChildren(...this.#won(facts));
    else {
      const passed = result.checks.filter((check) => check.outcome === "passed").length;
      this.#head.replaceChildren(h("p", { class: "headline" }, `${passed} of ${result.checks.length} checks passed`), facts);
    }
    if (this.#changed) this.outdated();
  }

  /** No row stays behind: what did not run says so, what was not heard of is in the result. */
  #settle(result: SubmissionResult): void {
    for (const check of result.checks) if (!this.#rows.get(check.name)?.done) this.#finish(check);
    this.#giveUp();
  }

  #giveUp(): void {
    for (const row of this.#rows.values()) {
      if (!row.done) row.element.replaceChildren(this.#line("unrun", row.info));
    }
  }

  #won(facts: HTMLElement): HTMLElement[] {
    const { next } = this.#settings;
    return [
      h("p", { class: "headline won" }, icon("done"), "All checks passed. Well done."),
      facts,
      h(
        "p",
        { class: "places" },
        next && h("a", { class: "button main", href: next.url }, `Next: ${next.title}`),
        h("button", { type: "button", onclick: () => this.#events.compare() }, "My code beside the solution"),
      ),
    ];
  }

  /** Why no check could run: what Python says, the line that it means, what to try. */
  #refused(result: SubmissionResult): HTMLElement[] {
    const [what, ...more] = (result.message ?? "No check could run.").split("\n");
    const place = stopped(what ?? "");
    const advice = (text: string) => !text.startsWith("The line is:") && h("strong", {}, "Try this: ");
    return [
      h("p", { class: "headline other" }, icon("failed"), h("span", {}, marked(what ?? ""))),
      ...more.map((text) => h("p", {}, advice(text), marked(text))),
      ...(place ? [h("p", { class: "places" }, this.#goTo(place))] : []),
    ];
  }

  #facts(result: SubmissionResult): HTMLElement[] {
    const { versions } = this.#settings;
    const names: Record<string, string> = {
      python: "Python",
      flask: "Flask",
      "flask-socketio": "Flask-SocketIO",
    };
    const installed = Object.entries(names).map(([key, name]) => versions[key] && `${name} ${versions[key]}`);
    const facts = [
      result.status !== "error" && `${result.points} of ${result.max_points} points`,
      `${result.seconds.toFixed(2)} s`,
      result.async_mode && `async mode ${result.async_mode}`,
      ...installed,
    ];
    return facts.filter(Boolean).map((fact) => h("span", {}, String(fact)));
  }

  #stopped(state: "cancelled" | "broken"): void {
    if (state === "cancelled") {
      this.#giveUp();
      this.#head.replaceChildren(h("p", {}, "This check was stopped."));
    } else this.#clear("The checker itself failed here. This is our fault, not yours. Try again.");
  }
}

/** A sentence without the marks that the eye sees as code. */
function spoken(text: string): string {
  return text.replaceAll("`", "");
}
