"use strict";
(() => {
  const table = document.getElementById("class");
  const rows = [...table.tBodies[0].rows];
  const find = document.getElementById("find");
  const show = document.getElementById("show");
  const stuckIn = document.getElementById("stuck-in");
  const count = document.getElementById("count");
  const order = new Intl.Collator(undefined, { numeric: true }).compare;

  const filter = () => {
    const wanted = find.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const fits =
        (!show.value || row.dataset.state === show.value) &&
        (!stuckIn.value || row.dataset.stuck === stuckIn.value) &&
        row.cells[0].textContent.toLowerCase().includes(wanted);
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} of ${rows.length} shown`;
  };

  const sort = (head) => {
    const column = head.cellIndex;
    const descending = head.getAttribute("aria-sort") === "ascending";
    const compare = rows[0]?.cells[column].dataset.sort
      ? (a, b) => a.cells[column].dataset.sort - b.cells[column].dataset.sort
      : (a, b) => order(a.cells[column].textContent, b.cells[column].textContent);
    rows.sort((a, b) => (descending ? -1 : 1) * compare(a, b));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    table.tBodies[0].append(...rows);
  };

  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head));
    head.append(button);
  }
  for (const field of [find, show, stuckIn]) field.addEventListener("input", filter);
  const tools = document.getElementById("tools");
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.hidden = false;
  filter();
})();
