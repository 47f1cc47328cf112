/** Questions to the learner, and lists to choose from: native dialogs. */

import { h } from "../dom";

/** Open a dialog, and return it; it removes itself when it is closed. */
export function dialog(title: string, className: string, ...content: (Node | string)[]): HTMLDialogElement {
  const close = h("button", { type: "button", onclick: () => box.close() }, "Close");
  const box = h(
    "dialog",
    { class: className, "aria-label": title },
    h("header", {}, h("h2", {}, title), close),
    ...content,
  );
  const opener = document.activeElement;
  box.addEventListener("close", () => {
    box.remove();
    if (opener instanceof HTMLElement && document.contains(opener)) opener.focus();
  });
  document.body.append(box);
  box.showModal();
  return box;
}

/** Ask whether to go on; false when the dialog is closed in any other way. */
export function confirm(title: string, text: string, yes: string): Promise<boolean> {
  return new Promise((resolve) => {
    let agreed = false;
    const go = h("button", { type: "button", class: "main", onclick: () => ((agreed = true), box.close()) }, yes);
    const box = dialog(title, "small", h("p", {}, text), h("p", { class: "actions" }, go));
    box.addEventListener("close", () => resolve(agreed));
  });
}

/** Ask for a file's name; null when none is given. */
export function askName(title: string, value: string, taken: (name: string) => boolean): Promise<string | null> {
  return new Promise((resolve) => {
    let chosen: string | null = null;
    const trouble = h("p", { class: "trouble", role: "alert" });
    const input = h("input", { id: "file-name", value, autocomplete: "off", spellcheck: "false" });
    const form = h(
      "form",
      { method: "dialog" },
      h("label", { for: "file-name" }, "Name of the file"),
      input,
      trouble,
      h("p", { class: "actions" }, h("button", { class: "main" }, title)),
    );
    form.addEventListener("submit", (event) => {
      const name = input.value.trim();
      const problem = nameProblem(name) ?? (taken(name) ? `${name} is there already.` : null);
      if (problem) {
        event.preventDefault();
        trouble.textContent = problem;
      } else chosen = name;
    });
    const box = dialog(title, "small", form);
    input.focus();
    input.setSelectionRange(0, value.lastIndexOf(".") > 0 ? value.lastIndexOf(".") : value.length);
    box.addEventListener("close", () => resolve(chosen));
  });
}

function nameProblem(name: string): string | null {
  const parts = name.split("/");
  if (parts.length > 4) return "A file may lie at most 3 folders deep.";
  return parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}$/.test(part))
    ? null
    : "Use letters, digits, _, - and ., with / between folders.";
}
