/** What every browser has and jsdom lacks, as far as pages of this course may use it. */

import { installFetch } from "./fetching.js";
import { installDocumentNames } from "./names.js";

const nothing = () => undefined;

/** Complete a new window before its page is parsed. */
export function completeWindow(window, log) {
  installDialogs(window, log);
  installFetch(window);
  installDocumentNames(window);
  installInnerText(window);
  installElementMethods(window);
  installStubs(window);
}

function installDialogs(window, log) {
  const note = (kind, text) => log.add("alerts", { kind, text: String(text ?? "").slice(0, 2000) });
  window.alert = (text = "") => void note("alert", text);
  window.confirm = (text = "") => Boolean(note("confirm", text));
  window.prompt = (text = "", preset = "") => {
    note("prompt", text);
    return String(preset) || log.typed || "Hello from the page";
  };
}

function installInnerText(window) {
  for (const name of ["innerText", "outerText"]) {
    Object.defineProperty(window.HTMLElement.prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return this.textContent;
      },
      set(value) {
        const fragment = linesOf(window.document, value === null ? "" : String(value));
        if (name === "innerText") this.replaceChildren(fragment);
        else this.replaceWith(fragment);
      },
    });
  }
}

function linesOf(document, text) {
  const fragment = document.createDocumentFragment();
  for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
    if (index > 0) fragment.append(document.createElement("br"));
    if (line !== "") fragment.append(line);
  }
  return fragment;
}

function installElementMethods(window) {
  const { Element, HTMLDialogElement, HTMLMediaElement } = window;
  for (const name of ["scrollIntoView", "scrollTo", "scroll", "scrollBy"])
    Element.prototype[name] = nothing;
  Element.prototype.animate = () => ({
    finished: Promise.resolve(),
    cancel: nothing,
    play: nothing,
    pause: nothing,
  });
  Object.assign(HTMLMediaElement.prototype, {
    play: () => Promise.resolve(),
    pause: nothing,
    load: nothing,
  });
  const open = function open() {
    this.setAttribute("open", "");
  };
  Object.assign(HTMLDialogElement.prototype, {
    show: open,
    showModal: open,
    close() {
      this.removeAttribute("open");
      this.dispatchEvent(new window.Event("close"));
    },
  });
}

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}

function installStubs(window) {
  Object.defineProperty(window.Document.prototype, "domain", {
    configurable: true,
    get: () => window.location.hostname,
    set: nothing,
  });
  for (const name of ["scrollTo", "scroll", "scrollBy", "print", "focus", "blur", "stop"])
    window[name] = nothing;
  const missing = {
    matchMedia: (media) => ({
      matches: false,
      media,
      addEventListener: nothing,
      removeEventListener: nothing,
      addListener: nothing,
    }),
    requestIdleCallback: (callback) =>
      window.setTimeout(() => callback({ didTimeout: false, timeRemaining: () => 10 }), 1),
    cancelIdleCallback: (id) => window.clearTimeout(id),
    IntersectionObserver: Observer,
    ResizeObserver: Observer,
    structuredClone,
    TextEncoder,
    TextDecoder,
    open: () => null,
  };
  for (const [name, value] of Object.entries(missing)) {
    if (name === "open" || typeof window[name] === "undefined") window[name] = value;
  }
}
