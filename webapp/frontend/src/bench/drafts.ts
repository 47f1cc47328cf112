/** A net under the server: text that is not saved yet, kept in this browser. */

export interface Draft {
  readonly text: string;
  readonly base: string | null;
}

export class Drafts {
  readonly #prefix: string;

  constructor(owner: string, lesson: string) {
    this.#prefix = `course draft ${owner} ${lesson} `;
  }

  keep(name: string, draft: Draft): void {
    try {
      localStorage.setItem(this.#prefix + name, JSON.stringify(draft));
    } catch {
      // No storage, or it is full: the server still has what was saved last.
    }
  }

  drop(name: string): void {
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      // As above.
    }
  }

  all(): Map<string, Draft> {
    const found = new Map<string, Draft>();
    try {
      for (const key of Object.keys(localStorage)) {
        const draft = key.startsWith(this.#prefix) ? parse(localStorage.getItem(key)) : undefined;
        if (draft) found.set(key.slice(this.#prefix.length), draft);
      }
    } catch {
      // As above.
    }
    return found;
  }
}

function parse(text: string | null): Draft | undefined {
  const value: unknown = JSON.parse(text ?? "null");
  if (typeof value !== "object" || value === null) return undefined;
  const { text: kept, base } = value as Partial<Draft>;
  if (typeof kept !== "string") return undefined;
  return { text: kept, base: typeof base === "string" ? base : null };
}
