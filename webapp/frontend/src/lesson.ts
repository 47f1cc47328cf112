/**
 * Opens the workbench of a lesson page as soon as it is on the screen, or one screen away.
 *
 * Beside the text that is at once. Below it, a reader need not wait for an editor to be made.
 */

import { asksForCheck } from "./bench/keys";
import type { Settings } from "./bench/protocol";
import { h } from "./dom";

const AHEAD = "100% 0px";

async function open(root: HTMLElement, settings: Settings, check: boolean): Promise<void> {
  try {
    const { Workbench } = await import("./bench/workbench");
    await new Promise((rest) => setTimeout(rest)); // whoever scrolls or types meanwhile goes first
    new Workbench(root, settings, check);
  } catch {
    const sentence = "The workbench did not load. Is the course still running? Then reload this page.";
    root.append(h("p", { class: "no-script", role: "alert" }, sentence));
  }
}

/** Call ``begin`` once: when somebody scrolls near, goes there by keyboard, or asks for a check. */
function whenNear(root: HTMLElement, begin: (check: boolean) => void): void {
  const done = new AbortController();
  const once = (check: boolean) => {
    done.abort();
    near.disconnect();
    begin(check);
  };
  const near = new IntersectionObserver(
    (seen) => {
      if (seen.some((each) => each.isIntersecting)) once(false);
    },
    { rootMargin: AHEAD },
  );
  near.observe(root);
  root.addEventListener("focusin", () => once(false), { signal: done.signal });
  const pressed = (event: KeyboardEvent) => {
    if (!asksForCheck(event)) return;
    event.preventDefault();
    once(true);
  };
  addEventListener("keydown", pressed, { signal: done.signal });
}

const root = document.getElementById("bench");
const settings = root?.dataset["bench"];
if (root && settings && !document.documentElement.hasAttribute("data-offline")) {
  whenNear(root, (check) => void open(root, JSON.parse(settings) as Settings, check));
}
