// What a report does besides being read: dark and light, sorting tables, hiding series, hover texts.
// Without scripts the page shows everything all the same.
(function () {
  "use strict";
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const remember = (value) => {
    try {
      if (value) localStorage.setItem("crossfade-theme", value);
      return localStorage.getItem("crossfade-theme");
    } catch (refused) {
      return null;  // a file opened from a disk may have no storage
    }
  };
  const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  const remembered = remember();
  if (remembered === "dark" || remembered === "light") root.dataset.theme = remembered;
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    nameTheme();
  });
  dark.addEventListener("change", nameTheme);
  nameTheme();

  // Numbers sort by their full value, text by the reader's alphabet; missing cells come last.
  const key = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.textContent === "-" ? null : cell.textContent;
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number"
    ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
  const sort = (heading) => {
    const table = heading.closest("table"), body = table.tBodies[0];
    const column = heading.cellIndex;
    const first = heading.classList.contains("number") ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const order = heading.getAttribute("aria-sort") === first ? other : first;
    for (const one of heading.parentNode.cells) one.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const rows = Array.from(body.rows, (row) => [key(row, column), row]);
    rows.sort(([a], [b]) => a === null || b === null
      ? (a === null) - (b === null) : sign * compare(a, b));
    body.append(...rows.map(([, row]) => row));
  };
  for (const heading of document.querySelectorAll("th")) {
    if (heading.closest("table").tBodies[0].rows.length < 2) continue;
    const button = document.createElement("button");
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => sort(heading));
  }

  for (const button of document.querySelectorAll(".legend button")) {
    button.addEventListener("click", () => {
      const shown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(shown));
      const series = button.closest("figure").querySelectorAll(
        `svg.plot [data-s="${button.dataset.series}"]`);
      for (const one of series) one.style.display = shown ? "" : "none";
    });
  }

  // A title shows at once, and on touch, as a tip of ours instead of the browser's slow one.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const show = (event) => {
    const mark = event.target.closest ? event.target.closest(".plot .m, .plot .bar") : null;
    if (!mark) {
      tip.hidden = true;
      return;
    }
    const title = mark.querySelector("title");
    if (title) {
      mark.dataset.title = title.textContent;
      title.remove();
    }
    tip.textContent = mark.dataset.title;
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - box.width - 4)) + "px";
    tip.style.top = Math.max(4, event.clientY - box.height - 12) + "px";
  };
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
})();
