/** Python for the editor. */

export { python } from "@codemirror/lang-python";
