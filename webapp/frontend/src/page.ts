/** What every page does with a script: nothing that it could not do without one. */

import { announce, h } from "./dom";
import "./finder";
import "./install";
import { offerRuns } from "./programs";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset["swap"]) {
    event.preventDefault();
    void swap(form, form.dataset["swap"], event.submitter);
  } else if (form.dataset["themeSwitch"] !== undefined && event.submitter instanceof HTMLButtonElement) {
    event.preventDefault();
    chooseTheme(form, event.submitter);
  }
});

const UNREACHED = "That did not reach the course. Is it still running? Try again.";
const TOO_FAST = "That was too much at once. Wait a moment, and try again.";

/** Send a form, and put the part of the answer with this id in the place of ours. */
async function swap(form: HTMLFormElement, id: string, submitter: HTMLElement | null): Promise<void> {
  form.querySelector(".trouble")?.remove();
  const data = new FormData(form, submitter);
  const address = new URL(form.action);
  const get = form.method === "get";
  if (get) for (const [name, value] of data) address.searchParams.set(name, String(value));
  try {
    const answer = await fetch(address, get ? {} : { method: "POST", body: data });
    if (answer.status === 429) return complain(form, TOO_FAST);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    const stale = document.getElementById(id);
    if (!answer.ok || !fresh || !stale) throw new Error(`no ${id} in the answer`);
    stale.replaceWith(document.adoptNode(fresh));
    reveal(fresh);
    offerRuns(fresh);
    settleScrollers(fresh);
    focusNews(fresh);
  } catch {
    complain(form, UNREACHED);
  }
}

/** Say it where the eyes are, and to a screen reader. */
function complain(form: HTMLFormElement, text: string): void {
  form.append(h("p", { class: "trouble" }, text));
  announce(text);
}

/** What follows a myth is folded until the reader has said what they believe. */
function reveal(question: HTMLElement): void {
  const reality = question.nextElementSibling;
  const answered = question.querySelector("[data-focus]") !== null;
  if (reality instanceof HTMLDetailsElement && reality.matches(".reality")) {
    reality.open = answered;
    const summary = reality.querySelector("summary");
    if (summary && answered) summary.textContent = "The reality";
  }
}

function focusNews(part: HTMLElement): void {
  const news = [...part.querySelectorAll<HTMLElement>("[data-focus], input, button")];
  (news.find((element) => element.dataset["focus"] !== undefined) ?? news[0])?.focus();
}

for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

function chooseTheme(form: HTMLFormElement, button: HTMLButtonElement): void {
  const root = document.documentElement;
  if (button.value) root.dataset["theme"] = button.value;
  else delete root.dataset["theme"];
  for (const each of form.querySelectorAll("button")) {
    each.setAttribute("aria-pressed", String(each === button));
  }
  const data = new FormData(form, button);
  // Where the course does not answer, the colours hold until the next page.
  fetch(form.action, { method: "POST", body: data, redirect: "manual", keepalive: true }).catch(() => undefined);
}

/** Blocks are stops for the Tab key so that they can be scrolled; those that fit need not be. */
function settleScrollers(root: ParentNode): void {
  for (const block of root.querySelectorAll<HTMLElement>("figure.code pre, .scroll")) {
    if (!block.clientWidth) continue; // folded away: not known yet
    const scrolls = block.scrollWidth > block.clientWidth || block.scrollHeight > block.clientHeight;
    if (scrolls) block.tabIndex = 0;
    else block.removeAttribute("tabindex");
  }
}

offerRuns(document);
settleScrollers(document);
void document.fonts.ready.then(() => settleScrollers(document));
addEventListener("resize", () => settleScrollers(document));
