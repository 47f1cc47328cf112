/** What a visitor does on a page: type, click, press Enter, submit. Each act is told in words. */

const TYPED = /^(text|search|email|tel|url|number|password|)$/;
const SENDING = /send|submit|emit|message|ask|say|post|go\b|chat|hello|ping|try|test|click|press/i;
const LEAVING = /disconnect|clear|close|cancel|stop|leave|reset|delete|log ?out/i;

/** All elements of the page that match, without hidden or disabled ones. */
function all(window, selector) {
  return [...window.document.querySelectorAll(selector)].filter(
    (element) => !element.disabled && !element.hidden,
  );
}

/** An element as a learner would recognise it in their source. */
function name(element) {
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
  if (element.type === "number") return "7";
  if (element.type === "email") return `${text.replace(/\W/g, "")}@example.org`;
  if (element.type === "url") return `http://example.org/${text.replace(/\W/g, "")}`;
  if (element.type === "tel") return "0123456";
  return text;
}

/** Type the text into every text input. */
export function fill(window, text) {
  return textInputs(window).map((element) => {
    element.focus();
    if ("value" in element) element.value = suited(element, text);
    else element.textContent = text;
    for (const type of ["input", "change"])
      element.dispatchEvent(new window.Event(type, { bubbles: true }));
    return `typed into ${name(element)}`;
  });
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
  form.requestSubmit();
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
  const button = form.querySelector(
    'button:not([type]), button[type="submit"], input[type="submit"]',
  );
  if (button) button.click();
  else form.requestSubmit();
}
