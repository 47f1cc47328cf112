/**
 * Everything a page asks of the network passes here.
 *
 * Loopback is really asked (a connection to one port may be sent to another, unseen by the page),
 * known libraries are answered from our own copies, and the rest of the internet is refused.
 */

import { createHash } from "node:crypto";
import { Agent, buildConnector } from "undici";
import { bannerVersion, findLibrary, looksLikeClient } from "./library.js";

const MAX_BODY_SHOWN = 300;
const ELEMENT_KINDS = {
  script: "script",
  link: "style",
  img: "image",
  iframe: "frame",
  frame: "frame",
};
const REFUSED = "This address is outside this machine, and the checker has no internet.";

/** Whether a host name means this machine. */
export function isLoopback(hostname) {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/i.test(hostname);
}

export class Network {
  /** @param {import("./log.js").Log} log @param {Record<string, number>} redirect "host:port" → port */
  constructor(log, redirect) {
    this.log = log;
    const connect = buildConnector({ timeout: 5000 });
    this.agent = new Agent({
      connections: 64,
      connect: (options, callback) => {
        const port = redirectedPort(redirect, options);
        const hostname = options.hostname.endsWith("localhost") ? "localhost" : options.hostname;
        connect({ ...options, hostname, port: port ?? options.port }, callback);
      },
    });
  }

  /** The undici interceptor that jsdom runs every request through. */
  get interceptor() {
    return (dispatch) => (options, handler) => {
      const request = this.#describe(options);
      const url = new URL(request.url.replace(/^ws/, "http"));
      if (!isLoopback(url.hostname)) return this.#answerFromOutside(request, options, handler);
      if (request.kind === "xhr" && options.method !== "GET" && options.method !== "HEAD")
        addOrigin(options);
      if (request.kind === "xhr" && options.body)
        this.#notePolling(request, "out", bodyText(options.body));
      return dispatch(options, this.#watch(request, handler));
    };
  }

  close() {
    return this.agent.destroy().catch(() => undefined);
  }

  #describe(options) {
    const {
      element = null,
      url = options.origin + options.path,
      kind = null,
      origin,
    } = options.opaque ?? {};
    const asked =
      kind ??
      (options.upgrade
        ? "websocket"
        : (ELEMENT_KINDS[element?.localName] ?? (origin ? "xhr" : "other")));
    const address = options.upgrade ? url.replace(/^http/, "ws") : url;
    const request = this.log.add("requests", {
      kind: asked,
      method: options.method ?? "GET",
      url: address,
      status: null,
      by: "none",
      problem: null,
      body: null,
    });
    const connection =
      asked === "xhr" || asked === "websocket" ? this.log.connection(address) : null;
    const reference =
      looksLikeClient(address) && /^(script|module)$/.test(asked) ? this.#refer(address) : null;
    const details = { element, connection, reference, pageOrigin: origin ?? null };
    return Object.defineProperties(request, Object.getOwnPropertyDescriptors(hidden(details)));
  }

  #refer(url) {
    const from = isLoopback(new URL(url).hostname) ? "server" : "cdn";
    return this.log.add("references", { url, version: null, from, served: null, problem: null });
  }

  #answerFromOutside(request, options, handler) {
    const found =
      request.kind === "script" || request.kind === "module" ? findLibrary(request.url) : null;
    const problem =
      found === null ? REFUSED : (found.problem ?? integrityProblem(request.element, found));
    request.by = found === null ? "refused" : "library";
    request.problem = problem;
    if (request.reference)
      Object.assign(request.reference, {
        version: found?.version ?? null,
        served: found?.served ?? null,
        problem,
      });
    if (problem === null) {
      request.status = 200;
      this.log.keepText(request.url, found.code.toString("utf8"));
      respond(handler, 200, "text/javascript; charset=utf-8", found.code);
    } else if (found?.problem) {
      request.status = 404;
      respond(handler, 404, "text/plain", Buffer.from("Not found"));
    } else {
      queueMicrotask(() => handler.onResponseError?.(null, new Error(problem)));
    }
    return true;
  }

  /** A handler that notes what comes back and passes it on. */
  #watch(request, handler) {
    const chunks = [];
    let size = 0;
    const note = () => this.#noteAnswer(request, Buffer.concat(chunks).toString("utf8"));
    return {
      onRequestStart: (...args) => handler.onRequestStart?.(...args),
      onRequestUpgrade: (controller, status, ...rest) => {
        this.#noteStatus(request, status);
        handler.onRequestUpgrade?.(controller, status, ...rest);
      },
      onResponseStart: (controller, status, headers, ...rest) => {
        this.#noteStatus(request, status);
        request.problem = crossOriginProblem(request, headers);
        if (request.connection) request.connection.problem = request.problem;
        handler.onResponseStart?.(controller, status, headers, ...rest);
      },
      onResponseData: (controller, chunk) => {
        if (size < 1_000_000) chunks.push(Buffer.from(chunk));
        size += chunk.length;
        handler.onResponseData?.(controller, chunk);
      },
      onResponseEnd: (...args) => {
        note();
        handler.onResponseEnd?.(...args);
      },
      onResponseError: (controller, error) => {
        this.#noteError(request, error);
        note();
        handler.onResponseError?.(controller, error);
      },
    };
  }

  #noteStatus(request, status) {
    request.status = status;
    request.by = "server";
    if (request.connection) {
      request.connection.status = status;
      request.connection.open = status === 200 || status === 101;
    }
  }

  #noteError(request, error) {
    if (request.problem !== null || error?.name === "AbortError" || request.status === 101) return;
    request.problem =
      error?.code === "ECONNREFUSED"
        ? "Nothing listens at this address."
        : String(error?.message ?? error);
    if (request.connection) request.connection.problem = request.problem;
  }

  #noteAnswer(request, body) {
    if (request.status >= 400) request.body = body.slice(0, MAX_BODY_SHOWN);
    if (request.kind === "script" || request.kind === "module") this.#noteScript(request, body);
    if (request.kind === "xhr" && request.status === 200) this.#notePolling(request, "in", body);
    if (request.connection?.transport === "polling" && request.status >= 400)
      request.connection.problem = body.slice(0, MAX_BODY_SHOWN);
  }

  #noteScript(request, body) {
    this.log.keepText(request.url, body);
    const version = request.status === 200 ? bannerVersion(body) : null;
    if (version !== null) request.reference ??= this.#refer(request.url);
    if (!request.reference) return;
    Object.assign(request.reference, { version, served: version });
    if (request.status === null || request.status >= 400) {
      request.reference.problem =
        request.status === null ? "It did not arrive." : `The server answered ${request.status}.`;
    }
  }

  #notePolling(request, direction, body) {
    if (/[?&]EIO=4/.test(request.url) && /[?&]transport=polling/.test(request.url))
      this.log.payload(direction, body);
  }
}

/** The port to ask instead; a redirected port means every name that this machine has. */
function redirectedPort(redirect, { hostname, port }) {
  const asked = String(port || 80);
  const exact = redirect[`${hostname}:${asked}`];
  if (exact !== undefined || !isLoopback(hostname)) return exact;
  return Object.entries(redirect).find(([address]) => address.endsWith(`:${asked}`))?.[1];
}

/** Make properties that JSON does not see. */
function hidden(values) {
  const entries = Object.entries(values).map(([key, value]) => [
    key,
    { value, writable: true, enumerable: false },
  ]);
  return Object.defineProperties({}, Object.fromEntries(entries));
}

/** A browser names the page's origin on every request that may change something. */
function addOrigin(options) {
  const headers = options.headers ?? {};
  if (!Object.keys(headers).some((name) => name.toLowerCase() === "origin")) {
    options.headers = { ...headers, Origin: options.opaque.origin };
  }
}

function bodyText(body) {
  if (typeof body === "string") return body;
  return ArrayBuffer.isView(body)
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8")
    : "";
}

function crossOriginProblem(request, headers) {
  if (
    request.kind !== "xhr" ||
    request.pageOrigin === null ||
    new URL(request.url).origin === request.pageOrigin
  )
    return null;
  const allowed = headers["access-control-allow-origin"];
  if (allowed === "*" || allowed === request.pageOrigin) return null;
  return `The server does not let pages of ${request.pageOrigin} read its answers.`;
}

/** What a browser would object to in a script's integrity attribute, or null. */
function integrityProblem(element, found) {
  const integrity = element?.getAttribute?.("integrity")?.trim();
  if (!integrity) return null;
  if (!element.hasAttribute("crossorigin"))
    return "A script with an integrity attribute from another site needs crossorigin too.";
  if (!found.exact) return null;
  const right = integrity.split(/\s+/).some((item) => {
    const match = /^(sha256|sha384|sha512)-([A-Za-z0-9+/=_-]+)/.exec(item);
    return match === null || createHash(match[1]).update(found.code).digest("base64") === match[2];
  });
  return right
    ? null
    : "Its integrity attribute belongs to another file, so a browser does not run it.";
}

/** Answer a request without any network. */
function respond(handler, status, type, body) {
  const state = { aborted: false, reason: null };
  const controller = {
    get aborted() {
      return state.aborted;
    },
    get reason() {
      return state.reason;
    },
    paused: false,
    pause() {},
    resume() {},
    abort(reason) {
      Object.assign(state, { aborted: true, reason });
    },
  };
  const headers = {
    "content-type": type,
    "content-length": String(body.length),
    "access-control-allow-origin": "*",
  };
  setImmediate(() => {
    handler.onRequestStart?.(controller, {});
    if (state.aborted) return;
    handler.onResponseStart?.(controller, status, headers, "");
    handler.onResponseData?.(controller, body);
    handler.onResponseEnd?.(controller, {});
  });
}
