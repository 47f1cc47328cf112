/** The one key of the workbench that works from anywhere on the page. */

export const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);

/** Whether a key that was pressed asks for a check, and nobody else has taken it: what is typed into the search is searched for. */
export function asksForCheck(event: KeyboardEvent): boolean {
  if (event.target instanceof HTMLElement && event.target.closest("[data-search]")) return false;
  return event.key === "Enter" && (MAC ? event.metaKey : event.ctrlKey) && !event.defaultPrevented;
}
