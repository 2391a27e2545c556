// The page for typing a report: Enter goes on, what needs something opens, what was sent is waited for.
"use strict";

(() => {
  const form = document.getElementById("report");
  if (!form) return;

  const boxes = () =>
    [...document.querySelectorAll(".entry :is(input:not([type=hidden], [type=radio]), select)")].filter(
      (box) => !box.closest("details"),
    );

  const goOn = (from, step) => {
    const all = boxes();
    const next = all[all.indexOf(from) + step];
    if (!next) return false;
    next.focus();
    if (next.select) next.select();
    return true;
  };

  const go = (id) => {
    const box = id && document.getElementById(id);
    if (!box || !box.closest(".entry")) return;
    const notes = box.closest("details");
    if (notes) notes.open = true;
    box.focus();
  };

  document.querySelector(".entry").addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key === "ArrowDown" && event.altKey && box.matches("input")) {
      const notes = box.closest("tbody").querySelector("details");
      notes.open = true;
      notes.querySelector("textarea").focus();
      event.preventDefault();
    } else if (event.key === "Enter" && box.matches("input:not([type=radio])") && !box.closest("details")) {
      // the change of focus saves the row; after the last one the form is saved
      if (goOn(box, event.shiftKey ? -1 : 1)) event.preventDefault();
    }
  });

  // What a row says after it was saved: which boxes are wrong, and whether its notes need something.
  const mark = (row) => {
    row.classList.toggle("row--wrong", Boolean(row.querySelector(".field-error")));
    row.querySelectorAll("[aria-describedby]").forEach((box) => {
      const said = document.getElementById(box.getAttribute("aria-describedby"));
      if (said && said.childElementCount) box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
    });
    row.querySelectorAll("details:has(.field-error)").forEach((notes) => {
      notes.open = true;
    });
  };

  let asked = 0; // rows on their way
  let waiting = null; // the button that waits for them

  document.body.addEventListener("htmx:beforeRequest", () => {
    asked += 1;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    asked -= 1;
    const row = event.detail.elt.closest("tbody.row");
    if (row) setTimeout(() => mark(row), 50);
    setTimeout(() => {
      if (asked || !waiting) return;
      const button = waiting;
      waiting = null;
      form.requestSubmit(button);
    }, 50);
  });
  // A box of evidence is shown anew with its file, unless a text is being typed there.
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const typing = event.detail.target.matches(".entry [id$='-box']") && document.activeElement;
    if (typing && typing.matches("textarea") && typing.value.trim() && event.detail.target.contains(typing)) {
      event.detail.shouldSwap = false;
    }
  });
  form.addEventListener("submit", (event) => {
    if (!asked) return;
    event.preventDefault();
    waiting = event.submitter;
  });

  document.querySelectorAll("[data-notes]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const all = [...document.querySelectorAll(".entry details")];
      const open = all.some((notes) => !notes.open);
      all.forEach((notes) => {
        notes.open = open;
      });
    });
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    const id = link.getAttribute("href").slice(1);
    setTimeout(() => go(id));
  });
  go(location.hash.slice(1));
})();
