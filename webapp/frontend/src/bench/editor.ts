/** CodeMirror, as this course wants it. */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { faultsOf, isPage } from "./faults";

const PAUSE = 600;

/** Marks a change that came from the server, which is not to be saved again. */
const fromServer = Annotation.define<boolean>();

export interface EditorEvents {
  edited(name: string): void;
  check(): void;
}

/** A line of a file with what is said about it; lines count from 1. */
export interface Mark {
  readonly line: number;
  readonly text: string;
}

/** How any editor or comparison of ours looks. */
export function look(name: string, nonce: string): Extension {
  return [
    EditorView.cspNonce.of(nonce),
    lineNumbers(),
    syntaxHighlighting(classHighlighter),
    language(name),
  ];
}

function language(name: string): Extension {
  if (name.endsWith(".py")) return [python(), indentUnit.of("    ")];
  if (isPage(name)) return [html(), indentUnit.of("  ")];
  return [];
}

/** One editor for several files, each with its own undo history. */
export class Editor {
  readonly #view: EditorView;
  readonly #states = new Map<string, EditorState>();
  readonly #events: EditorEvents;
  readonly #nonce: string;
  /** What the last check said, and what Python says of a file as it is saved. */
  readonly #marks = new Map<string, readonly Mark[]>();
  readonly #faults = new Map<string, readonly Mark[]>();
  #current = "";
  #timer = 0;

  constructor(parent: HTMLElement, nonce: string, events: EditorEvents) {
    this.#events = events;
    this.#nonce = nonce;
    this.#view = new EditorView({ parent, extensions: EditorView.cspNonce.of(nonce) });
  }

  get current(): string {
    return this.#current;
  }

  /** Show a file's text, made known now if it was not. */
  show(name: string, text: string): void {
    this.#keep();
    this.#current = name;
    this.#view.setState(this.#states.get(name) ?? this.#fresh(name, text));
    this.#draw(name);
  }

  /** Replace a file's text by the server's, keeping cursor and history. */
  replace(name: string, text: string): void {
    const state = this.#state(name);
    if (!state || state.doc.toString() === text) return;
    const spec = { changes: difference(state.doc.toString(), text), annotations: fromServer.of(true) };
    if (name === this.#current) this.#view.dispatch(spec);
    else this.#states.set(name, state.update(spec).state);
  }

  rename(old: string, name: string): void {
    const text = this.#state(old)?.doc.toString();
    this.#states.delete(old);
    this.#marks.delete(old);
    this.#faults.delete(old);
    if (this.#current === old && text !== undefined) {
      this.#current = name;
      this.#view.setState(this.#fresh(name, text));
    }
  }

  forget(name: string): void {
    this.#states.delete(name);
    this.#marks.delete(name);
    this.#faults.delete(name);
    if (this.#current === name) this.#current = "";
  }

  /** Mark the lines that a check speaks of; an empty list takes all of these marks away. */
  mark(name: string, marks: readonly Mark[]): void {
    this.#marks.set(name, marks);
    this.#draw(name);
  }

  /** Mark what Python says of a file as it stands. */
  fault(name: string, faults: readonly Mark[]): void {
    this.#faults.set(name, faults);
    this.#draw(name);
  }

  #draw(name: string): void {
    const state = this.#state(name);
    if (!state) return;
    const own = isPage(name) ? faultsOf(state) : (this.#faults.get(name) ?? []);
    const diagnostic = (severity: Diagnostic["severity"]) => (mark: Mark): Diagnostic => {
      const line = state.doc.line(mark.line);
      return { from: line.from + indentation(line.text), to: line.to, severity, message: mark.text };
    };
    const here = (mark: Mark) => mark.line >= 1 && mark.line <= state.doc.lines;
    const checked = (this.#marks.get(name) ?? []).filter(here).map(diagnostic("error"));
    const spec = setDiagnostics(state, [...checked, ...own.filter(here).map(diagnostic("warning"))]);
    if (name === this.#current) this.#view.dispatch(spec);
    else this.#states.set(name, state.update(spec).state);
  }

  /** Put the cursor on a line of the file shown. */
  goTo(line: number): void {
    const { doc } = this.#view.state;
    const place = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({
      selection: { anchor: place.from + indentation(place.text) },
      effects: EditorView.scrollIntoView(place.from, { y: "center" }),
    });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  #state(name: string): EditorState | undefined {
    return name === this.#current ? this.#view.state : this.#states.get(name);
  }

  #keep(): void {
    if (this.#current) this.#states.set(this.#current, this.#view.state);
  }

  #fresh(name: string, text: string): EditorState {
    return EditorState.create({ doc: text, extensions: this.#extensions(name) });
  }

  #extensions(name: string): Extension {
    return [
      look(name, this.#nonce),
      lintGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      EditorState.tabSize.of(4),
      EditorView.contentAttributes.of({
        "aria-label": `The file ${name}`,
        "aria-describedby": "bench-keys",
        tabindex: "0",
      }),
      keymap.of([
        { key: "Mod-Enter", run: () => (this.#events.check(), true) },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...searchKeymap,
        indentWithTab,
      ]),
      EditorView.updateListener.of((update) => {
        const ours = update.transactions.some((each) => each.docChanged && !each.annotation(fromServer));
        if (ours) this.#events.edited(this.#current);
        if (update.docChanged && isPage(name)) this.#later(name);
      }),
    ];
  }

  /** Look a page through once the typing pauses. */
  #later(name: string): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#draw(name), PAUSE);
  }

  /** A file's text as it stands in the editor. */
  text(name: string): string | undefined {
    return this.#state(name)?.doc.toString();
  }
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}

/** The one change between two texts: what lies between their common beginning and end. */
function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
