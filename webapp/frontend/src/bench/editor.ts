/** CodeMirror, as this course wants it. */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyField, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, forEachDiagnostic, lintGutter, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension, type TransactionSpec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { announce, h, marked } from "../dom";
import { faultsOf, isPage } from "./faults";
import { indentation, type Languages } from "./languages";
import type { Place } from "./places";
import { wrapping } from "./wrapping";

const PAUSE = 600;
const NO_FILE = "There is no file here. Add one with + above, or bring back a version.";
/** Pixels that stay in sight around a line that is brought there. */
const MARGIN = 50;
const KEPT = { history: historyField };

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

/** How any editor or comparison of ours looks, but for the colours of a language. */
export function look(name: string, nonce: string): Extension {
  return [EditorView.cspNonce.of(nonce), lineNumbers(), syntaxHighlighting(classHighlighter), indentation(name), wrapping];
}

/** One editor for several files, each with its own undo history. */
export class Editor {
  readonly #parent: HTMLElement;
  readonly #states = new Map<string, EditorState>();
  readonly #events: EditorEvents;
  readonly #nonce: string;
  readonly #languages: Languages;
  readonly #language = new Compartment();
  /** What the last check said, and what Python says of a file as it is saved. */
  readonly #marks = new Map<string, readonly Mark[]>();
  readonly #faults = new Map<string, readonly Mark[]>();
  #view: EditorView | undefined;
  #current = "";
  #timer = 0;

  constructor(parent: HTMLElement, nonce: string, languages: Languages, events: EditorEvents) {
    this.#events = events;
    this.#nonce = nonce;
    this.#languages = languages;
    this.#parent = parent;
  }

  get current(): string {
    return this.#current;
  }

  /** Show a file's text, made known now if it was not. */
  show(name: string, text: string): void {
    this.#keep();
    this.#current = name;
    this.#open(this.#states.get(name) ?? this.#fresh(name, text));
    this.#draw(name);
  }

  #open(state: EditorState): void {
    if (this.#view) this.#view.setState(state);
    else this.#view = new EditorView({ parent: this.#parent, state });
  }

  /** Replace a file's text by the server's, keeping cursor and history. */
  replace(name: string, text: string): void {
    const state = this.#state(name);
    if (!state || state.doc.toString() === text) return;
    const changes = difference(state.doc.toString(), text);
    this.#update(name, state, { changes, annotations: [fromServer.of(true), isolateHistory.of("full")] });
  }

  /** Call a file by another name; what was typed in it can still be undone. */
  rename(old: string, name: string): void {
    const state = this.#state(old);
    this.#states.delete(old);
    this.#marks.delete(old);
    this.#faults.delete(old);
    if (this.#current !== old || !state) return;
    this.#current = name;
    this.#open(EditorState.fromJSON(state.toJSON(KEPT), { extensions: this.#extensions(name) }, KEPT));
    this.#learn(name);
  }

  forget(name: string): void {
    this.#states.delete(name);
    this.#marks.delete(name);
    this.#faults.delete(name);
    if (this.#current !== name) return;
    this.#current = "";
    this.#open(EditorState.create({ extensions: [look("", this.#nonce), EditorState.readOnly.of(true), placeholder(NO_FILE)] }));
  }

  /** Mark the lines that a check speaks of; an empty list takes all of these marks away. */
  mark(name: string, marks: readonly Mark[]): void {
    const once = new Map(marks.map((mark) => [`${mark.line} ${mark.text}`, mark]));
    this.#marks.set(name, [...once.values()]);
    this.#draw(name);
  }

  /** Mark what Python says of a file as it stands. */
  fault(name: string, faults: readonly Mark[]): void {
    this.#faults.set(name, faults);
    this.#draw(name);
  }

  /** Read a file in its language, which may have come later than its text. */
  #speak(name: string, language: Extension): void {
    const state = this.#state(name);
    if (!state || this.#language.get(state) === language) return;
    this.#update(name, state, { effects: this.#language.reconfigure(language) });
    this.#draw(name);
  }

  #update(name: string, state: EditorState, spec: TransactionSpec): void {
    if (name === this.#current) this.#view?.dispatch(spec);
    else this.#states.set(name, state.update(spec).state);
  }

  #draw(name: string): void {
    const state = this.#state(name);
    if (!state) return;
    const own = isPage(name) ? faultsOf(state) : (this.#faults.get(name) ?? []);
    const diagnostic = (severity: Diagnostic["severity"]) => (mark: Mark): Diagnostic => {
      const line = state.doc.line(mark.line);
      const renderMessage = () => h("span", {}, marked(mark.text));
      const message = mark.text.replaceAll("`", "");
      return { from: line.from + leading(line.text), to: line.to, severity, message, renderMessage };
    };
    const here = (mark: Mark) => mark.line >= 1 && mark.line <= state.doc.lines;
    const checked = (this.#marks.get(name) ?? []).filter(here).map(diagnostic("error"));
    this.#update(name, state, setDiagnostics(state, [...checked, ...own.filter(here).map(diagnostic("warning"))]));
  }

  /** Put the cursor on a line of the file shown. */
  goTo(line: number): void {
    if (!this.#view) return;
    const { doc } = this.#view.state;
    const place = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({
      selection: { anchor: place.from + leading(place.text) },
      effects: EditorView.scrollIntoView(place.from, { y: "center" }),
    });
    this.#view.focus();
  }

  /** Bring a line into sight, if its file is shown; cursor and page stay where they are. */
  reveal({ file, line }: Place): void {
    if (!this.#view || file !== this.#current || line > this.#view.state.doc.lines) return;
    const { scrollDOM, state } = this.#view;
    const { top, bottom } = this.#view.lineBlockAt(state.doc.line(Math.max(line, 1)).from);
    const lowest = Math.max(0, top - MARGIN);
    const highest = bottom + MARGIN - scrollDOM.clientHeight;
    scrollDOM.scrollTop = Math.min(lowest, Math.max(highest, scrollDOM.scrollTop));
  }

  focus(): void {
    this.#view?.focus();
  }

  #state(name: string): EditorState | undefined {
    return name === this.#current ? this.#view?.state : this.#states.get(name);
  }

  #keep(): void {
    if (this.#current && this.#view) this.#states.set(this.#current, this.#view.state);
  }

  #learn(name: string): void {
    void this.#languages.load(name).then((language) => this.#speak(name, language), () => undefined);
  }

  #fresh(name: string, text: string): EditorState {
    this.#learn(name);
    return EditorState.create({ doc: text, extensions: this.#extensions(name) });
  }

  #extensions(name: string): Extension {
    return [
      look(name, this.#nonce),
      this.#language.of(this.#languages.get(name)),
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
        { key: "F8", run: nextMark },
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

/** Go to the next marked line, show what is said of it, and say it. */
function nextMark(view: EditorView): boolean {
  if (!nextDiagnostic(view)) return false;
  const said: string[] = [];
  forEachDiagnostic(view.state, ({ message }, from) => {
    if (from === view.state.selection.main.from) said.push(message);
  });
  announce(said.join(" "));
  return true;
}

function leading(line: string): number {
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
