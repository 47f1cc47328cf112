/** Fetching on behalf of a window, with its cookies and through its network. */

import { fetch as undiciFetch, Headers, Request, Response } from "undici";

/** GET a script for a window; `status` is null where nothing came. */
export async function fetchText(window, url, kind) {
  try {
    const { status, headers, body } = await request(window._dispatcher, url, { kind });
    return {
      status,
      type: (headers["content-type"] ?? "").split(";")[0].trim(),
      text: body.toString("utf8"),
    };
  } catch {
    return { status: null, type: "", text: "" };
  }
}

/** Any request through a jsdom dispatcher, redirects followed; rejects when no answer came. */
export async function request(
  dispatcher,
  url,
  { kind, method = "GET", headers = {}, body = null },
) {
  const { origin, pathname, search } = new URL(url);
  const answer = await dispatcher.request({
    origin,
    path: pathname + search,
    method,
    headers,
    body,
    opaque: { element: null, url, kind },
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const final = answer.context?.finalURL;
  return { status: answer.statusCode, headers: answer.headers, body: bytes, finalUrl: final };
}

/** The fetch API for a page, which jsdom leaves out. */
export function installFetch(window) {
  const dispatcher = {
    dispatch: (options, handler) => {
      const opaque = { element: null, url: options.origin + options.path, kind: "fetch" };
      return window._dispatcher.dispatch({ ...options, opaque }, handler);
    },
  };
  const absolute = (input) =>
    input instanceof Request ? input : new URL(String(input), window.document.baseURI).href;
  class PageRequest extends Request {
    constructor(input, init) {
      super(absolute(input), init);
    }
  }
  const pageFetch = async (input, init = {}) => {
    try {
      return await undiciFetch(absolute(input), { ...init, dispatcher });
    } catch {
      throw new window.TypeError("Failed to fetch");
    }
  };
  Object.assign(window, { fetch: pageFetch, Headers, Request: PageRequest, Response });
}
