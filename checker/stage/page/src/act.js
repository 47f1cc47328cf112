/** What a visitor does on a page: type, click, press Enter, submit. Each act is told in words. */

import { withoutNames } from "./names.js";

const TYPED = /^(text|search|email|tel|url|number|password|)$/;
const DATES = {
  date: "2026-01-31",
  time: "12:00",
  "datetime-local": "2026-01-31T12:00",
  month: "2026-01",
  week: "2026-W05",
};
const SENDING = /send|submit|emit|message|ask|say|post|go\b|chat|hello|ping|try|test|click|press/i;
const LEAVING = /disconnect|clear|close|cancel|stop|leave|reset|delete|log ?out/i;

/** All elements of the page that match, without hidden or disabled ones. */
function all(window, selector) {
  return withoutNames(() =>
    [...window.document.querySelectorAll(selector)].filter(
      (element) => !element.disabled && !element.hidden,
    ),
  );
}

/** An element as a learner would recognise it in their source. */
function name(element) {
  return withoutNames(() => describe(element));
}

function describe(element) {
  const id = element.id ? ` id="${element.id}"` : "";
  const text = (element.textContent || element.value || "")
    .trim()
    .replace(/\s+/g, " ")
    .slice(0, 40);
  return `<${element.localName}${id}>${text && element.localName !== "form" ? ` “${text}”` : ""}`;
}

export function textInputs(window) {
  const inputs = all(window, "input, textarea").filter(
    (element) =>
      !element.readOnly && (element.localName === "textarea" || TYPED.test(element.type)),
  );
  return [...inputs, ...all(window, '[contenteditable]:not([contenteditable="false"])')];
}

function suited(element, text) {
  if (element.type === "number") return String(withinLimits(element, 7));
  if (element.type === "email") return `${text.replace(/\W/g, "")}@example.org`;
  if (element.type === "url") return `http://example.org/${text.replace(/\W/g, "")}`;
  if (element.type === "tel") return "0123456";
  return text;
}

function withinLimits({ min, max }, number) {
  const least = min === "" ? number : Math.max(number, Number(min));
  return max === "" ? least : Math.min(least, Number(max));
}

/** Fill in every field: type the text, choose, and tick what is required, or all there is. */
export function fill(window, text, tickAll = false) {
  return [
    ...textInputs(window).map((element) => type(window, element, text)),
    ...all(window, "select").flatMap((element) => choose(window, element)),
    ...all(window, "input").flatMap((element) => setDate(window, element, tickAll)),
    ...all(window, "input").flatMap((element) => tick(window, element, tickAll)),
  ];
}

function tellOfChange(window, element) {
  for (const type of ["input", "change"])
    element.dispatchEvent(new window.Event(type, { bubbles: true }));
}

function type(window, element, text) {
  element.focus();
  if ("value" in element) element.value = suited(element, text);
  else element.textContent = text;
  tellOfChange(window, element);
  return `typed into ${name(element)}`;
}

/** Choose something in a list that says “choose” so far. */
function choose(window, select) {
  const option = [...select.options].find(({ value, disabled }) => value !== "" && !disabled);
  if (select.value !== "" || !option) return [];
  option.selected = true;
  tellOfChange(window, select);
  return [`chose “${option.text.slice(0, 40)}”`];
}

function setDate(window, input, evenIfNotRequired) {
  if (!Object.hasOwn(DATES, input.type) || input.value !== "") return [];
  if (!input.required && !evenIfNotRequired) return [];
  input.value = DATES[input.type];
  tellOfChange(window, input);
  return [`filled in ${name(input)}`];
}

/** Tick a box; of several radio buttons, one. */
function tick(window, input, evenIfNotRequired) {
  if (!/^(checkbox|radio)$/.test(input.type) || input.checked) return [];
  if (!input.required && !evenIfNotRequired) return [];
  const group = all(window, `input[type="radio"]`).filter(
    (other) => input.name !== "" && other.name === input.name && other.form === input.form,
  );
  if (input.type === "radio" && group.some(({ checked }) => checked)) return [];
  input.click();
  return [`ticked ${name(input)}`];
}

/** The buttons, those that sound like sending first. */
export function buttons(window) {
  const found = all(
    window,
    'button, input[type="button"], input[type="submit"], input[type="image"], [role="button"]',
  );
  const rank = (element) => {
    const label = `${element.textContent} ${element.value ?? ""} ${element.id}`;
    return LEAVING.test(label) ? 2 : SENDING.test(label) ? 0 : 1;
  };
  return found
    .map((element, index) => ({ element, index, rank: rank(element) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ element }) => element);
}

/** Other things that react to a click: links, and elements with a handler of their own or above. */
export function otherClickables(window) {
  const { document } = window;
  const roots = [window, document, document.documentElement, document.body];
  const delegated = roots.some((target) => hears(window, target, "click"));
  const heard = all(window, "body :not(script, style, template)").filter(
    (element) => hears(window, element, "click") || (delegated && element.children.length === 0),
  );
  const links = all(
    window,
    "a[href], [onclick], summary, label, img, select, input[type=checkbox], input[type=radio]",
  );
  const skip = new Set([...buttons(window), ...textInputs(window)]);
  return [...new Set([...heard, ...links])].filter((element) => !skip.has(element));
}

/** Whether the page listens there. jsdom itself listens on the window; that does not count. */
function hears(window, target, type) {
  const symbol = Object.getOwnPropertySymbols(target).find((key) => key.description === "impl");
  const listeners = (symbol && target[symbol]?._eventListeners?.[type]) || [];
  if (target !== window) return listeners.length > 0;
  return listeners.some(({ callback }) => callback?.objectReference instanceof window.Function);
}

export function click(window, element) {
  const words = `clicked ${name(element)}`;
  for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup"]) {
    element.dispatchEvent(new window.MouseEvent(type, { bubbles: true, cancelable: true }));
  }
  element.click();
  if (element.localName === "select")
    element.dispatchEvent(new window.Event("change", { bubbles: true }));
  return words;
}

export function submit(form) {
  const words = `submitted ${name(form)}`;
  requestSubmit(form);
  return words;
}

/** Press Enter in an element, with what a browser does by itself in a form. */
export function pressEnter(window, element) {
  const options = {
    key: "Enter",
    code: "Enter",
    keyCode: 13,
    which: 13,
    charCode: 13,
    bubbles: true,
    cancelable: true,
  };
  element.focus();
  let goesOn = true;
  for (const type of ["keydown", "keypress"]) {
    goesOn = element.dispatchEvent(new window.KeyboardEvent(type, options)) && goesOn;
  }
  element.dispatchEvent(new window.KeyboardEvent("keyup", options));
  if (goesOn && element.localName === "input" && element.form) submitByEnter(element.form);
  return `pressed Enter in ${name(element)}`;
}

function submitByEnter(form) {
  const button = withoutNames(() =>
    form.querySelector('button:not([type]), button[type="submit"], input[type="submit"]'),
  );
  if (button) button.click();
  else requestSubmit(form);
}

/** Submit a form; one of its fields may be called `requestSubmit`. */
function requestSubmit(form) {
  withoutNames(() => form.requestSubmit).call(form);
}
