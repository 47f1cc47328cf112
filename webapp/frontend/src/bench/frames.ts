/** The frames in which the learner's own page is shown, one for each user. */

import { h } from "../dom";

/** Scripts, forms and its own storage; no way out of its frame. */
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-modals";

export const NOTE = " Each user has a host name, and so cookies, of their own.";

export function frame(page: string, user: number): HTMLElement {
  const title = `Your app, as user ${user} sees it`;
  return h(
    "figure",
    {},
    h("figcaption", {}, `User ${user}`),
    h("iframe", { src: page, title, sandbox: SANDBOX, "data-user": user }),
  );
}
