/** A part of the page that has more to say once the work is done. */

export async function refresh(id: string): Promise<void> {
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
