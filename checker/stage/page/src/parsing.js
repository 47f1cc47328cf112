/**
 * Parsing that stops where a browser's does.
 *
 * A browser reads no further than a `<script src=…>` that it has not run yet; jsdom reads the whole
 * page first, so that a script in the head would see elements that stand below it. Here the parser
 * pauses at such a script, and `build.mjs` lets jsdom ask this file.
 */

const pages = new WeakMap();

/** Parse a page in place of parse5's `parse`; may return before the end is reached. */
function parse(Parser, markup, document, config) {
  if (!document._defaultView || document.readyState !== "loading" || pages.has(document))
    return Parser.parse(markup, config);
  const parser = new Parser(config);
  const page = { ended: false, parser };
  page.whole = new Promise((resolve) => {
    page.end = resolve;
  });
  pages.set(document, page);
  pauseAtScripts(parser, config.treeAdapter, document._queue);
  document._queue.courseDone = () => goOn(document, page);
  parser.tokenizer.write(markup, true, () => end(page));
  return parser.document;
}

function pauseAtScripts(parser, adapter, queue) {
  const pop = adapter.onItemPop;
  adapter.onItemPop = (element, top) => {
    pop.call(adapter, element, top);
    if (element._localName === "script" && queue._moreScripts()) parser.tokenizer.pause();
  };
}

function goOn(document, page) {
  if (!page.parser.tokenizer.paused || document._queue._moreScripts()) return;
  if (!document._global._document) return; // the window was closed meanwhile
  page.parser.tokenizer.resume(() => {
    end(page);
    document.close();
  });
}

function end(page) {
  page.ended = true;
  page.end();
}

/** Whether the end of a page has not been reached. */
function isParsing(document) {
  return pages.get(document)?.ended === false;
}

/** A request whose answer is used when the whole page is there: that of an `async` script. */
function afterParsing(document, request) {
  return isParsing(document) ? pages.get(document).whole.then(() => request) : request;
}

/** Whether a script was put into the page by another one while the page was read. */
function isInserted(script) {
  return !script._parserInserted && isParsing(script._ownerDocument);
}

/** Give jsdom's patched places what they ask for. Call once. */
export function installParsing() {
  globalThis.courseParsing = { parse, isParsing, afterParsing, isInserted };
}
