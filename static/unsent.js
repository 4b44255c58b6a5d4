// Keeps what is typed in a form and not sent, for whoever typed it, and puts it back when the page is opened again.
// All of it only adds: without this script a form is as it is.
"use strict";
(() => {
  const place = document.querySelector("[data-unsent]");
  if (!place) return;
  const words = place.dataset, page = location.pathname, PAUSE = 2000;
  const forms = [...document.querySelectorAll("main form")].filter(form => !form.closest("[data-write]"));
  const token = document.querySelector("main form [name=csrf_token]").value;
  const typed = form => [...form.elements].filter(field => field.name && !field.readOnly && (
    field.matches("textarea, select, [type=text], [type=email], [type=date], [type=radio], [type=checkbox]")));
  const key = field => ["radio", "checkbox"].includes(field.type) ? `${field.name}=${field.value}` : field.name;
  const now = field => ["radio", "checkbox"].includes(field.type) ? field.checked : field.value;
  const before = new Map();
  for (const form of forms) for (const field of typed(form)) before.set(field, now(field));
  let unsaved = false, timer = 0, leaving = false, last = Promise.resolve();

  const state = () => {
    const all = {};
    forms.forEach((form, number) => {
      const changed = typed(form).filter(field => now(field) !== before.get(field));
      if (changed.length) all[number] = Object.fromEntries(changed.map(field => [key(field), now(field)]));
    });
    return Object.keys(all).length ? JSON.stringify(all) : "";
  };
  const ask = (address, fields) => fetch(address, {method: "POST", redirect: "error", keepalive: fields.words.length < 20000,
    body: new URLSearchParams({csrf_token: token, page, ...fields})});

  const send = async () => {
    clearTimeout(timer);
    const text = state();
    unsaved = false;
    try {
      const answer = await ask("/unsent", {words: text});
      if (!answer.ok) throw new Error();
      place.textContent = text ? words.kept : "";
    } catch {
      unsaved = true;
      place.textContent = words.failed;
    }
  };
  const save = () => { last = last.then(() => unsaved && !leaving ? send() : undefined); return last; };

  const back = async () => {
    let kept = {};
    try { kept = await (await ask("/unsent/look", {words: ""})).json(); } catch { return; }
    let put = 0;
    forms.forEach((form, number) => {
      for (const field of typed(form)) {
        const value = (kept[number] || {})[key(field)];
        if (value === undefined || now(field) !== before.get(field)) continue;
        if (typeof value === "boolean") field.checked = value; else field.value = value;
        if (!put) form.append(place);  // beside what it speaks of
        put += 1;
      }
    });
    if (!put) return;
    const away = document.createElement("button");
    away.type = "button";
    away.className = "button button-quiet";
    away.textContent = words.away;
    away.addEventListener("click", () => {
      for (const form of forms) for (const field of typed(form)) {
        if (["radio", "checkbox"].includes(field.type)) field.checked = before.get(field); else field.value = before.get(field);
      }
      unsaved = true;
      save();
      place.replaceChildren();
    });
    place.replaceChildren(words.back, " ", away);
  };

  for (const form of forms) {
    form.addEventListener("input", () => {
      unsaved = true;
      if (!form.contains(place)) form.append(place);
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    });
    form.addEventListener("submit", () => {
      leaving = true;
      const field = document.createElement("input");
      Object.assign(field, {type: "hidden", name: "unsent", value: `${page} ${forms.indexOf(form)}`});
      form.append(field);
    });
  }
  addEventListener("click", event => { if (event.target.closest?.(".exit")) leaving = true; }, true);
  addEventListener("beforeunload", event => { if (unsaved && !leaving && document.contains(place)) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && unsaved) save(); });
  addEventListener("pageshow", () => { leaving = false; });
  back();
})();
