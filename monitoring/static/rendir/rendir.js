// What HTML alone can't do; every page works without it.
"use strict";

document.querySelectorAll("[data-print]").forEach((place) => {
  place.hidden = false;
  place.addEventListener("click", () => window.print());
});

// of many periods the one that matters most now is in sight, with what came before it on its left
document.querySelectorAll("[data-in-sight]").forEach((head) => {
  const frame = head.closest(".frame");
  frame.scrollLeft += head.getBoundingClientRect().right - frame.getBoundingClientRect().right;
});

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// What was typed and not saved is kept in the browser; who signs out leaves none of it on this computer.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  try {
    Object.keys({ ...localStorage }).forEach((name) => {
      if (name.startsWith("rendir-typed:")) localStorage.removeItem(name);
    });
  } catch {
    // a browser that keeps nothing
  }
});
