/** Long lines are wrapped, and go on below where their text begins. */

import type { Extension, Line } from "@codemirror/state";
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

/** Columns; deeper code would leave too little room in a narrow window. */
const DEEPEST = 16;
const TAB = 4;

const hanging = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = hang(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = hang(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const wrapping: Extension = [EditorView.lineWrapping, hanging];

function hang(view: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let line = view.state.doc.lineAt(from); ; line = view.state.doc.line(line.number + 1)) {
      const depth = Math.min(indent(line), DEEPEST);
      if (depth) found.add(line.from, line.from, deep(depth));
      if (line.to >= to || line.number === view.state.doc.lines) break;
    }
  }
  return found.finish();
}

function deep(columns: number): Decoration {
  return Decoration.line({ attributes: { style: `padding-inline-start: calc(${columns}ch + 6px); text-indent: -${columns}ch` } });
}

function indent(line: Line): number {
  const space = /^[ \t]*/.exec(line.text)?.[0] ?? "";
  return [...space].reduce((columns, each) => columns + (each === "\t" ? TAB : 1), 0);
}
