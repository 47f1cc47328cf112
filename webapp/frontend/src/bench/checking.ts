/** Asking for a check, and following it: also over a lost connection or a restarted server. */

import { announce } from "../dom";
import type { Channel } from "./channel";
import type { Editor, Mark } from "./editor";
import { placeOf, stopped } from "./places";
import type { CheckResult, Opened, RunEvent, RunNews, RunSnapshot, SubmissionResult } from "./protocol";
import { Results } from "./results";
import type { FilesAtWork } from "./work";

export class Checking {
  readonly #channel: Channel;
  readonly #work: FilesAtWork;
  readonly #editor: Editor;
  readonly #results: Results;
  readonly #changed: (running: boolean) => void;
  #id = "";
  #next = 0;
  /** News that overtook the answer which says what was before them. */
  #early: RunNews[] = [];
  #running = false;
  /** This page has asked for the run, so its editor may be moved to what the run has found. */
  #ours = false;
  #marks: CheckResult[] = [];

  constructor(
    channel: Channel,
    work: FilesAtWork,
    editor: Editor,
    results: Results,
    changed: (running: boolean) => void,
  ) {
    this.#channel = channel;
    this.#work = work;
    this.#editor = editor;
    this.#results = results;
    this.#changed = changed;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Save all, then check; false if the connection was lost before the course had said yes. */
  async start(): Promise<boolean> {
    this.#set(true);
    this.#ours = true;
    if (!(await this.#work.flush())) {
      return this.#refuse("Your files are not saved yet, so they were not checked.");
    }
    this.#results.begin();
    if (this.#work.unsaved.length) this.#results.outdated(); // typed on meanwhile
    announce("Checking.");
    const former = this.#id;
    this.#id = ""; // the new run ends the former, and nobody waits for that
    const answer = await this.#channel.ask("check", {});
    if (!answer.ok) {
      this.#id ||= former;
      return this.#refuse(answer.error);
    }
    if (answer.run !== this.#id) this.#follow(answer.run);
    return true;
  }

  async stop(): Promise<void> {
    await this.#channel.ask("stop", {});
    this.#end();
    this.#results.add({ kind: "run_ended", state: "cancelled" });
    announce("Stopped.");
  }

  /** The page is connected, perhaps again: catch up with the run, if there is one. */
  open(opened: Opened): void {
    if (opened.run) {
      this.#catchUp(opened.run);
      if (opened.run.seal !== opened.seal) this.#results.outdated();
    } else if (this.#running) void this.start(); // The server was restarted and knows of no run.
    else if (opened.last) {
      const changed = opened.last.seal !== opened.seal;
      this.#results.recall(opened.last.result, changed);
      if (!changed) this.#mark(opened.last.result.checks);
    }
  }

  /** News of a run: ours, or one that a save elsewhere has started. */
  hear(news: RunNews): void {
    if (news.id !== this.#id && news.event.kind === "run_started") this.#follow(news.id);
    this.#early.push(news);
    this.#takeEarly();
  }

  #follow(id: string): void {
    this.#id = id;
    this.#next = 0;
    this.#early = this.#early.filter((news) => news.id === id);
    this.#set(true);
  }

  #catchUp(run: RunSnapshot): void {
    if (run.id !== this.#id) this.#follow(run.id);
    for (const event of run.events.slice(this.#next)) this.#take(event);
    this.#set(run.state === "waiting" || run.state === "running");
    this.#takeEarly();
  }

  #takeEarly(): void {
    for (const news of this.#early) {
      if (news.id === this.#id && news.number === this.#next) this.#take(news.event);
    }
    this.#early = this.#early.filter((news) => news.id !== this.#id || news.number > this.#next);
  }

  #take(event: RunEvent): void {
    this.#next++;
    this.#results.add(event);
    if (event.kind === "run_started") this.#mark([]);
    if (event.kind === "check_finished") this.#mark([...this.#marks, event.result]);
    if (event.kind === "run_finished") {
      announce(Results.sentence(event.result));
      this.#results.reveal();
      if (this.#ours) this.#reveal(event.result);
      this.#end();
    }
    if (event.kind === "run_ended") this.#end();
  }

  /** Mark the lines that results speak of, in each file. */
  #mark(results: readonly CheckResult[]): void {
    const fileOf = (result: CheckResult) => placeOf(result, this.#work.names)?.file ?? "";
    const before = new Set(this.#marks.map(fileOf));
    this.#marks = results.filter((result) => result.line !== null && result.outcome !== "passed");
    for (const name of new Set([...before, ...this.#marks.map(fileOf)])) {
      const here = this.#marks.filter((result) => fileOf(result) === name);
      this.#editor.mark(name, here.map((result): Mark => ({ line: result.line ?? 1, text: this.#results.remark(result) })));
    }
  }

  /** Bring the line of the first failure into sight: the list of results may have covered it. */
  #reveal(result: SubmissionResult): void {
    const failure = result.checks.find((check) => check.outcome !== "passed");
    const place = failure ? placeOf(failure, this.#work.names) : stopped(result.message ?? "");
    if (place) this.#editor.reveal(place);
  }

  #refuse(text: string): boolean {
    this.#end();
    this.#results.say(text);
    announce(text);
    return this.#channel.connected;
  }

  #end(): void {
    this.#ours = false;
    this.#set(false);
  }

  #set(running: boolean): void {
    this.#running = running;
    this.#changed(running);
  }
}
