// The performance table: opened at the latest period, breakdown rows that fold out, choices that are said, sheets for paper.
"use strict";

(() => {
  const EACH = 3; // cells of a period
  const FIXED = 3; // columns before the periods
  const ON_A_SHEET = 4; // periods on a sheet of paper

  // ---- breakdown rows ----

  const partsBelow = (row) => {
    const parts = [];
    for (let next = row.nextElementSibling; next?.classList.contains("part"); next = next.nextElementSibling) parts.push(next);
    return parts;
  };

  const columnsOf = (row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);

  document.querySelectorAll("a.fold").forEach((link) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.append(...link.childNodes);
    button.dataset.href = link.getAttribute("href");
    button.setAttribute("aria-expanded", String("unfolded" in link.dataset));
    link.replaceWith(button);
  });

  const fetched = async (row) => {
    const address = new URL(`parts/${row.id.slice(2)}/`, location.href.split(/[?#]/)[0]);
    const answer = await fetch(address + location.search, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const body = document.createElement("tbody");
    body.innerHTML = await answer.text();
    const parts = [...body.rows];
    if (!parts.length || parts.some((part) => columnsOf(part) !== columnsOf(row))) throw new Error("other columns");
    row.after(...parts);
  };

  const fold = async (button) => {
    const row = button.closest("tr");
    const open = button.getAttribute("aria-expanded") === "true";
    if (!open && !partsBelow(row).length) {
      if (button.getAttribute("aria-busy") === "true") return;
      button.setAttribute("aria-busy", "true");
      try {
        await fetched(row);
      } catch {
        location.assign(button.dataset.href); // the page with all of them
        return;
      } finally {
        button.removeAttribute("aria-busy");
      }
    }
    button.setAttribute("aria-expanded", String(!open));
    partsBelow(row).forEach((part) => {
      part.hidden = open;
    });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.fold");
    if (button) fold(button);
  });

  // ---- what is chosen, said in the closed list; an empty choice leaves the address ----

  document.querySelectorAll("details.choices").forEach((list) => {
    list.addEventListener("change", () => {
      const chosen = [...list.querySelectorAll("input:checked")].map((box) => {
        const said = document.createElement("span");
        said.textContent = box.parentElement.textContent.trim();
        return said;
      });
      list.querySelector(".choices__said").replaceChildren(...chosen);
    });
  });

  document.querySelectorAll(".performance-filter").forEach((form) => {
    form.addEventListener("formdata", (event) => {
      [...event.formData].forEach(([name, value]) => value === "" && event.formData.delete(name));
    });
  });

  // ---- sheets for paper: so many periods each, with the columns before them ----

  const slice = (row, start, end) => {
    const copy = row.cloneNode(false);
    let at = 0;
    [...row.cells].forEach((cell, place) => {
      const fixed = place < FIXED;
      if (fixed || (at >= start && at < end)) copy.append(cell.cloneNode(true));
      if (!fixed) at += cell.colSpan;
    });
    return copy;
  };

  const sheetOf = (table, start, end) => {
    const sheet = table.cloneNode(false);
    const [fixed, ...groups] = table.querySelectorAll("colgroup");
    sheet.append(fixed.cloneNode(true), ...groups.slice(start, end).map((group) => group.cloneNode(true)));
    const [top, below] = table.tHead.rows;
    const head = sheet.createTHead();
    const second = below.cloneNode(false);
    second.append(...[...below.cells].slice(start * EACH, end * EACH).map((cell) => cell.cloneNode(true)));
    head.append(slice(top, start * EACH, end * EACH), second);
    [...table.tBodies].forEach((body) => {
      const part = sheet.createTBody();
      [...body.rows].filter((row) => !row.hidden).forEach((row) => {
        const group = row.cells[0].classList.contains("group");
        part.append(group ? row.cloneNode(true) : slice(row, start * EACH, end * EACH));
        if (group) part.lastElementChild.cells[0].colSpan = FIXED + (end - start) * EACH;
      });
    });
    return sheet;
  };

  const frame = document.querySelector("[data-sheets]");
  const periods = frame ? frame.querySelectorAll("thead tr:first-child th[scope=colgroup]").length : 0;

  // ---- the latest period that is over is in sight, with what came before it on its left; the page stays ----

  const latest = frame?.querySelector("[data-latest]");
  const show = () => {
    const fixed = [...latest.parentElement.cells].filter((cell) => getComputedStyle(cell).position === "sticky");
    const { left, right } = latest.getBoundingClientRect();
    const begins = left - Math.max(...fixed.map((cell) => cell.getBoundingClientRect().right));
    frame.scrollLeft += Math.min(begins, right - frame.getBoundingClientRect().right); // its beginning, if it is too wide
  };
  if (latest) {
    show();
    const at = frame.scrollLeft;
    // letters that come later are of another width; whoever has moved the table meanwhile is left where they are
    document.fonts.ready.then(() => {
      if (Math.abs(frame.scrollLeft - Math.min(at, frame.scrollWidth - frame.clientWidth)) < 1) show();
    });
  }

  window.addEventListener("beforeprint", () => {
    if (periods <= ON_A_SHEET) return;
    const table = frame.querySelector("table");
    const after = frame.nextElementSibling;
    frame.classList.add("screen-only");
    for (let start = 0; start < periods; start += ON_A_SHEET) {
      const sheet = document.createElement("div");
      sheet.className = start ? "print-only sheet-break" : "print-only";
      sheet.dataset.sheet = "";
      sheet.append(sheetOf(table, start, Math.min(start + ON_A_SHEET, periods)));
      frame.parentElement.insertBefore(sheet, after);
    }
  });

  window.addEventListener("afterprint", () => {
    document.querySelectorAll("[data-sheet]").forEach((sheet) => sheet.remove());
    frame?.classList.remove("screen-only");
  });
})();
