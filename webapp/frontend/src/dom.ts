/** Builds elements; text is always text, never markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/** The course is not running: this page is one that the browser kept. */
export const OFFLINE = document.documentElement.hasAttribute("data-offline");

/** Make an element. A function is a listener (`onclick`), `true` an attribute without a value. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** Text in which `code` stands between backticks, as the checker writes it. */
export function marked(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  text.split(/`([^`\n]+)`/).forEach((part, index) => {
    if (part) fragment.append(index % 2 ? h("code", {}, part) : part);
  });
  return fragment;
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing from the course's sprite, which says nothing to a screen reader. */
export function icon(name: string): SVGSVGElement {
  const sprite = document.querySelector<SVGUseElement>(".icon use")?.getAttribute("href") ?? "";
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite.split("#")[0]}#${name}`);
  svg.append(use);
  return svg;
}

/** Say something to a screen reader. */
export function announce(text: string): void {
  const status = document.getElementById("announce");
  if (status) status.textContent = text;
}

/** What a program printed, without the colours for terminals: a page has its own. */
export function plain(printed: string): string {
  return printed.replace(/\u001b\[[0-9;]*m/g, "");
}
