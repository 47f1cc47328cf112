/** The table of contents of a long page: marks the section that is being read. */

const toc = document.querySelector<HTMLDetailsElement>("[data-toc]");
const links = new Map<string, HTMLAnchorElement>();
for (const link of toc?.querySelectorAll<HTMLAnchorElement>("a") ?? []) {
  links.set(decodeURIComponent(link.hash.slice(1)), link);
}
const headings = [...links.keys()].flatMap((id) => document.getElementById(id) ?? []);
const wide = matchMedia("(min-width: 66rem)");
const LINE = 0.3;

let marked: HTMLAnchorElement | undefined;
let waiting = false;

/** The section is the last one whose heading has passed the upper third of the window. */
function follow(): void {
  waiting = false;
  const line = innerHeight * LINE;
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < line);
  const link = links.get(passed.at(-1)?.id ?? "");
  if (link === marked) return;
  marked?.removeAttribute("aria-current");
  link?.setAttribute("aria-current", "true");
  marked = link;
  if (toc && link && wide.matches) keepInSight(toc, link);
}

function keepInSight(frame: HTMLElement, link: HTMLElement): void {
  const [outer, inner] = [frame.getBoundingClientRect(), link.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    frame.scrollTop += inner.top - outer.top - outer.height / 2;
  }
}

/** On a narrow page the list would stand in the way: it is folded, and folds after each choice. */
function settle(): void {
  if (toc) toc.open = wide.matches;
}

addEventListener(
  "scroll",
  () => {
    if (!waiting) requestAnimationFrame(follow);
    waiting = true;
  },
  { passive: true },
);
wide.addEventListener("change", settle);
toc?.addEventListener("click", (event) => {
  if (!wide.matches && event.target instanceof HTMLAnchorElement) toc.open = false;
});
settle();
follow();
