/** From anything a script can throw to a plain record with the place in the served text. */

import { inspect } from "node:util";

const FRAME = /\(?(https?:\/\/[^\s()]+?):(\d+):(\d+)\)?$/;
const ATTRIBUTE = /^at (?:HTML\w*Element|Window)\.(on[a-z]+) \(/;
const SYNTAX_PLACE = /^(https?:\/\/\S+?):(\d+)$/;

/** @returns {{kind, name, message, url, line, column, source}} `line` counts from 1; null: unknown */
export function describeError(kind, error, log) {
  const record = {
    kind,
    name: "Error",
    message: "",
    url: null,
    line: null,
    column: null,
    source: null,
  };
  try {
    record.name = typeof error?.name === "string" ? error.name : typeof error;
    record.message = typeof error?.message === "string" ? error.message : plain(error);
    Object.assign(record, error?.coursePlace ?? placeIn(String(error?.stack ?? ""), log));
  } catch {
    record.message ||= "an error that cannot be read";
  }
  if (record.name === "SyntaxError" && kind === "exception") record.kind = "syntax";
  if (record.url !== null) record.source = log.sourceLine(record.url, record.line);
  return record;
}

/** The first line of the learner's own that a stack names; a line of a library if there is none. */
function placeIn(stack, log) {
  const lines = stack.split("\n");
  const syntax = SYNTAX_PLACE.exec(lines[0]);
  if (syntax) return { url: syntax[1], line: Number(syntax[2]), column: null };
  const frames = lines.map((line) => line.trim());
  if (ATTRIBUTE.test(frames.find((frame) => FRAME.test(frame)) ?? ""))
    return placeOfAttribute(lines, log);
  const places = frames.map((frame) => FRAME.exec(frame)).filter(Boolean);
  const own = places.find(([, url]) => !isLibrary(url, log)) ?? places[0];
  return own ? { url: own[1], line: Number(own[2]), column: Number(own[3]) } : {};
}

/** What fails in `onclick="…"` has no line of its own: find the attribute with the same words. */
function placeOfAttribute(lines, log) {
  const frame = lines.map((line) => line.trim()).find((line) => ATTRIBUTE.test(line));
  const [, attribute] = ATTRIBUTE.exec(frame);
  const [, url] = FRAME.exec(frame);
  const word = /(\w+) is not (?:defined|a function)/.exec(lines[0])?.[1] ?? "";
  const texts = (log.texts.get(url) ?? "").split("\n");
  const index = texts.findIndex((text) => text.includes(`${attribute}=`) && text.includes(word));
  return { url, line: index < 0 ? null : index + 1, column: null };
}

function isLibrary(url, log) {
  return (
    log.requests.some((request) => request.url === url && request.by === "library") ||
    log.references.some((entry) => entry.url === url)
  );
}

/** A value as a browser's console would print it, never running the value's own code. */
export function plain(value) {
  if (typeof value === "string") return value;
  try {
    return inspect(value, {
      depth: 3,
      customInspect: false,
      maxArrayLength: 50,
      maxStringLength: 1000,
      breakLength: Infinity,
    });
  } catch {
    return "a value that cannot be shown";
  }
}
