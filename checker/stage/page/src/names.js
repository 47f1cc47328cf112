/**
 * Elements by their names, as old scripts find them: `form.text`, `document.chat`. jsdom has neither.
 *
 * In a form a field's name even hides a property of the same name, in a browser as here. Our own
 * code must not be misled by that: it reads a page within `withoutNames`.
 */

const NAMED = ["form", "img", "iframe", "embed", "object"];

let reading = 0;

/** Carry out a task of our own, which sees the properties of a form and not its fields. */
export function withoutNames(task) {
  reading += 1;
  try {
    return task();
  } finally {
    reading -= 1;
  }
}

/** The field of a form that has this name or id, all of them if there are several, or null. */
function fieldOf(form, name) {
  if (reading > 0 || name === "") return null;
  const isNamed = (element) =>
    element.getAttributeNS(null, "id") === name || element.getAttributeNS(null, "name") === name;
  const found = form._getElementNodes().filter(isNamed);
  return found.length > 1 ? form.elements.namedItem(name) : (found[0] ?? null);
}

/** What `document.name` means for a name that documents do not have by themselves. */
function namedIn(document, name) {
  const all = document.getElementsByName(name);
  const found = [...all].filter((element) => NAMED.includes(element.localName));
  if (found.length === 0) return undefined;
  if (found.length > 1) return all;
  return found[0].localName === "iframe" ? found[0].contentWindow : found[0];
}

/** Let the document of a new window answer to names. */
export function installDocumentNames(window) {
  const { document, Document, Node } = window;
  const named = (target, key) =>
    typeof key === "string" && key !== "" && !(key in target) ? namedIn(document, key) : undefined;
  const last = new Proxy(Object.create(Node.prototype), {
    get: (target, key, receiver) =>
      (receiver === document ? named(target, key) : undefined) ??
      Reflect.get(target, key, receiver),
    has: (target, key) => named(target, key) !== undefined || Reflect.has(target, key),
  });
  Object.setPrototypeOf(Document.prototype, last);
}

/** Give jsdom's patched place what it asks for. Call once. */
export function installNames() {
  globalThis.courseFieldOf = fieldOf;
}
