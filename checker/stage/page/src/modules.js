/**
 * `<script type="module">`, import maps and `import()`, which jsdom leaves out.
 *
 * Modules are compiled by Node's vm inside the page's own context and take their place among the
 * deferred scripts.
 */

import vm from "node:vm";
import { implementation as ScriptImpl } from "jsdom/lib/jsdom/living/nodes/HTMLScriptElement-impl.js";
import reportException from "jsdom/lib/jsdom/living/helpers/runtime-script-errors.js";
import { fireAnEvent } from "jsdom/lib/jsdom/living/helpers/events.js";
import { fetchText } from "./fetching.js";

const SCRIPT_TYPE = /^(?:text|application)\/(?:x-)?(?:java|ecma)script(?:1\.\d)?$/i;
const loaders = new WeakMap();

function loaderOf(window) {
  if (!loaders.has(window)) loaders.set(window, new ModuleLoader(window));
  return loaders.get(window);
}

class ModuleLoader {
  constructor(window) {
    this.window = window;
    this.byUrl = new Map();
    this.imports = new Map();
    this.linking = Promise.resolve();
  }

  addImportMap(text, base) {
    const map = JSON.parse(text);
    for (const [name, target] of Object.entries(map.imports ?? {})) {
      const key = /^(\.{0,2}\/|https?:)/.test(name) ? new URL(name, base).href : name;
      this.imports.set(key, new URL(target, base).href);
    }
  }

  /** The URL that a specifier means; throws the page's TypeError as a browser words it. */
  resolve(specifier, base) {
    const url =
      /^(\.{0,2}\/)/.test(specifier) || URL.canParse(specifier)
        ? new URL(specifier, base).href
        : null;
    const key = url ?? specifier;
    if (this.imports.has(key)) return this.imports.get(key);
    const prefix = [...this.imports.keys()]
      .filter((name) => name.endsWith("/") && key.startsWith(name))
      .sort()
      .at(-1);
    if (prefix) return new URL(key.slice(prefix.length), this.imports.get(prefix)).href;
    if (url !== null) return url;
    throw this.#error(
      `Failed to resolve module specifier "${specifier}". Relative references must start with either "/", "./", or "../".`,
    );
  }

  #error(message) {
    return new this.window.TypeError(message);
  }

  compile(code, identifier, base, lineOffset = 0) {
    const module = new vm.SourceTextModule(code, {
      context: this.window,
      identifier,
      lineOffset,
      initializeImportMeta: (meta) =>
        Object.assign(meta, { url: identifier, resolve: (name) => this.resolve(name, base) }),
      importModuleDynamically: (specifier) => this.importDynamically(specifier, base),
    });
    module.courseBase = base;
    module.courseCode = { code, lineOffset };
    return module;
  }

  load(url) {
    if (!this.byUrl.has(url)) this.byUrl.set(url, this.#fetch(url));
    return this.byUrl.get(url);
  }

  async #fetch(url) {
    const { status, type, text } = await fetchText(this.window, url, "module");
    if (status === null || status >= 400)
      throw this.#error(`Failed to fetch dynamically imported module: ${url}`);
    if (!SCRIPT_TYPE.test(type)) {
      throw this.#error(
        `Failed to load module script: Expected a JavaScript-or-Wasm module script but the server responded with a MIME type of "${type}".`,
      );
    }
    return this.compile(text, url, url);
  }

  /** Link a module and all that it imports; one root after the other, as vm demands. */
  link(module) {
    const linked = this.linking.then(async () => {
      if (module.status === "unlinked") await this.#linkOne(module);
      return module;
    });
    this.linking = linked.catch(() => undefined);
    return linked;
  }

  async #linkOne(module) {
    try {
      await module.link((name, from) => this.#import(name, from));
    } catch (error) {
      const specifier = /^The requested module '([^']+)'/.exec(error?.message)?.[1];
      if (specifier) error.coursePlace ??= placeOfImport(specifier, module);
      throw error;
    }
  }

  async #import(specifier, from) {
    try {
      return await this.load(this.resolve(specifier, from.courseBase));
    } catch (error) {
      error.coursePlace ??= placeOfImport(specifier, from);
      throw error;
    }
  }

  async importDynamically(specifier, base) {
    const module = await this.link(await this.load(this.resolve(specifier, base)));
    await module.evaluate();
    return module;
  }
}

function placeOfImport(specifier, { identifier, courseCode: { code, lineOffset } }) {
  const index = code.indexOf(specifier);
  if (index < 0) return { url: identifier, line: null, column: null };
  return {
    url: identifier,
    line: code.slice(0, index).split("\n").length + lineOffset,
    column: null,
  };
}

function lineOffsetOf(script) {
  const [first] = script._ownerDocument ? childTexts(script) : [];
  return (first?.sourceCodeLocation?.startLine ?? 1) - 1;
}

function childTexts(script) {
  const texts = [];
  for (let child = script.firstChild; child; child = child.nextSibling)
    if (child.nodeType === 3) texts.push(child);
  return texts;
}

function startModule(script, src) {
  const document = script._ownerDocument;
  const window = document._global;
  const loader = loaderOf(window);
  const address =
    src === null
      ? document.URL
      : document.encodingParseAURL(src) && new URL(src, document.baseURI).href;
  const found =
    src === null
      ? Promise.resolve().then(() =>
          loader.compile(script.text, address, document.baseURI, lineOffsetOf(script)),
        )
      : loader.load(address);
  const graph = found.then((module) => loader.link(module));
  const run = (module) => {
    module.evaluate().catch((error) => reportException(window, error, address));
    if (src !== null) fireAnEvent("load", script);
    return Promise.resolve();
  };
  const fail = (error) => {
    reportException(window, error, address);
    fireAnEvent("error", script);
    return Promise.resolve();
  };
  const inOrder = document.readyState === "loading" && !script.hasAttributeNS(null, "async");
  if (inOrder) document._deferQueue.push(graph, run, fail, false, script);
  else
    document._asyncQueue.push(
      globalThis.courseParsing.afterParsing(document, graph),
      run,
      fail,
      null,
    );
}

function runClassic(script, code, filename) {
  const document = script._ownerDocument;
  const window = document._global;
  if (!window) return;
  const inline = !script.hasAttributeNS(null, "src");
  document._currentScript = script;
  try {
    new vm.Script(code, {
      filename,
      lineOffset: inline ? lineOffsetOf(script) : 0,
      importModuleDynamically: (specifier) =>
        loaderOf(window).importDynamically(specifier, inline ? document.baseURI : filename),
    }).runInContext(window, { displayErrors: false });
  } catch (error) {
    noteRepeatedName(error, code, filename, inline ? lineOffsetOf(script) : 0);
    reportException(window, error, filename);
  } finally {
    document._currentScript = null;
  }
}

/** V8 gives no place where a script makes a name that another script has made before it. */
function noteRepeatedName(error, code, url, lineOffset) {
  const [name] = repeatedName(error);
  if (!name) return;
  const lines = code.split("\n");
  const makes = /^\s*(?:const|let|class|var|(?:async )?function\*?)\s+(.*)/;
  const index = lines.findIndex((line) => (makes.exec(line)?.[1] ?? "").startsWith(name));
  error.coursePlace = { url, line: index < 0 ? null : index + 1 + lineOffset, column: null };
}

function repeatedName(error) {
  try {
    const [first] = error.stack.split("\n");
    const said = /^SyntaxError: Identifier '([^']+)' has already been declared$/.exec(first);
    return said ? [said[1]] : [];
  } catch {
    return []; // a script may throw anything, also what cannot be read
  }
}

/** Teach jsdom's script element what it lacks. Call once. */
export function installModules() {
  const { _eval: evalClassic } = ScriptImpl.prototype;
  ScriptImpl.prototype._eval = function evaluate() {
    const type = (this._getTypeString() ?? "").toLowerCase();
    if (type !== "module" && type !== "importmap") {
      if (!this.hasAttributeNS(null, "nomodule")) evalClassic.call(this);
      return;
    }
    const src = this.getAttributeNS(null, "src");
    if (
      this._alreadyStarted ||
      !this._attached ||
      !this._canRunScript() ||
      (src === null && this.text === "")
    )
      return;
    this._alreadyStarted = true;
    if (type === "module") startModule(this, src);
    else addImportMap(this);
  };
  ScriptImpl.prototype._innerEval = function innerEval(text, filename) {
    this._ownerDocument._writeAfterElement = this;
    runClassic(this, text, filename);
    delete this._ownerDocument._writeAfterElement;
  };
}

function addImportMap(script) {
  const document = script._ownerDocument;
  try {
    loaderOf(document._global).addImportMap(script.text, document.baseURI);
  } catch (error) {
    const place = { url: document.URL, line: lineOffsetOf(script) + 1, column: null };
    reportException(document._global, Object.assign(error, { coursePlace: place }), document.URL);
  }
}
