// The desk: steps from finding to finding, keeps notes on them while one reads, warns before typed words are left behind.
// All of it only adds; without this script the buttons of the page do the same. Keys work only for people who set them.
"use strict";
(() => {
  const notes = document.querySelector("form[data-keep]");
  const said = document.querySelector("[data-said]");
  let unsaved = false, again = 0, last = Promise.resolve();

  const say = words => { if (said) said.textContent = words; };

  const send = async () => {
    clearTimeout(again);
    const fields = new FormData(notes);
    fields.set("then", "keep");
    fields.delete("once");  // the same notes may come again
    unsaved = false;
    try {
      const answer = await fetch(notes.action, {method: "POST", body: fields, redirect: "error"});
      if (answer.status !== 204) throw new Error();
      say(unsaved ? "" : "Your notes on the findings are kept.");
    } catch {
      unsaved = true;
      say("Your notes on the findings are not kept yet. Save them with the button before you leave.");
    }
  };
  const keep = () => { last = last.then(send); };

  if (notes) {
    notes.addEventListener("change", () => {
      unsaved = true;
      say("");
      clearTimeout(again);
      again = setTimeout(keep, 600);
    });
  }
  for (const form of document.querySelectorAll("main form")) {
    if (form !== notes && form.querySelector("textarea")) form.addEventListener("input", () => { unsaved = true; });
    form.addEventListener("submit", () => {
      if (form === notes || form.querySelector("textarea")) {
        clearTimeout(again);
        unsaved = false;
      }
    });
  }
  addEventListener("beforeunload", event => { if (unsaved) event.preventDefault(); });

  const findings = [...document.querySelectorAll(".finding-entry")];
  let at = -1;
  const step = by => {
    if (!findings.length) return;
    at = at < 0 && by < 0 ? findings.length - 1 : (at + by + findings.length) % findings.length;
    findings.forEach((finding, number) => finding.toggleAttribute("data-here", number === at));
    findings[at].tabIndex = -1;
    findings[at].focus();
  };
  for (const place of document.querySelectorAll("[data-steps]")) {
    place.hidden = false;
    for (const button of place.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => step(Number(button.dataset.step)));
    }
  }

  const set = document.querySelector("[data-keys]");
  const does = {
    next: () => step(1),
    previous: () => step(-1),
    letter: () => {
      const sheet = document.querySelector(".letter");
      sheet.tabIndex = -1;
      sheet.focus();
    },
    decisions: () => document.getElementById("decisions-title").focus(),
    keep: () => { if (notes) keep(); },
  };
  for (const button of document.querySelectorAll("[data-phrase]")) {
    button.addEventListener("click", event => {
      const field = document.getElementById(button.dataset.phrase);
      if (!field) return;
      event.preventDefault();
      field.setRangeText(button.dataset.words, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", {bubbles: true}));
      field.focus();
    });
  }

  const passage = document.querySelector("[data-passage]");
  const sheet = document.querySelector(".desk-letter .letter");
  if (passage && sheet) document.addEventListener("selectionchange", () => {
    const chosen = getSelection(), words = chosen.toString().trim();
    if (!words || !sheet.contains(chosen.anchorNode) || !sheet.contains(chosen.focusNode)) return;
    passage.value = words;
    const folded = passage.closest("details");
    if (folded) folded.open = true;
  });

  const rows = [...document.querySelectorAll("[data-rows] tbody a")];
  const go = by => {
    const here = rows.indexOf(document.activeElement);
    (rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by] ?? document.activeElement).focus();
  };
  const to = selector => () => {
    const place = document.querySelector(selector);
    if (!place) return;
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus();
  };
  const ofList = {j: () => go(1), k: () => go(-1), c: to("[aria-describedby=about-next]"),
    "/": to("[type=search]"), "?": to("#keys")};
  const keys = set ? JSON.parse(set.dataset.keys) : {};
  const byKey = new Map(Object.entries(keys).map(([name, key]) => [key, does[name]]));
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const inList = rows.length && event.target.closest("[data-rows] a");
    if (!inList && event.target.closest("input, textarea, select, button, a, [contenteditable]")) return;
    const act = rows.length ? ofList[event.key] : byKey.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
