/** What the page and the server say to each other (webapp/bench/events.py). */

export interface TextFile {
  readonly text: string;
  /** Fingerprint of the content; a save names the one that it was made from. */
  readonly seal: string;
  readonly faults: readonly Fault[];
}

/** What Python says of a line before the file runs; lines count from 1. */
export interface Fault {
  readonly line: number;
  readonly text: string;
}

export type TextFiles = Readonly<Record<string, TextFile>>;

export type Outcome = "passed" | "failed" | "crashed" | "timed_out" | "skipped" | "broken";

export interface CheckInfo {
  readonly name: string;
  readonly title: string;
  readonly task: number;
  readonly max_points: number;
}

export interface CheckResult extends CheckInfo {
  readonly outcome: Outcome;
  readonly points: number;
  readonly message: string | null;
  readonly help: string | null;
  readonly line: number | null;
  readonly expected: unknown;
  readonly observed: unknown;
  readonly output: string;
  readonly seconds: number;
}

export interface SubmissionResult {
  readonly status: "passed" | "failed" | "error";
  readonly points: number;
  readonly max_points: number;
  readonly async_mode: string | null;
  readonly seconds: number;
  readonly message: string | null;
  readonly checks: readonly CheckResult[];
}

export type RunEvent =
  | { readonly kind: "run_started"; readonly checks: readonly CheckInfo[] }
  | { readonly kind: "check_started"; readonly name: string }
  | { readonly kind: "output"; readonly check: string; readonly text: string }
  | { readonly kind: "check_finished"; readonly result: CheckResult }
  | { readonly kind: "run_finished"; readonly result: SubmissionResult }
  | { readonly kind: "run_ended"; readonly state: "cancelled" | "broken" };

export interface RunNews {
  readonly id: string;
  readonly number: number;
  readonly event: RunEvent;
}

export interface RunSnapshot {
  readonly id: string;
  readonly state: "waiting" | "running" | "finished" | "cancelled" | "broken";
  readonly seal: string;
  readonly events: readonly RunEvent[];
}

export interface Listed {
  readonly files: TextFiles;
  /** Files that are no text. */
  readonly binary: readonly string[];
}

export interface Shown extends Listed {
  /** Fingerprint of all files together. */
  readonly seal: string;
}

export interface Opened extends Shown {
  readonly run: RunSnapshot | null;
  readonly last: { readonly result: SubmissionResult; readonly seal: string } | null;
  readonly passed: boolean;
}

export interface Version {
  readonly id: number;
  readonly reason: "earlier" | "checked" | "reset" | "restored" | "removed" | "mine" | "theirs";
  /** Seconds since 1970. */
  readonly at: number;
}

export interface Progress {
  readonly state: "new" | "started" | "done";
  readonly tasks: readonly number[];
}

/** The page's settings, written into it by webapp/reading/pages.py. */
export interface Settings {
  readonly lesson: string;
  readonly number: number;
  readonly open: readonly string[];
  /** The address of the page with the tasks, if that is another one; else empty. */
  readonly reading: string;
  /** What a failed check advises is hidden until the learner asks for it. */
  readonly folded: boolean;
  readonly tasks: readonly { readonly number: number; readonly title: string }[];
  readonly versions: Readonly<Record<string, string>>;
  readonly sandbox: string;
  /** The origins of the learner's previews, one for each user; none where there can be none. */
  readonly previews: readonly string[];
  /** False where nothing is checked. */
  readonly checks?: boolean;
  readonly workspace: boolean;
  readonly nonce: string;
  readonly drafts: string;
  readonly next: { readonly title: string; readonly url: string } | null;
}

export type Answer<T> = ({ readonly ok: true } & T) | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly error: string;
  readonly conflict?: true;
  readonly theirs?: TextFile | null;
}

/** Requests by name: what is sent beside the lesson, and what comes back. */
export interface Requests {
  open: [object, Opened];
  save: [{ name: string; text: string; base: string | null }, { seal: string; faults: readonly Fault[] }];
  rename: [{ name: string; new: string }, Shown];
  remove: [{ name: string }, Shown];
  reset: [object, Shown];
  versions: [object, { versions: readonly Version[] }];
  version: [{ id: number }, Shown];
  restore: [{ id: number }, Shown];
  solution: [object, Shown | { ask_again: true }];
  check: [object, { run: string }];
  stop: [object, object];
}
