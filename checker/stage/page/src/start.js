/**
 * Starts the engine. Most of a start is compiling jsdom, so what V8 made of it once is kept beside
 * the engine, one file per version of Node: `node page.cjs --prepare` writes it if it can.
 */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import vm from "node:vm";

const FILE = join(__dirname, "engine.cjs");
const CACHE = join(__dirname, `engine-${process.version}-${process.arch}.cache`);

function compile() {
  const code = readFileSync(FILE, "utf8");
  return new vm.Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
    filename: FILE,
    cachedData: existsSync(CACHE) ? readFileSync(CACHE) : undefined,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function run(script) {
  const engine = { exports: {} };
  script.runInThisContext()(engine.exports, createRequire(FILE), engine, FILE, __dirname);
  return engine.exports;
}

/** Use the engine once, so that what a page needs is compiled, and keep the result. */
async function prepare(script) {
  await run(script).rehearse();
  const draft = `${CACHE}.${process.pid}`;
  writeFileSync(draft, script.createCachedData());
  renameSync(draft, CACHE);
}

function fail(error) {
  process.stderr.write(`The page engine cannot be prepared: ${error.message}\n`);
  process.exit(1);
}

const script = compile();
const wanted = process.argv.includes("--prepare");
if (!wanted) run(script).main();
else if (!existsSync(CACHE) || script.cachedDataRejected) {
  prepare(script).then(() => process.exit(0), fail);
}
