/** The languages of the editor, each loaded when a file first needs it. */

import { indentUnit } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { isPage } from "./faults";

type Language = "python" | "html";

const LOAD: Record<Language, () => Promise<Extension>> = {
  python: async () => (await import("./python")).python(),
  html: async () => (await import("./html")).html(),
};

function languageOf(name: string): Language | undefined {
  if (name.endsWith(".py")) return "python";
  return isPage(name) ? "html" : undefined;
}

/** How far a level of a file is indented: four spaces in Python, two in a page. */
export function indentation(name: string): Extension {
  const language = languageOf(name);
  return language ? indentUnit.of(language === "python" ? "    " : "  ") : [];
}

export class Languages {
  readonly #loaded = new Map<Language, Extension>();
  readonly #loading = new Map<Language, Promise<Extension>>();

  /** The language of a file, if it is there already; nothing for a file that has none. */
  get(name: string): Extension {
    const language = languageOf(name);
    return (language && this.#loaded.get(language)) ?? [];
  }

  /** Load the language of a file, and return it. */
  async load(name: string): Promise<Extension> {
    const language = languageOf(name);
    if (!language) return [];
    const known = this.#loading.get(language) ?? LOAD[language]();
    this.#loading.set(language, known);
    const found = await known;
    this.#loaded.set(language, found);
    return found;
  }
}
