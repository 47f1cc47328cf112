/** The service worker: pages from the course while it runs, else as they were kept. */

interface Settings {
  edition: string;
  pages: string[];
  assets: string[];
  data: string[];
}
declare const COURSE: Settings;

/** What is used of a service worker's world; TypeScript has either that or the page's. */
interface WorkerScope {
  addEventListener(name: "install" | "activate", listener: (event: Extendable) => void): void;
  addEventListener(name: "fetch", listener: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
}
interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = globalThis as unknown as WorkerScope;
const PREFIX = "course-";
const CACHE = PREFIX + COURSE.edition;
const AT_ONCE = 4;

worker.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(dropOld().then(() => worker.clients.claim())));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== worker.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => keptPage(request, url)));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/assets/")) event.respondWith(keptOr(request, () => fetch(request)));
  else if (url.pathname.startsWith("/static/") || COURSE.data.includes(url.pathname)) event.respondWith(fetch(request).catch(() => keptOr(request, gone)));
});

/** Keep all reading pages as someone sees them who has no cookie, and what they are made of. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  const waiting = [...COURSE.pages, ...COURSE.assets, ...COURSE.data];
  const work = Array.from({ length: AT_ONCE }, async () => {
    for (let url = waiting.shift(); url; url = waiting.shift()) {
      const answer = await fetch(url, {
        credentials: "omit",
        cache: url.startsWith("/assets/") ? "default" : "no-cache",
        headers: { "X-Course-Reader": "anyone" },
      });
      // A course may lack a mode's first page; what cannot be reached at all ends the attempt.
      if (answer.ok && !answer.redirected) await cache.put(url, answer);
    }
  });
  await Promise.all(work);
}

async function dropOld(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

async function keptOr(request: Request, otherwise: () => Promise<Response>): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url, { ignoreVary: true })) ?? otherwise();
}

/** A kept page, marked so that it says of itself that it is one. */
async function keptPage(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(CACHE);
  const exact = request.method === "GET" ? await cache.match(url.pathname, { ignoreVary: true }) : undefined;
  const page = exact ?? (await cache.match("/offline", { ignoreVary: true }));
  if (!page) return Response.error();
  const text = (await page.text()).replace("<html ", "<html data-offline ");
  const headers = new Headers(page.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(text, { headers });
}

function gone(): Promise<Response> {
  return Promise.resolve(Response.error());
}

export {};
