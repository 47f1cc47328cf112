// Bundles src/ into ../static/dist (or the folder given as the first argument).
// Names carry a hash of the content; manifest.json tells the templates which name is current.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
if (process.argv[2]?.startsWith("-")) {
  console.error("Usage: node build.mjs [FOLDER]");
  process.exit(2);
}
const DIST = resolve(process.argv[2] ?? join(HERE, "../static/dist"));
const WORK = `${DIST}.tmp`;

/** Entry points: the name that templates ask for, and its source. */
const ENTRIES = {
  "page.js": "src/page.ts",
  "lesson.js": "src/lesson.ts",
  "workbench.js": "src/bench/workbench.ts",
  "worker.js": "src/worker.ts",
  "perf.js": "src/perf.ts",
  "perf.css": "src/styles/perf.css",
  "site.css": "src/styles/site.css",
  "lesson.css": "src/styles/lesson.css",
  "challenge.css": "src/styles/challenge.css",
  "recall.css": "src/styles/recall.css",
  "visual.js": "src/visual.ts",
  "visual.css": "src/styles/visual.css",
  "why.js": "src/why.ts",
  "why.css": "src/styles/why.css",
  "deep.js": "src/deep.ts",
  "deep.css": "src/styles/deep.css",
};

/** Fonts that the first screen needs: preloaded by the templates. */
const PRELOADED = /source-(serif|sans).*-normal.*\.woff2$/;

const COMPRESSED = /\.(js|css|svg|txt)$/;

async function bundle() {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: Object.values(ENTRIES),
    outdir: WORK,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome111", "firefox114", "safari16.4"],
    loader: { ".woff2": "file", ".svg": "file" },
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return result.metafile.outputs;
}

/** Maps each entry's name to the file made from it, and lists the fonts to preload. */
function manifest(outputs) {
  const names = {};
  const preload = [];
  for (const [path, output] of Object.entries(outputs)) {
    const file = relative(WORK, join(HERE, path));
    const entry = Object.entries(ENTRIES).find(([, source]) => source === output.entryPoint);
    if (entry) names[entry[0]] = file;
    if (PRELOADED.test(file)) preload.push(file);
  }
  const missing = Object.keys(ENTRIES).filter((name) => !(name in names));
  if (missing.length) throw new Error(`no output for ${missing.join(", ")}`);
  return { files: names, preload: preload.sort() };
}

/** The licences of everything that the bundles contain, found from the files they were made of. */
async function licences(outputs) {
  const packages = new Set();
  for (const output of Object.values(outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (found) packages.add(found[1]);
    }
  }
  const texts = [...packages].sort().map(async (name) => {
    const folder = join(HERE, "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : `Licence: ${about.license}`;
    return `${name} ${about.version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}

async function compress() {
  for (const name of await readdir(WORK)) {
    if (!COMPRESSED.test(name)) continue;
    const data = await readFile(join(WORK, name));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(join(WORK, `${name}.br`), await promisify(brotliCompress)(data, quality));
    await writeFile(join(WORK, `${name}.gz`), await promisify(gzip)(data, { level: 9 }));
  }
}

async function main() {
  const started = performance.now();
  await rm(WORK, { recursive: true, force: true });
  await mkdir(WORK, { recursive: true });
  const outputs = await bundle();
  await writeFile(join(WORK, "THIRD_PARTY_LICENSES.txt"), await licences(outputs));
  await writeFile(join(WORK, "manifest.json"), JSON.stringify(manifest(outputs), null, 2) + "\n");
  await compress();
  await rm(DIST, { recursive: true, force: true });
  await rename(WORK, DIST);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`front end built in ${seconds} s`);
}

await main();
