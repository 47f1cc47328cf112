/** HTML for the editor, with what may stand in it. */

export { html } from "@codemirror/lang-html";
