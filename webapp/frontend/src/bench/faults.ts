/** Faults of a page that can be seen before it is used; those of Python come from the server. */

import { ensureSyntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { Mark } from "./editor";

const PATIENCE = 200;
/** Where Flask fills something in, what stands there is no JavaScript yet. */
const TEMPLATE = /\{\{|\{%/;

export function isPage(name: string): boolean {
  return /\.(html?|jinja2?)$/.test(name);
}

/** What is wrong with a page: the first tag that closes nothing, and the first unreadable script. */
export function faultsOf(state: EditorState): Mark[] {
  const tree = ensureSyntaxTree(state, state.doc.length, PATIENCE);
  const script = !TEMPLATE.test(state.doc.toString());
  const found = new Map<string, Mark>();
  const say = (text: string, at: number) => {
    if (!found.has(text)) found.set(text, { line: state.doc.lineAt(at).number, text });
  };
  tree?.iterate({
    enter(node) {
      if (node.name === "MismatchedCloseTag") say("This closes a tag that is not open here.", node.from);
      else if (node.type.isError && script && inScript(node.node)) say("JavaScript cannot be read on from here.", node.from);
    },
  });
  return [...found.values()];
}

function inScript(node: { readonly name: string; readonly parent: unknown }): boolean {
  for (let at: { name: string; parent: unknown } | null = node; at; at = at.parent as typeof at) {
    if (at.name === "Script") return true; // the root of a tree of JavaScript
  }
  return false;
}
