/** A button beside each program that comes to an end: run it, and read what it prints here. */

import { announce, h, OFFLINE } from "./dom";
import { NO_ANSWER } from "./line";

interface Ran {
  output?: string;
  code?: number;
  seconds?: number;
  python?: string;
  error?: string;
}

/** Give the programs below `root` their buttons, where there is a course to run them. */
export function offerRuns(root: ParentNode): void {
  if (OFFLINE) return;
  for (const figure of root.querySelectorAll<HTMLElement>("figure.code[data-program]")) {
    if (figure.querySelector(".run")) continue;
    const button = h("button", { type: "button", class: "quiet run" }, "Run this program");
    button.addEventListener("click", () => void run(figure, button));
    figure.querySelector("figcaption")?.append(button);
  }
}

async function run(figure: HTMLElement, button: HTMLButtonElement): Promise<void> {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  button.textContent = "Running …";
  announce("The program runs.");
  show(figure, await ask(figure.dataset["program"] ?? ""));
  button.ariaDisabled = null;
  button.textContent = "Run again";
}

async function ask(name: string): Promise<Ran> {
  try {
    return (await (await fetch(`/programs/${name}`, { method: "POST" })).json()) as Ran;
  } catch {
    return { error: NO_ANSWER };
  }
}

function show(figure: HTMLElement, ran: Ran): void {
  figure.querySelector(".ran")?.remove();
  const title = ran.error ?? told(ran);
  const output = ran.output ? h("pre", { tabindex: 0, role: "group", "aria-label": "Printed here" }, h("code", {}, ran.output)) : null;
  figure.append(h("div", { class: ran.error ? "ran trouble" : "ran" }, h("p", {}, title), output));
  announce(`${title} ${ran.output ?? ""}`);
}

function told(ran: Ran): string {
  const end = ran.code ? ", and ended with an error" : "";
  const what = ran.output ? "Printed here" : "It printed nothing here";
  return `${what}, in ${ran.seconds} s on Python ${ran.python}${end}${ran.output ? ":" : "."}`;
}
