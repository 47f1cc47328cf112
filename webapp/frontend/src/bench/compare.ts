/** Two sets of files beside each other. Nothing here can change either. Loaded when asked for. */

import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { h } from "../dom";
import { dialog } from "./dialogs";
import { look } from "./editor";
import { Languages } from "./languages";

const NARROW = 720;
const COLLAPSE = { margin: 3, minSize: 6 };

export interface Side {
  readonly title: string;
  readonly files: ReadonlyMap<string, string>;
}

export async function compare(mine: Side, other: Side, nonce: string): Promise<void> {
  const names = [...new Set([...mine.files.keys(), ...other.files.keys()])].sort();
  const languages = new Languages();
  await Promise.all(names.map((name) => languages.load(name)));
  const shape = (name: string): Extension => [look(name, nonce), languages.get(name)];
  const differing = names.filter((name) => mine.files.get(name) !== other.files.get(name));
  const place = h("div", { class: "compare" });
  const choose = h(
    "select",
    { id: "compare-file", onchange: () => show(choose.value) },
    ...names.map((name) =>
      h("option", { value: name }, differing.includes(name) ? `${name} (differs)` : name),
    ),
  );
  const show = (name: string) => {
    const sides = isNarrow() ? "sides unified" : "sides";
    place.replaceChildren(h("p", { class: sides }, h("span", {}, mine.title), h("span", {}, other.title)));
    draw(place, name, mine, other, shape(name));
  };
  dialog(
    `${mine.title} and ${lower(other.title)}`,
    "wide",
    h("p", {}, h("label", { for: "compare-file" }, "File "), choose),
    place,
  );
  choose.value = differing[0] ?? names[0] ?? "";
  show(choose.value);
}

function draw(parent: HTMLElement, name: string, mine: Side, other: Side, shape: Extension): void {
  const [a, b] = [mine.files.get(name) ?? "", other.files.get(name) ?? ""];
  if (isNarrow()) {
    const unified = unifiedMergeView({ original: a, mergeControls: false, collapseUnchanged: COLLAPSE });
    new EditorView({ doc: b, parent, extensions: [readOnly(name, "Both texts", shape), unified] });
    return;
  }
  new MergeView({
    a: { doc: a, extensions: readOnly(name, mine.title, shape) },
    b: { doc: b, extensions: readOnly(name, other.title, shape) },
    parent,
    gutter: true,
    collapseUnchanged: COLLAPSE,
  });
}

function readOnly(name: string, title: string, shape: Extension): Extension {
  return [
    shape,
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ "aria-label": `${title}: ${name}`, tabindex: "0" }),
  ];
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** Too narrow for two columns: both texts stand in one. */
function isNarrow(): boolean {
  return window.innerWidth < NARROW;
}
