/** What the menu beside the files offers. */

import { announce, h } from "../dom";
import type { Channel } from "./channel";
import type { Side } from "./compare";
import { askName, confirm, dialog } from "./dialogs";
import type { Editor } from "./editor";
import type { Settings, Shown, TextFiles, Version } from "./protocol";
import type { FilesAtWork } from "./work";

const REASONS: Record<Version["reason"], string> = {
  earlier: "before you worked on",
  checked: "when you checked",
  reset: "before a reset",
  restored: "before another version came back",
  removed: "before a file was deleted",
  mine: "yours, when both had changed",
  theirs: "the other, when both had changed",
};

export class Tools {
  readonly #channel: Channel;
  readonly #work: FilesAtWork;
  readonly #editor: Editor;
  readonly #settings: Settings;

  constructor(channel: Channel, work: FilesAtWork, editor: Editor, settings: Settings) {
    this.#channel = channel;
    this.#work = work;
    this.#editor = editor;
    this.#settings = settings;
  }

  async add(): Promise<void> {
    const name = await askName("Add a file", "", (each) => this.#work.has(each));
    if (!name) return;
    this.#work.create(name);
    this.#editor.focus();
  }

  async rename(): Promise<void> {
    const old = this.#editor.current;
    const name = await askName("Rename the file", old, (each) => each !== old && this.#work.has(each));
    if (!name || name === old || !(await this.#saved())) return;
    const answer = await this.#channel.ask("rename", { name: old, new: name });
    if (!answer.ok) return trouble(answer.error);
    this.#work.renamed(old, name, answer.files);
    this.#editor.focus();
  }

  async remove(): Promise<void> {
    const name = this.#editor.current;
    if (this.#work.names.length < 2) return trouble(`${name} is your only file. Add another one first, or empty this one.`);
    const text = "A version with it is kept, so you can bring it back.";
    if (!(await confirm(`Delete ${name}?`, text, "Delete it")) || !(await this.#saved(name))) return;
    const answer = await this.#channel.ask("remove", { name });
    if (answer.ok) this.#work.adopt(answer.files);
    else trouble(answer.error);
  }

  async reset(): Promise<void> {
    const text = "Your files go back to what they were at first. What you have now is kept under Versions.";
    if (!(await confirm("Begin again?", text, "Begin again")) || !(await this.#saved())) return;
    const answer = await this.#channel.ask("reset", {});
    if (answer.ok) {
      this.#work.adopt(answer.files);
      announce("Your files are as they were at the beginning. The ones you had are kept.");
    } else trouble(answer.error);
  }

  async solution(): Promise<void> {
    let answer = await this.#channel.ask("solution", {});
    if (answer.ok && "ask_again" in answer) {
      const text =
        "Your checks have not all passed yet. A hint, or the first failing check, may take you further. " +
        "Nothing of yours is changed by looking.";
      if (!(await confirm("Look at the solution now?", text, "Show it"))) return;
      answer = await this.#channel.ask("solution", {});
    }
    if (!answer.ok) trouble(answer.error);
    else if ("files" in answer) await this.#compare("The solution", answer.files);
  }

  async versions(): Promise<void> {
    await this.#work.flush();
    const answer = await this.#channel.ask("versions", {});
    if (!answer.ok) return trouble(answer.error);
    const rows = answer.versions.map((version) => this.#row(version));
    const content = rows.length ? h("ul", { class: "versions" }, ...rows) : h("p", {}, "None is kept yet.");
    dialog("Versions of your files", "medium", content);
  }

  #row(version: Version): HTMLElement {
    const when = new Date(version.at * 1000);
    const label = when.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
    const button = (text: string, act: () => Promise<void>) =>
      h("button", { type: "button", "aria-label": `${text}: ${label}`, onclick: () => void act() }, text);
    return h(
      "li",
      {},
      h("span", {}, h("time", { datetime: when.toISOString() }, label), ` ${REASONS[version.reason] ?? ""}`),
      h(
        "span",
        { class: "actions" },
        button("Compare", () => this.#compareVersion(version.id, label)),
        button("Bring back", () => this.#restore(version.id)),
      ),
    );
  }

  async #compareVersion(id: number, label: string): Promise<void> {
    const answer = await this.#channel.ask("version", { id });
    if (answer.ok) await this.#compare(`The version of ${label}`, answer.files);
    else trouble(answer.error);
  }

  async #restore(id: number): Promise<void> {
    const answer = await this.#channel.ask("restore", { id });
    if (!answer.ok) return trouble(answer.error);
    this.#work.adopt(answer.files);
    for (const box of document.querySelectorAll<HTMLDialogElement>("dialog[open]")) box.close();
    announce("That version is back. The files it replaced are kept.");
  }

  /** Show a file that was changed here and elsewhere. */
  async compareConflict(name: string): Promise<void> {
    const theirs = this.#work.conflict(name)?.text ?? "";
    const other = { title: "The other text", files: new Map([[name, theirs]]) };
    await this.#show({ title: "This text", files: new Map([[name, this.#work.text(name)]]) }, other);
  }

  async #compare(title: string, files: Shown["files"]): Promise<void> {
    await this.#show({ title: "My files", files: this.#work.texts() }, { title, files: plain(files) });
  }

  async #show(mine: Side, other: Side): Promise<void> {
    const { compare } = await import("./compare");
    await compare(mine, other, this.#settings.nonce);
  }

  /** Save all but a file that is about to go. */
  async #saved(gone?: string): Promise<boolean> {
    await this.#work.flush();
    const left = this.#work.unsaved.filter((name) => name !== gone);
    if (left.length) trouble(`Not saved yet: ${left.join(", ")}. So nothing was changed. Try again.`);
    return !left.length;
  }
}

function plain(files: TextFiles): Map<string, string> {
  return new Map(Object.entries(files).map(([name, file]) => [name, file.text]));
}

function trouble(text: string): void {
  dialog("That was not possible", "small", h("p", {}, text));
}
