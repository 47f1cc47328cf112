/**
 * References to well-known libraries on the internet, answered from the packages bundled here.
 *
 * The major version decides: a page that asks for Socket.IO 2.x gets a real 2.x client, and fails
 * against Flask-SocketIO 5 as it would in a browser.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import catalogue from "virtual:catalogue";

const FOLDER = join(__dirname, "library");
const NO_FILE = "There is no such file.";
const NO_VERSION = "There is no such version.";
const ESM_HOSTS = /^(esm\.sh|esm\.run|cdn\.skypack\.dev|ga\.jspm\.io|jspm\.dev|esm\.unpkg\.com)$/;

/** The bundled versions of the Socket.IO client by major version. */
export const clients = Object.fromEntries(
  Object.entries(catalogue["socket.io"]).map(([major, { version }]) => [major, version]),
);

const FAMILIES = [
  ["socket.io", /socket\.io/i],
  [
    "jquery",
    /\/jquery(?:[-.@]?v?\d[\d.]*)?(?:\.slim)?(?:\.min)?\.js$|\/jquery(?:@[^/]*)?(?:\/\+esm)?$/i,
  ],
  ["vue", /\/vue(?:@[^/]*)?(?:\/dist\/[^/]*|\/\+esm|\/[\d.]+\/vue[^/]*)?$/i],
];

function familyOf(url) {
  const place = url.hostname + url.pathname;
  return FAMILIES.find(([, pattern]) => pattern.test(place))?.[0] ?? null;
}

/** The version in an address such as …/socket.io/4.8.1/… or …@4/…, or null. */
function versionIn(url) {
  const place = url.hostname + url.pathname;
  const match = /(?:socket\.io(?:-client)?|jquery|vue)(?:@|\/|-)[v^~]?(\d+(?:\.\d+){0,2})/i.exec(
    place,
  );
  return match?.[1] ?? null;
}

function majorFor(family, version) {
  const majors = Object.keys(catalogue[family])
    .map(Number)
    .sort((a, b) => a - b);
  if (version === null) return majors.at(-1);
  const asked = Number(version.split(".")[0]);
  if (family === "socket.io" && asked < majors[0]) return majors[0];
  return majors.includes(asked) ? asked : null;
}

/** The file of the package that a URL names; CDN addresses without a file name mean its module. */
function fileFor(family, url, files) {
  const esmHost = ESM_HOSTS.test(url.hostname) || /\/\+esm$/.test(url.pathname);
  const name = url.pathname.split("/").at(-1).toLowerCase();
  if (!/\.m?js$/.test(name)) return esmHost ? files.module : files.classic;
  if (family === "socket.io") return files.names[name.replace(/-\d[\d.]*\d/, "")] ?? null;
  return /esm|\.mjs|module/.test(name) ? files.module : files.classic;
}

/**
 * Find what answers a reference outside this machine.
 * @returns {{family, version, served, exact, code, problem} | null} null: no library that is known here
 */
export function findLibrary(address) {
  const url = new URL(address);
  const family = familyOf(url);
  if (family === null) return null;
  const version = versionIn(url);
  const found = { family, version, served: null, exact: false, code: null, problem: null };
  const major = majorFor(family, version);
  const files = major === null ? null : catalogue[family][major];
  const file = files && fileFor(family, url, files);
  if (!file) return { ...found, problem: files ? NO_FILE : NO_VERSION };
  const exact = url.pathname.endsWith(`/${file.split("/").at(-1)}`) && version === files.version;
  return {
    ...found,
    version: version ?? files.version,
    served: files.version,
    exact,
    code: readFileSync(join(FOLDER, file)),
  };
}

/** The version in the banner of a copy of the Socket.IO client, or null. */
export function bannerVersion(code) {
  return /Socket\.IO v(\d+\.\d+\.\d+)/i.exec(code.slice(0, 400))?.[1] ?? null;
}

/** Whether a script's address says that it is the Socket.IO client. */
export function looksLikeClient(address) {
  const { pathname, hostname } = new URL(address);
  return (
    hostname === "cdn.socket.io" || /socket\.?io[^/]*\.m?js$|socket\.io-client/i.test(pathname)
  );
}
