/** The learner's files: what is on the screen, what the server has, and how they meet. */

import type { Channel } from "./channel";
import type { Drafts } from "./drafts";
import type { Editor } from "./editor";
import type { Refusal, TextFile, TextFiles } from "./protocol";

const PAUSE = 500;

interface Work {
  /** Fingerprint of what the server has, as far as we know; null for a file that is new. */
  base: string | null;
  /** The text, for a file that the editor has not shown yet. */
  text: string;
  dirty: boolean;
  saving: Promise<boolean> | null;
  /** What the server has instead, once a save met another change; null: it was removed. */
  conflict: TextFile | null | undefined;
}

export type Saved = "saved" | "saving" | "offline" | "trouble" | "conflict";

export interface WorkEvents {
  /** The list of files or the one that is shown has changed. */
  listed(): void;
  saved(state: Saved, trouble?: string): void;
  /** A file has another text, and it was not typed here. */
  replaced(): void;
}

export class FilesAtWork {
  readonly #files = new Map<string, Work>();
  readonly #channel: Channel;
  readonly #drafts: Drafts;
  readonly #editor: Editor;
  readonly #events: WorkEvents;
  #timer = 0;

  constructor(channel: Channel, drafts: Drafts, editor: Editor, events: WorkEvents) {
    this.#channel = channel;
    this.#drafts = drafts;
    this.#editor = editor;
    this.#events = events;
  }

  get names(): string[] {
    return [...this.#files.keys()].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /** Files with text that the server does not have. */
  get unsaved(): string[] {
    return this.names.filter((name) => this.#files.get(name)?.dirty);
  }

  text(name: string): string {
    return this.#editor.text(name) ?? this.#files.get(name)?.text ?? "";
  }

  texts(): Map<string, string> {
    return new Map(this.names.map((name) => [name, this.text(name)]));
  }

  conflict(name: string): TextFile | null | undefined {
    return this.#files.get(name)?.conflict;
  }

  show(name: string): void {
    this.#editor.show(name, this.#files.get(name)?.text ?? "");
    this.#events.listed();
  }

  /** The server's files arrive: at the start, after a lost connection, or changed elsewhere. */
  receive(files: TextFiles): void {
    const kept = this.#drafts.all();
    for (const [name, file] of Object.entries(files)) this.#receive(name, file, kept.get(name));
    for (const [name, draft] of kept) {
      if (!(name in files) && !this.#files.has(name)) this.#revive(name, draft.text, draft.base);
    }
    for (const [name, work] of this.#files) {
      if (!(name in files) && !work.dirty) this.#forget(name);
      if (work.conflict !== undefined && work.conflict?.seal !== files[name]?.seal) this.#meetAgain(name, work);
    }
    this.#settle();
    this.#schedule(0);
    this.#report();
  }

  /** Take the server's files as they are: after a reset, or another version brought back. */
  adopt(files: TextFiles): void {
    for (const name of [...this.#files.keys()]) {
      this.#drafts.drop(name);
      if (!(name in files)) this.#forget(name);
    }
    for (const [name, file] of Object.entries(files)) this.#take(name, file);
    this.#settle();
    this.#report();
  }

  create(name: string): void {
    this.#files.set(name, { base: null, text: "", dirty: true, saving: null, conflict: undefined });
    this.show(name);
    this.#schedule(0);
  }

  renamed(old: string, name: string, files: TextFiles): void {
    const work = this.#files.get(old);
    this.#files.delete(old);
    this.#drafts.drop(old);
    this.#editor.rename(old, name);
    if (work) {
      // A save that is under way names the old file, and nobody hears whether it was taken.
      const dirty = work.dirty || work.saving !== null;
      this.#files.set(name, { ...work, base: files[name]?.seal ?? null, dirty, saving: null });
    }
    this.receive(files);
  }

  edited(name: string): void {
    const work = this.#files.get(name);
    if (!work) return;
    work.dirty = true;
    this.#drafts.keep(name, { text: this.text(name), base: work.base });
    if (work.conflict === undefined) this.#schedule(PAUSE);
  }

  /** Save all that is not saved; false if something could not be. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    const all = [...this.#files].filter(([, work]) => work.dirty || work.saving);
    const saved = await Promise.all(all.map(([name, work]) => this.#save(name, work)));
    return saved.every(Boolean);
  }

  /** The page is about to be closed: send what there is, and wait for nothing. */
  leave(): void {
    for (const [name, work] of this.#files) {
      if (work.dirty && work.conflict === undefined) {
        this.#channel.tell("save", { name, text: this.text(name), base: work.base });
      }
    }
  }

  /** Settle a conflict: mine goes over theirs. The server keeps both as versions. */
  keepMine(name: string): void {
    const work = this.#files.get(name);
    if (!work || work.conflict === undefined) return;
    work.base = work.conflict?.seal ?? null;
    work.conflict = undefined;
    this.#events.listed();
    this.#schedule(0);
  }

  /** Settle a conflict: theirs takes the place of mine. */
  takeTheirs(name: string): void {
    const theirs = this.#files.get(name)?.conflict;
    if (theirs === undefined) return;
    if (theirs) this.#take(name, theirs);
    else this.#forget(name);
    this.#settle();
    this.#report();
  }

  #receive(name: string, file: TextFile, draft: { text: string; base: string | null } | undefined): void {
    const work = this.#files.get(name);
    if (work?.dirty || work?.saving) return; // Saving will find out whether the two can meet.
    if (!work && draft && draft.text !== file.text) this.#revive(name, draft.text, draft.base);
    else this.#take(name, file);
  }

  #revive(name: string, text: string, base: string | null): void {
    this.#files.set(name, { base, text, dirty: true, saving: null, conflict: undefined });
  }

  #take(name: string, file: TextFile): void {
    if (this.#files.has(name) && this.text(name) !== file.text) this.#events.replaced();
    this.#drafts.drop(name);
    this.#editor.replace(name, file.text);
    this.#editor.fault(name, file.faults);
    this.#files.set(name, {
      base: file.seal,
      text: file.text,
      dirty: false,
      saving: null,
      conflict: undefined,
    });
  }

  #forget(name: string): void {
    this.#files.delete(name);
    this.#drafts.drop(name);
    this.#editor.forget(name);
  }

  /** Show some file if the one that was shown is gone. */
  #settle(): void {
    const first = this.names[0];
    if (!this.#files.has(this.#editor.current) && first !== undefined) this.show(first);
    else this.#events.listed();
  }

  #schedule(pause: number): void {
    clearTimeout(this.#timer);
    if ([...this.#files.values()].some((work) => work.dirty && work.conflict === undefined)) {
      this.#events.saved(this.#channel.connected ? "saving" : "offline");
      this.#timer = window.setTimeout(() => void this.flush(), pause);
    }
  }

  async #save(name: string, work: Work): Promise<boolean> {
    await work.saving;
    if (!work.dirty) return true;
    if (work.conflict !== undefined) return false;
    work.saving = this.#send(name, work);
    const saved = await work.saving;
    work.saving = null;
    return saved;
  }

  /** What mine met has changed once more: save again, so that this text is known and kept, too. */
  #meetAgain(name: string, work: Work): void {
    work.saving ??= this.#send(name, work).finally(() => (work.saving = null));
  }

  async #send(name: string, work: Work): Promise<boolean> {
    const text = this.text(name);
    work.dirty = false;
    const answer = await this.#channel.ask("save", { name, text, base: work.base });
    if (this.#files.get(name) !== work) return true;
    if (answer.ok) {
      if (work.conflict !== undefined) this.#meet(work, undefined);
      work.base = answer.seal;
      work.text = text;
      if (!work.dirty) this.#editor.fault(name, answer.faults);
      if (work.dirty) this.#drafts.keep(name, { text: this.text(name), base: work.base });
      else this.#drafts.drop(name);
      this.#report();
      return true;
    }
    work.dirty = true;
    this.#refused(work, answer);
    return false;
  }

  #refused(work: Work, answer: Refusal): void {
    if (answer.conflict) {
      this.#meet(work, answer.theirs ?? null);
      this.#events.saved("conflict");
    } else if (this.#channel.connected) {
      this.#events.saved("trouble", answer.error);
    } else {
      this.#events.saved("offline");
    }
  }

  #meet(work: Work, theirs: TextFile | null | undefined): void {
    work.conflict = theirs;
    this.#events.listed();
  }

  /** Say that all is saved, or that what is not waits for the learner. */
  #report(): void {
    const left = [...this.#files.values()].filter((work) => work.dirty);
    if (!left.length) this.#events.saved("saved");
    else if (left.every((work) => work.conflict !== undefined)) this.#events.saved("conflict");
  }
}

function rank(name: string): number {
  return name === "app.py" ? 0 : name.endsWith(".py") ? 1 : 2;
}
