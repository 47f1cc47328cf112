/**
 * Bundle the page engine into dist/: one script, the libraries that pages may refer to, licences.
 *
 * jsdom reads a style sheet from its own folder and starts a worker file for synchronous
 * XMLHttpRequests; both are settled here, and so is its missing navigation. A patch that no longer
 * finds its place stops the build.
 */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const modules = join(here, "node_modules");
const require = createRequire(import.meta.url);

/** The flags of PROTOCOL.md; what V8 keeps from a rehearsal is good for the same flags only. */
const FLAGS = [
  "--experimental-vm-modules",
  "--no-warnings",
  "--disallow-code-generation-from-strings",
  "--frozen-intrinsics",
  "--max-old-space-size=256",
];

/** Text replacements in jsdom's files, by the end of the file's path. */
const PATCHES = {
  "css/helpers/computed-style.js": [
    [/fs\.readFileSync\(\s*path\.resolve\(__dirname, "([^"]+)"\),[^)]*\)/, inlineStyleSheet],
  ],
  "xhr/XMLHttpRequest-impl.js": [
    ['require.resolve("./xhr-sync-worker.js")', '""'],
    [
      "const result = trySendSyncWorkerRequest(config, SYNC_WORKER_ACK_TIMEOUT_MS);",
      'const result = null; throw new Error("A synchronous XMLHttpRequest cannot be made here.");',
    ],
  ],
  "helpers/create-event-accessor.js": [
    ["      Function(body);", "      document.defaultView.Function(body);"],
  ],
  "idl/HTMLFormElement.js": [
    [
      "    return Reflect.getOwnPropertyDescriptor(target, P);\n  }\n\n  set(",
      "    const field = ignoreNamedProps ? null : globalThis.courseFieldOf(target[implSymbol], P);\n" +
        "    if (field !== null) {\n" +
        "      const value = utils.tryWrapperForImpl(field);\n" +
        "      return { writable: false, enumerable: false, configurable: true, value };\n    }\n$&",
    ],
  ],
  "parser/html.js": [
    [
      "return parse5.parse(markup, config);",
      "return globalThis.courseParsing.parse(parse5.Parser, markup, ownerDocument, config);",
    ],
  ],
  "nodes/Document-impl.js": [
    ["  close(noQueue) {\n", "$&    if (globalThis.courseParsing.isParsing(this)) return;\n"],
  ],
  "resources/resource-queue.js": [
    ["              this.finished = true;\n", "$&              q.courseDone?.();\n"],
  ],
  "resources/per-document-resource-loader.js": [
    [
      "this._asyncQueue.push(request,",
      "this._asyncQueue.push(globalThis.courseParsing.afterParsing(this._document, request),",
    ],
    [
      'element.hasAttributeNS(null, "defer") &&',
      '(element.hasAttributeNS(null, "defer") || globalThis.courseParsing.isInserted(element)) &&',
    ],
  ],
  "window/navigation.js": [
    [
      "  navigateFetch(window);\n",
      "  globalThis.courseNavigate(window, whatwgURL.serializeURL(newURL), null);\n",
    ],
    [
      "if (newURL.fragment !== currentURL.fragment) {\n      navigateToFragment(window, newURL, flags);\n    }\n    return;",
      "if (newURL.fragment !== null) {\n      if (newURL.fragment !== currentURL.fragment) navigateToFragment(window, newURL, flags);\n      return;\n    }",
    ],
  ],
};

function inlineStyleSheet(_all, relative) {
  const path = join(modules, "jsdom/lib/jsdom/living/css/helpers", relative);
  return JSON.stringify(readFileSync(path, "utf8"));
}

const patchJsdom = {
  name: "patch-jsdom",
  setup(context) {
    context.onLoad({ filter: /jsdom[\\/]lib[\\/](jsdom|generated)[\\/].*\.js$/ }, ({ path }) => {
      const key = Object.keys(PATCHES).find((end) => path.replaceAll("\\", "/").endsWith(end));
      if (key === undefined) return undefined;
      let contents = readFileSync(path, "utf8");
      for (const [from, to] of PATCHES[key]) {
        const patched = contents.replace(from, to);
        if (patched === contents) throw new Error(`patch of ${key} finds no place: ${from}`);
        contents = patched;
      }
      delete PENDING[key];
      return { contents, loader: "js" };
    });
  },
};
const PENDING = { ...PATCHES };

/** Which package answers which library, by major version; null: nothing to serve of that kind. */
const LIBRARIES = {
  "socket.io": { 2: "socket.io-client-2", 3: "socket.io-client-3", 4: "socket.io-client" },
  jquery: { 1: "jquery-1", 2: "jquery-2", 3: "jquery", 4: "jquery-4" },
  vue: { 3: "vue" },
};
const CLASSIC = { jquery: "jquery.min.js", vue: "vue.global.prod.js" };
const MODULE = { "socket.io": "socket.io.esm.min.js", vue: "vue.esm-browser.prod.js" };

function copyLibrary(family, name) {
  const folder = join(modules, name, "dist");
  const { version } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  const target = `${family}-${version}`;
  const wanted = (file) =>
    /\.js$/.test(file) &&
    (family === "socket.io" || file === CLASSIC[family] || file === MODULE[family]);
  const files = readdirSync(folder).filter(wanted);
  mkdirSync(join(dist, "library", target), { recursive: true });
  for (const file of files) cpSync(join(folder, file), join(dist, "library", target, file));
  const place = (file) => (files.includes(file) ? `${target}/${file}` : null);
  const names = Object.fromEntries(files.map((file) => [file, place(file)]));
  if (family === "socket.io") names["socket.io.min.js"] ??= place("socket.io.js");
  return { version, names, classic: place(CLASSIC[family]), module: place(MODULE[family]) };
}

function catalogue() {
  const entries = Object.entries(LIBRARIES).map(([family, majors]) => [
    family,
    Object.fromEntries(
      Object.entries(majors).map(([major, name]) => [major, copyLibrary(family, name)]),
    ),
  ]);
  return Object.fromEntries(entries);
}

const virtual = {
  name: "virtual",
  setup(context) {
    context.onResolve({ filter: /^virtual:/ }, ({ path }) => ({ path, namespace: "virtual" }));
    context.onLoad({ filter: /catalogue/, namespace: "virtual" }, () => ({
      contents: JSON.stringify(catalogue()),
      loader: "json",
    }));
  },
};

/** The licence texts of every package whose code is in dist/. */
function licences(inputs) {
  const libraries = Object.values(LIBRARIES).flatMap((majors) => Object.values(majors));
  const folders = new Set(libraries.map((name) => join(modules, name)));
  for (const path of inputs) {
    const match = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path);
    if (match) folders.add(join(here, match[0]));
  }
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    );
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(70)}\n\n`);
}

// The folder itself stays: a sandbox that is open now has it mounted.
mkdirSync(dist, { recursive: true });
for (const entry of readdirSync(dist)) rmSync(join(dist, entry), { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: { page: "src/start.js", engine: "src/main.js", watchdog: "src/watchdog.js" },
  outdir: dist,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  minifyWhitespace: true,
  lineLimit: 200,
  platform: "node",
  target: "node20",
  format: "cjs",
  metafile: true,
  alias: { "css-tree": join(modules, "css-tree/cjs/index.cjs") },
  logLevel: "warning",
  define: { JSDOM_VERSION: JSON.stringify(require("jsdom/package.json").version) },
  plugins: [patchJsdom, virtual],
});
if (Object.keys(PENDING).length > 0)
  throw new Error(`unpatched: ${Object.keys(PENDING).join(", ")}`);
execFileSync(process.execPath, [...FLAGS, join(dist, "page.cjs"), "--prepare"], {
  stdio: "inherit",
});
writeFileSync(join(dist, "LICENCES.txt"), licences(Object.keys(result.metafile.inputs)));
