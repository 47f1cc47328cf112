/** One page in its window: opened, navigated, observed. */

import { JSDOM, VirtualConsole, CookieJar } from "jsdom";
import createDecompressInterceptor from "jsdom/lib/jsdom/browser/resources/decompress-interceptor.js";
import { JSDOMDispatcher } from "jsdom/lib/jsdom/browser/resources/jsdom-dispatcher.js";
import { serializeURL } from "whatwg-url";
import { completeWindow } from "./browser.js";
import { describeError, plain } from "./errors.js";
import { request } from "./fetching.js";
import { Log, bounded } from "./log.js";
import { installNames } from "./names.js";
import { Network } from "./network.js";
import { installParsing } from "./parsing.js";
import { readText } from "./read.js";

const MAX_NAVIGATIONS = 10;
const USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) course-page-engine";
const LEVELS = ["log", "info", "warn", "error", "debug"];

installNames();
installParsing();

export class Page {
  constructor(redirect) {
    this.log = new Log();
    this.network = new Network(this.log, redirect);
    this.cookieJar = new CookieJar();
    this.dom = null;
    this.page = {};
    this.navigations = 0;
    this.navigating = null;
  }

  get window() {
    return this.dom?.window ?? null;
  }

  /** Load a URL as the address bar, a link or a form would; never rejects. */
  async go(url, { method = "GET", body = null, type = null } = {}) {
    this.page = {
      url,
      status: null,
      content_type: null,
      html: false,
      error: null,
      title: "",
      loaded: false,
      start: "",
    };
    const headers = {
      Accept: "text/html,application/xhtml+xml,*/*;q=0.8",
      ...(type && { "Content-Type": type }),
    };
    try {
      const answer = await request(this.#dispatcher(), url, {
        kind: this.navigations === 0 ? "page" : "navigation",
        method,
        headers,
        body,
      });
      this.#show(answer, url);
    } catch (error) {
      this.page.error = String(error?.message ?? error);
    }
  }

  #dispatcher() {
    return new JSDOMDispatcher({
      baseDispatcher: this.network.agent,
      cookieJar: this.cookieJar,
      userAgent: USER_AGENT,
      userInterceptors: [this.network.interceptor, createDecompressInterceptor()],
    });
  }

  #show({ status, headers, body, finalUrl }, url) {
    const contentType = String(headers["content-type"] ?? "");
    const html = /html|^$/i.test(contentType);
    const text = body.toString("utf8");
    const address = finalUrl ? serializeURL(finalUrl) : url;
    Object.assign(this.page, {
      url: address,
      status,
      content_type: contentType,
      html,
      start: text.slice(0, 500),
    });
    this.close();
    this.log.keepText(address, text);
    this.dom = new JSDOM(html ? body : "", {
      url: address,
      contentType: html ? contentType || "text/html" : "text/html",
      runScripts: "dangerously",
      pretendToBeVisual: true,
      includeNodeLocations: true,
      cookieJar: this.cookieJar,
      virtualConsole: this.#console(),
      resources: {
        userAgent: USER_AGENT,
        dispatcher: this.network.agent,
        interceptors: [this.network.interceptor],
      },
      beforeParse: (window) => this.#prepare(window),
    });
  }

  #prepare(window) {
    completeWindow(window, this.log);
    window.addEventListener("load", () => {
      this.page.loaded = true;
    });
  }

  #console() {
    const sink = new VirtualConsole();
    for (const level of LEVELS) {
      sink.on(level, (...args) =>
        this.log.add("console", { level, text: bounded(args.map(plain).join(" ")) }),
      );
    }
    sink.on("jsdomError", (error) => {
      if (error.type === "unhandled-exception") this.noteError("exception", error.cause);
      else if (error.type === "not-implemented") this.noteError("not-implemented", error);
    });
    return sink;
  }

  noteError(kind, error) {
    this.log.add("errors", bounded(describeError(kind, error, this.log)));
  }

  /** Leave for another address; the old page goes on until the new one has arrived. */
  navigate(window, url, options) {
    if (this.dom === null || window.document !== this.window.document || this.navigating) return;
    if (this.navigations >= MAX_NAVIGATIONS) return;
    this.navigations += 1;
    this.navigating = this.go(url, options ?? {}).finally(() => {
      this.navigating = null;
    });
  }

  text() {
    return this.window && !this.navigating ? readText(this.window) : "";
  }

  /** Whether the answer to a question about the page is yes, as of now. */
  holds(question) {
    const { log } = this;
    if ("text" in question)
      return (
        this.text().includes(question.text) ||
        log.alerts.some(({ text }) => text.includes(question.text))
      );
    if ("connected" in question) return Object.values(log.namespaces).includes("connected");
    if ("sent" in question)
      return log.events("out", question.sent === true ? null : question.sent).length > 0;
    if ("received" in question)
      return log.events("in", question.received === true ? null : question.received).length > 0;
    if ("alert" in question) return log.alerts.length > 0;
    if ("error" in question) return log.errors.length > 0;
    if ("loaded" in question)
      return this.page.error !== null || (this.page.loaded && !this.navigating);
    throw new RangeError(`no such condition: ${Object.keys(question)}`);
  }

  state() {
    const { log } = this;
    const { io } = this.#globals();
    const last = log.references
      .filter(({ problem, version }) => problem === null && version !== null)
      .at(-1);
    return {
      page: bounded({ ...this.page, title: this.window?.document?.title ?? "" }),
      text: this.text(),
      alerts: log.alerts,
      console: log.console,
      errors: log.errors,
      requests: log.requests.map((item) => bounded(item)),
      client: {
        references: log.references.map((item) => bounded(item)),
        global_io: io !== null,
        version: last?.version ?? null,
        protocol: io?.protocol ?? null,
      },
      connections: log.connections.map((item) => bounded(item)),
      namespaces: bounded(log.namespaces),
      packets: log.packets,
      dropped: log.dropped,
    };
  }

  #globals() {
    try {
      const io = this.window?.io;
      return { io: typeof io === "function" ? { protocol: Number(io.protocol) || null } : null };
    } catch {
      return { io: null };
    }
  }

  close() {
    this.dom?.window.close();
    this.dom = null;
  }
}
