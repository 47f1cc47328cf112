/** The workbench of a lesson page, put together. */

import { showProgress } from "./afterwards";
import { Channel } from "./channel";
import { Checking } from "./checking";
import { Drafts } from "./drafts";
import { Editor } from "./editor";
import { asksForCheck, MAC } from "./keys";
import { Languages } from "./languages";
import type { Listed, Opened, Settings } from "./protocol";
import { Results } from "./results";
import { Running } from "./running";
import { Tabs } from "./tabs";
import { Tools } from "./tools";
import { FilesAtWork, type Saved } from "./work";
import { announce, h, icon } from "../dom";

const SAVED: Record<Saved, string> = {
  saved: "Saved",
  saving: "Saving …",
  offline: "No connection; kept in this browser.",
  trouble: "Not saved",
  conflict: "Changed elsewhere",
};

const WAITS = "No connection; checked once it is back.";

/** Milliseconds within which a key that comes again has not been let go. */
const HELD = 600;

export class Workbench {
  readonly #settings: Settings;
  readonly #channel: Channel;
  readonly #tabs: Tabs;
  readonly #editor: Editor;
  readonly #work: FilesAtWork;
  readonly #tools: Tools;
  readonly #results: Results;
  readonly #checking: Checking;
  readonly #running: Running;
  readonly #status = h("span", { class: "status" });
  readonly #conflict = h("div", { class: "conflict", role: "alert", hidden: true });
  readonly #button = h("button", { type: "button", class: "main check" });
  readonly #root: HTMLElement;
  #opened = false;
  #keyAt = -HELD;
  /** A check was asked for before there was anything to check. */
  #asked: boolean;

  /** Builds the workbench in ``root``. With ``check``, the files are checked once they are there. */
  constructor(root: HTMLElement, settings: Settings, check: boolean) {
    this.#root = root;
    this.#settings = settings;
    this.#channel = new Channel(settings.lesson);
    this.#tabs = new Tabs({
      chosen: (name) => this.#show(name),
      added: () => void this.#tools.add(),
    });
    const pane = h("div", { id: "bench-editor", class: "editor", role: "tabpanel", "aria-label": "Editor" });
    const languages = new Languages();
    for (const name of settings.open.slice(0, 1)) void languages.load(name).catch(() => undefined);
    this.#editor = new Editor(pane, settings.nonce, languages, {
      edited: (name) => this.#edited(name),
      check: () => this.#pressed(),
    });
    this.#work = new FilesAtWork(this.#channel, new Drafts(settings.drafts, settings.lesson), this.#editor, {
      listed: () => this.#list(),
      saved: (state, trouble) => this.#say(state, trouble),
      replaced: () => this.#outdate(),
    });
    this.#tools = new Tools(this.#channel, this.#work, this.#editor, settings);
    this.#results = new Results(settings, {
      line: (file, line) => this.#goTo(file, line),
      compare: () => void this.#tools.solution(),
      names: () => this.#work.names,
    });
    this.#checking = new Checking(this.#channel, this.#work, this.#editor, this.#results, (running) =>
      this.#drawButton(running),
    );
    this.#running = new Running(root, settings, {
      flush: () => this.#work.flush(),
      line: (file, line) => this.#goTo(file, line),
    });
    this.#drawButton(false);
    root.classList.add("opening"); // what has no content yet is not shown, so that nothing jumps
    const checks = settings.checks !== false;
    root.append(
      h("div", { class: "bar" }, this.#tabs.element, this.#menu()),
      this.#conflict,
      pane,
      h(
        "div",
        { class: "actions" },
        checks && this.#button,
        this.#running.button,
        this.#status,
        checks && this.#running.views,
      ),
      this.#keys(),
      checks ? this.#results.element : "",
      this.#running.element,
    );
    this.#asked = check;
    this.#listen();
  }

  #listen(): void {
    this.#button.addEventListener("click", () => void this.#toggle());
    addEventListener("keydown", (event) => {
      if (!asksForCheck(event)) return;
      event.preventDefault();
      this.#pressed();
    });
    addEventListener("pagehide", () => this.#work.leave());
    this.#channel.listen({
      connected: () => void this.#connect(),
      disconnected: () => this.#say("offline"),
      run: (news) => this.#checking.hear(news),
      files: (shown) => this.#take(shown),
      trouble: (why) => this.#say("trouble", why),
      progress: (progress) => showProgress(progress),
    });
  }

  async #connect(): Promise<void> {
    await this.#open();
    if (!this.#asked) return;
    this.#asked = false;
    await this.#check();
  }

  async #open(): Promise<void> {
    const answer = await this.#channel.ask("open", {});
    if (!answer.ok) return this.#say("trouble", answer.error);
    this.#receive(answer);
  }

  #take({ files, binary }: Listed): void {
    this.#tabs.besides(binary);
    this.#work.receive(files);
  }

  #receive(opened: Opened): void {
    this.#take(opened);
    if (!this.#opened) {
      const first = this.#settings.open.find((name) => this.#work.has(name));
      if (first) this.#show(first);
      this.#opened = true;
    }
    this.#checking.open(opened);
  }

  #edited(name: string): void {
    this.#work.edited(name);
    this.#outdate();
  }

  #outdate(): void {
    this.#results.outdated();
    this.#running.outdated();
  }

  #show(name: string): void {
    this.#work.show(name);
  }

  #goTo(file: string, line: number): void {
    if (!this.#work.has(file)) return;
    this.#show(file);
    this.#editor.goTo(line);
  }

  /** The keys always begin a check, anew if one runs. A key held down is pressed once. */
  #pressed(): void {
    const held = performance.now() - this.#keyAt < HELD;
    this.#keyAt = performance.now();
    if (!held) void this.#check();
  }

  /** The button begins a check, or stops the one that runs. */
  async #toggle(): Promise<void> {
    if (this.#checking.running && this.#channel.connected) await this.#checking.stop();
    else await this.#check();
  }

  async #check(): Promise<void> {
    if (this.#settings.checks === false) return this.#running.run();
    this.#running.show("results");
    if (!this.#channel.connected || !(await this.#checking.start())) this.#wait();
  }

  /** Nothing can be checked yet; it will be, as soon as the course is there again. */
  #wait(): void {
    this.#asked = true;
    this.#say("offline");
  }

  #list(): void {
    const conflicts = this.#work.names.filter((name) => this.#work.conflict(name) !== undefined);
    this.#tabs.show(this.#work.names, this.#editor.current, new Set(conflicts));
    this.#showConflict(conflicts[0]);
  }

  #showConflict(name: string | undefined): void {
    this.#conflict.hidden = name === undefined;
    if (name === undefined || this.#conflict.dataset["name"] === name) {
      if (name === undefined) delete this.#conflict.dataset["name"];
      return;
    }
    this.#conflict.dataset["name"] = name;
    const button = (text: string, act: () => void) => h("button", { type: "button", onclick: act }, text);
    const settle = (act: () => void) => () => (act(), this.#editor.focus());
    this.#conflict.replaceChildren(
      h("p", {}, `${name} was changed here and elsewhere. Both texts are kept under Versions.`),
      h(
        "p",
        { class: "actions" },
        button("Go on with this one", settle(() => this.#work.keepMine(name))),
        button("Take the other", settle(() => this.#work.takeTheirs(name))),
        button("Compare", () => void this.#tools.compareConflict(name)),
      ),
    );
  }

  #say(state: Saved, trouble?: string): void {
    this.#root.classList.remove("opening");
    this.#root.querySelector(".loading")?.remove();
    const text = trouble ?? (state === "offline" && this.#asked ? WAITS : SAVED[state]);
    const well = state === "saved" || state === "saving";
    if (this.#status.textContent !== text) {
      this.#status.textContent = text;
      if (!well) announce(text); // what goes as it should need not be heard at each pause
    }
    this.#status.classList.toggle("trouble", !well);
  }

  #drawButton(running: boolean): void {
    this.#button.replaceChildren(icon(running ? "stop" : "check"), running ? "Stop" : "Check");
  }

  #menu(): HTMLElement {
    const item = (text: string, act: () => Promise<void>) =>
      h("button", { type: "button", onclick: () => (leave(), void act()) }, text);
    const summary = h("summary", {}, icon("more"), h("span", { class: "unseen" }, "More for these files"));
    /** What is opened next gives the focus back to what is still there then. */
    const leave = () => {
      menu.removeAttribute("open");
      summary.focus();
    };
    const menu = h(
      "details",
      { class: "menu" },
      summary,
      h(
        "div",
        {},
        item("Rename this file", () => this.#tools.rename()),
        item("Delete this file", () => this.#tools.remove()),
        item("Versions", () => this.#tools.versions()),
        item("Begin again", () => this.#tools.reset()),
        this.#settings.checks !== false && item("Compare with the solution", () => this.#tools.solution()),
      ),
    );
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
    });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target as Node)) menu.removeAttribute("open");
    });
    return menu;
  }

  #keys(): HTMLElement {
    return h(
      "p",
      { class: "keys", id: "bench-keys" },
      h("kbd", {}, MAC ? "⌘ Enter" : "Ctrl Enter"),
      this.#settings.checks === false ? " runs. " : " checks. ",
      h("kbd", {}, "Tab"),
      " indents; ",
      h("kbd", {}, "Esc"),
      " then ",
      h("kbd", {}, "Tab"),
      " leaves the editor; ",
      h("kbd", {}, "F8"),
      " goes to the next mark.",
    );
  }
}
