/** The search field: a shortcut to it, and pasted texts of several lines. */

const OFF = "search-shortcut-off";
const LONGEST_ADDRESS = 1500;

const field = document.querySelector<HTMLInputElement>("[data-search] input");
const wish = document.querySelector<HTMLElement>("[data-shortcut]");

if (field) {
  field.addEventListener("paste", askWhole);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form?.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (localStorage.getItem(OFF)) return;
    event.preventDefault();
    const wide = field.checkVisibility({ visibilityProperty: true });
    if (area) area.focus();
    else if (wide) field.focus();
    else field.form?.requestSubmit();
  });
}

const area = document.querySelector<HTMLTextAreaElement>("textarea#question");
area?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  area.form?.requestSubmit();
});

if (wish) {
  wish.hidden = false;
  const box = wish.querySelector("input");
  if (box) {
    box.checked = !localStorage.getItem(OFF);
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    });
  }
}

/** A single line would run the lines of a traceback together: search for the whole text at once. */
function askWhole(event: ClipboardEvent): void {
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  const form = field?.form;
  if (!text.includes("\n") || !form) return;
  event.preventDefault();
  if (text.length <= LONGEST_ADDRESS) {
    location.assign(`${form.action}?q=${encodeURIComponent(text)}`);
    return;
  }
  const whole = document.createElement("form");
  const content = document.createElement("textarea");
  Object.assign(whole, { method: "post", action: form.action, hidden: true });
  Object.assign(content, { name: "q", value: text });
  whole.append(content);
  document.body.append(whole);
  whole.submit();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
