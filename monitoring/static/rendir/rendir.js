// What HTML alone can't do; every page works without it.
"use strict";

document.querySelectorAll("[data-print]").forEach((place) => {
  place.hidden = false;
  place.addEventListener("click", () => window.print());
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
