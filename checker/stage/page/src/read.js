/** What a person can read on a page. */

import { withoutNames } from "./names.js";

const UNREAD = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "HEAD", "DATALIST", "IFRAME"]);
const BLOCKS =
  /^(address|article|aside|blockquote|br|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul|button|label|option)$/i;
const VALUED = /^(button|submit|reset|text|search|email|tel|url|number|)$/;
const MAX_TEXT = 20_000;
const MAX_STYLED = 1500;

/** The visible text of a window's page, white space collapsed. */
export function readText(window) {
  const body = window.document?.body;
  if (!body) return "";
  const parts = [];
  const styled = body.getElementsByTagName("*").length <= MAX_STYLED;
  withoutNames(() => collect(body, window, styled, parts, 0));
  return parts.join("").replace(/\s+/g, " ").trim().slice(0, MAX_TEXT);
}

function collect(node, window, styled, parts, depth) {
  if (depth > 200) return;
  if (node.nodeType === 3) {
    parts.push(node.data);
    return;
  }
  if (node.nodeType !== 1 || UNREAD.has(node.tagName) || isHidden(node, window, styled)) {
    if (node.tagName === "IFRAME" && !isHidden(node, window, styled))
      parts.push(" ", frameText(node), " ");
    return;
  }
  const gap = BLOCKS.test(node.localName) ? " " : "";
  parts.push(gap);
  const value = valueOf(node);
  if (value !== null) parts.push(" ", value, " ");
  else
    for (const child of (node.shadowRoot ?? node).childNodes)
      collect(child, window, styled, parts, depth + 1);
  if (node.shadowRoot)
    for (const child of node.childNodes) collect(child, window, styled, parts, depth + 1);
  parts.push(gap);
}

function frameText(frame) {
  try {
    return frame.contentWindow ? readText(frame.contentWindow) : "";
  } catch {
    return "";
  }
}

function isHidden(element, window, styled) {
  if (element.hidden || (element.localName === "dialog" && !element.open)) return true;
  const style = styled ? computed(element, window) : element.style;
  return style?.display === "none" || style?.visibility === "hidden";
}

function computed(element, window) {
  try {
    return window.getComputedStyle(element);
  } catch {
    return element.style;
  }
}

/** The text inside a form control, or null for an element that is no such control. */
function valueOf(element) {
  if (element.localName === "textarea" || element.localName === "output") return element.value;
  if (element.localName === "input") {
    return VALUED.test(element.type) ? element.value || element.placeholder : "";
  }
  if (element.localName === "select")
    return [...element.selectedOptions].map((option) => option.text).join(" ");
  return null;
}
