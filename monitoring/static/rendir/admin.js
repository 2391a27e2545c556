// Names for what Django's administration leaves without one: boxes in tables, boxes that search, tables that scroll.
(() => {
  "use strict";

  const boxes = "td:is([class*='field-'], .delete) :is(input:not([type=hidden]), select, textarea)";

  const named = (box) =>
    [...(box.labels ?? [])].some((it) => it.textContent.trim()) || box.hasAttribute("aria-label");

  // the head of the column that a box of a table stands in
  const headOf = (box) => {
    const cell = box.closest("td");
    const field = [...cell.classList].find((it) => it.startsWith("field-"));
    const heads = box.closest("table").querySelector("thead tr").cells;
    const head = field ? [...heads].find((it) => it.matches(`.column-${field.slice(6)}`)) : [...heads].at(-1);
    return head?.textContent.trim() ?? "";
  };

  const nameSearch = (select) => {
    const label = select.labels?.[0]?.textContent.trim().replace(/:$/, "");
    const name = label || select.getAttribute("aria-label");
    const beside = select.nextElementSibling;
    if (!name || !beside?.matches(".select2")) return;
    for (const box of beside.querySelectorAll("[role=combobox], [role=searchbox], [role=textbox]")) {
      const value = beside.querySelector(".select2-selection__rendered")?.getAttribute("title") ?? "";
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", value ? `${name}: ${value}` : name);
    }
  };

  const nameAll = () => {
    for (const box of document.querySelectorAll(boxes)) {
      const head = named(box) ? "" : headOf(box);
      if (head) box.setAttribute("aria-label", head);
    }
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) nameSearch(select);
    for (const region of document.querySelectorAll(".inline-group, #change-history")) {
      region.tabIndex = 0;
      region.setAttribute("role", "region");
      region.setAttribute("aria-label", (region.querySelector("h2") ?? document.querySelector("h1")).textContent.trim());
    }
  };

  addEventListener("load", () => {
    nameAll();
    // boxes that search are made by another script, which may come after
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  });
  document.addEventListener("formset:added", () => setTimeout(nameAll));
  document.addEventListener("change", () => setTimeout(nameAll));
})();
