/** What the rest of the page shows once a check has changed what is done. */

import { h, icon } from "../dom";
import type { Progress } from "./protocol";

async function refresh(id: string): Promise<void> {
  const stale = document.getElementById(id);
  if (!stale) return;
  try {
    const answer = await fetch(location.href.split("#")[0] ?? "");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    if (fresh) stale.replaceWith(document.adoptNode(fresh));
  } catch {
    // It will be there the next time the page is opened.
  }
}

/** Show in the list of tasks what is done by now. */
export function showProgress(progress: Progress): void {
  for (const item of document.querySelectorAll<HTMLElement>(".tasks-nav [data-task]")) {
    const done = progress.tasks.includes(Number(item.dataset["task"]));
    item.querySelector(".icon")?.replaceWith(icon(done ? "done" : "new"));
    const word = item.querySelector(".unseen");
    if (word) word.textContent = done ? "Done: " : "Not done: ";
  }
  const mark = document.querySelector(".prose header .mark");
  const words = { new: "Not started", started: "Started", done: "Done" };
  mark?.replaceChildren(icon(progress.state), h("span", {}, words[progress.state]));
  mark?.setAttribute("class", `mark ${progress.state}`);
  if (progress.state === "done") void refresh("afterwards");
}
