/**
 * Opens the workbench of a lesson page as soon as it is on the screen, or one screen away.
 *
 * Beside the text that is at once. Below it, a reader need not wait for an editor to be made.
 */

import { asksForCheck } from "./bench/keys";
import type { Settings } from "./bench/protocol";
import { h, OFFLINE } from "./dom";

const AHEAD = "100% 0px";

/** Make the workbench. ``asked`` tells, once it is made, whether a check was asked for meanwhile. */
async function open(root: HTMLElement, settings: Settings, asked: () => boolean): Promise<void> {
  try {
    const { Workbench } = await import("./bench/workbench");
    await new Promise((rest) => setTimeout(rest)); // whoever scrolls or types meanwhile goes first
    new Workbench(root, settings, asked());
  } catch {
    root.querySelector(".loading")?.remove();
    const sentence = "The workbench did not load. Is the course still running? Then reload this page.";
    root.append(h("p", { class: "no-script", role: "alert" }, sentence));
  }
}

/** Open it once: when somebody scrolls near, goes there by keyboard, or asks for a check. */
function whenNear(root: HTMLElement, settings: Settings): void {
  const made = new AbortController();
  let [begun, asked] = [false, false];
  const begin = () => {
    near.disconnect();
    if (!begun) void open(root, settings, () => asked).then(() => made.abort());
    begun = true;
  };
  const near = new IntersectionObserver(
    (seen) => {
      if (seen.some((each) => each.isIntersecting)) begin();
    },
    { rootMargin: AHEAD },
  );
  near.observe(root);
  root.addEventListener("focusin", begin, { signal: made.signal });
  const pressed = (event: KeyboardEvent) => {
    if (!asksForCheck(event)) return;
    event.preventDefault();
    asked = true;
    begin();
  };
  addEventListener("keydown", pressed, { signal: made.signal });
}

const root = document.getElementById("bench");
const settings = root?.dataset["bench"];
if (root && settings && !OFFLINE) {
  whenNear(root, JSON.parse(settings) as Settings);
}
