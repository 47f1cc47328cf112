/** What a result shows beside its sentences: long values, and what the app printed. */

import { h } from "../dom";
import type { CheckResult } from "./protocol";

const LONG = 60;

export function values(result: CheckResult): HTMLElement | null {
  const shown = (value: unknown) => JSON.stringify(value, null, 1) ?? "";
  const [asked, seen] = [shown(result.expected), shown(result.observed)];
  if (result.expected === null || Math.max(asked.length, seen.length) < LONG) return null;
  return h(
    "dl",
    { class: "values" },
    h("dt", {}, "Asked for"),
    h("dd", {}, h("pre", {}, asked)),
    h("dt", {}, "Your app"),
    h("dd", {}, h("pre", {}, seen)),
  );
}

export function printed(output: string): HTMLElement {
  return h(
    "details",
    { class: "output" },
    h("summary", {}, "What your app printed"),
    h("pre", { class: "printed" }, output),
  );
}
