// What was typed and not yet saved is kept in this browser, for this person and report alone, until the
// site says that it is saved, the person discards it or signs out, or a week has gone.
"use strict";

(() => {
  const form = document.getElementById("report");
  if (!form || !form.dataset.keep) return;
  const DAYS = 7;
  const PREFIX = "rendir-typed:";
  const key = `${PREFIX}${form.dataset.keep}`;
  const was = (box) => box.closest("tbody.row")?.querySelector('input[name^="was-"]');
  const isBox = (box) => Boolean(box?.form === form && box.closest("tbody.row") && box.id && box.type !== "hidden");

  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  };
  const write = (kept) => {
    try {
      if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
      else localStorage.removeItem(key);
    } catch {
      // a browser that keeps nothing: the page works as it is
    }
  };

  const markOf = (box) =>
    was(box)
      ?.value.split(" ")
      .find((part) => part.startsWith(`${box.id}:`)) || "";
  const setMark = (box, mark) => {
    const carried = was(box);
    if (!carried) return;
    const others = carried.value.split(" ").filter((part) => !part.startsWith(`${box.id}:`));
    carried.value = [...others, ...(mark ? [mark] : [])].join(" ");
  };

  const keep = (box) => {
    const kept = read();
    const before = kept[box.id];
    // the mark is that of the text which stood there when the person began
    kept[box.id] = { text: box.value, at: Date.now(), mark: before ? before.mark : markOf(box) };
    write(kept);
  };
  const forget = (texts) => {
    const kept = read();
    Object.entries(texts).forEach(([id, text]) => {
      if (!kept[id]) return;
      if (kept[id].text === text) delete kept[id];
      else kept[id].mark = markOf(document.getElementById(id)); // typed on meanwhile, over what was saved
    });
    write(kept);
  };

  const isOld = (text) => {
    try {
      const moments = Object.values(JSON.parse(text)).map((one) => one.at);
      return !(Math.max(...moments) > Date.now() - DAYS * 86_400_000);
    } catch {
      return true; // what can't be read is of no use
    }
  };
  try {
    Object.entries({ ...localStorage }).forEach(([name, text]) => {
      if (name.startsWith(PREFIX) && isOld(text)) localStorage.removeItem(name);
    });
  } catch {
    // a browser that keeps nothing
  }

  document.addEventListener("input", (event) => {
    if (isBox(event.target)) keep(event.target);
  });
  document.addEventListener("change", (event) => {
    if (isBox(event.target) && event.target.matches("select")) keep(event.target);
  });

  // --- what the page says ---------------------------------------------------------------------------------

  const say = (text, link) => {
    const saved = document.getElementById("saved");
    saved.replaceChildren(text);
    saved.classList.add("saved--not");
    if (!link) return;
    const again = document.createElement("a");
    again.href = location.pathname; // leads to signing in, and back to this report
    again.textContent = link;
    saved.append(" ", again);
  };

  // --- saving row by row ----------------------------------------------------------------------------------

  const sent = new WeakMap(); // by request, the texts that went with it
  let current = null; // the request whose answer is put into the page

  document.body.addEventListener("htmx:beforeSend", (event) => {
    const row = event.detail.elt.closest("tbody.row");
    if (!row) return;
    const boxes = [...row.querySelectorAll("input, select, textarea")].filter(isBox);
    sent.set(event.detail.xhr, Object.fromEntries(boxes.map((box) => [box.id, box.value])));
  });

  const saidSaved = (xhr) => xhr.status === 200 && xhr.getResponseHeader("Rendir-Saved");

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    // whatever is not an answer of ours, such as the page for signing in, is never put into the page
    if (sent.has(event.detail.xhr) && !saidSaved(event.detail.xhr)) event.detail.shouldSwap = false;
    if (event.detail.shouldSwap) current = event.detail.xhr;
  });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const box = event.detail.target;
    if (box.id.endsWith("-wrong") && box.contains(document.activeElement)) {
      setTimeout(() => document.getElementById(box.id.slice(0, -"-wrong".length)).focus()); // a choice was made
    }
    if (!isBox(box)) return;
    const texts = sent.get(current) || {};
    if (box === document.activeElement || texts[box.id] !== box.value) {
      event.detail.shouldSwap = false; // being typed in: its mark stays, so that the next save shows both
    } else {
      const mark = event.detail.fragment.querySelector("[data-mark]")?.dataset.mark;
      if (mark) setMark(box, mark);
    }
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    if (!sent.has(xhr)) return;
    if (saidSaved(xhr) === "yes") forget(sent.get(xhr));
    else if (!xhr.status) say(form.dataset.lost);
    else if (!saidSaved(xhr)) {
      if (xhr.status >= 500) say(form.dataset.lost);
      else say(form.dataset.signedOut, form.dataset.signIn);
    }
  });

  // --- offered back ---------------------------------------------------------------------------------------

  const rowsOf = (boxes) => [...new Set(boxes.map((box) => box.closest("tbody.row")))];
  const save = (boxes) =>
    rowsOf(boxes).forEach((row) => {
      htmx.trigger(row, "change");
    });
  const waiting = () =>
    Object.keys(read())
      .map((id) => document.getElementById(id))
      .filter(isBox);

  window.addEventListener("online", () => {
    save(waiting().filter((box) => read()[box.id]?.text === box.value));
  });

  const offer = document.getElementById("typed-before");
  const putBack = () => {
    const kept = read();
    const boxes = waiting();
    boxes.forEach((box) => {
      box.value = kept[box.id].text;
      setMark(box, kept[box.id].mark); // what somebody else saved there meanwhile is shown beside it
      const notes = box.closest("details");
      if (notes) notes.open = true;
    });
    offer.hidden = true;
    save(boxes);
  };
  const discard = () => {
    write({});
    offer.hidden = true;
  };

  if (!form.dataset.refused) {
    // what the page shows already is saved
    const kept = read();
    waiting().forEach((box) => {
      if (box.value === kept[box.id].text) delete kept[box.id];
    });
    Object.keys(kept).forEach((id) => {
      if (!isBox(document.getElementById(id))) delete kept[id];
    });
    write(kept);
    const left = Object.values(kept);
    if (left.length && offer) {
      const at = new Date(Math.max(...left.map((one) => one.at)));
      const { lang } = document.documentElement;
      // the day before the month, as on every page
      offer.querySelector("[data-at]").textContent = at.toLocaleString(lang === "en" ? "en-GB" : lang, {
        dateStyle: "medium",
        timeStyle: "short",
      });
      offer.querySelector("[data-count]").textContent = left.length;
      offer.querySelector("[data-put-back]").addEventListener("click", putBack);
      offer.querySelector("[data-discard]").addEventListener("click", discard);
      offer.hidden = false;
    }
  }
})();
