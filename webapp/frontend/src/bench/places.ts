/** The places in the learner's files that results speak of. */

import type { CheckResult } from "./protocol";

const ENTRY = "app.py";

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Where a check's result points to, if it names a line (as checker/formats/quote.py has it). */
export function placeOf(result: CheckResult, names: readonly string[]): Place | null {
  return result.line === null ? null : { file: fileOf(result.message ?? "", result.line, names), line: result.line };
}

/** The file that a message names: with the line, else between backticks; else app.py. */
function fileOf(message: string, line: number, names: readonly string[]): string {
  const longest = [...names].sort((a, b) => b.length - a.length);
  const named = (phrase: (name: string) => string) => longest.find((name) => message.includes(phrase(name)));
  const exact = named((name) => `ine ${line} of \`${name}\``) ?? named((name) => ` line is ${line} of ${name}.`);
  if (exact) return exact;
  return message.includes(ENTRY) ? ENTRY : (named((name) => `\`${name}\``) ?? ENTRY);
}

/** The line at which Python stopped reading, in the message of a result without checks. */
export function stopped(message: string): Place | null {
  const [, file, line] = /^Python cannot read ([\w./-]+): .*\(line (\d+)\)/.exec(message) ?? [];
  return file && line ? { file, line: Number(line) } : null;
}
