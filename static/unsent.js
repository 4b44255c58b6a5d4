// Keeps what is typed in a form and not sent, for the person who typed it, and gives it back when the form is opened again.
// All of it only adds: without this script a form is as it is. Decision 0041.
"use strict";
(() => {
  const place = document.querySelector("[data-unsent]");
  if (!place) return;
  const words = place.dataset, PAUSE = 2000, AGAIN = 5000, MOST_ON_LEAVING = 60000;
  const CHANGING = ["csrf_token", "once", "unsent", "version", "basis", "saves", "mark", "unanswered", "seen", "sealed", "draft", "kid"];
  const id = [...crypto.getRandomValues(new Uint8Array(9))].map(byte => byte.toString(16).padStart(2, "0")).join("");
  const token = document.querySelector("main form [name=csrf_token]").value;

  // What people write or choose; never a box that confirms something.
  const fields = form => [...form.elements].filter(field => field.name && !field.readOnly
    && field.matches("textarea, select, [type=text], [type=email], [type=date], [type=radio]"));
  const value = (field, as) => field.type === "radio" ? [...field.form.elements[field.name]].find(one => one[as[0]])?.value || ""
    : field.matches("select") ? [...field.options].find(one => one[as[1]])?.value || field.options[0]?.value || "" : field[as[2]];
  const now = field => value(field, ["checked", "selected", "value"]);
  const shown = field => value(field, ["defaultChecked", "defaultSelected", "defaultValue"]);
  const write = (field, text) => {
    if (field.type === "radio") [...field.form.elements[field.name]].forEach(one => { one.checked = one.value === text; });
    else field.value = text;
  };
  // Which form it is: where it goes, and what it is about.
  const key = form => [new URL(form.action).pathname + new URL(form.action).search, ...[...form.elements]
    .filter(field => field.type === "hidden" && !CHANGING.includes(field.name)).map(field => `${field.name}=${field.value}`)]
    .map(encodeURIComponent).join("&");
  const forms = [...document.querySelectorAll("main form")].map((form, number) => ({
    form, key: key(form), window: `${id}-${number}`, basis: {}, over: null, dirty: false, leaving: false,
    keeps: !form.closest("[data-write]")}));

  const typed = one => {
    const changed = {};
    for (const field of fields(one.form)) {
      const basis = one.basis[field.name] ?? shown(field);
      if (now(field) !== basis) changed[field.name] = [now(field), basis];
    }
    return Object.keys(changed).length ? JSON.stringify(changed) : "";
  };
  const ask = async (address, said) => {
    const body = new URLSearchParams([["csrf_token", token], ...said]);
    const answer = await fetch(address, {method: "POST", redirect: "error", body,
      keepalive: body.toString().length < MOST_ON_LEAVING});
    if (!answer.ok) throw new Error();
    return answer;
  };
  const say = (one, text) => { one.form.append(place); place.textContent = text; };

  let timer = 0, last = Promise.resolve();
  const keep = async one => {
    const text = typed(one), over = one.over;
    one.dirty = false;
    try {
      await ask("/unsent", [["form", one.key], ["window", one.window], ["words", text],
        ["over", over ? over.window : ""], ["at", over ? over.at : ""]]);
      if (one.over === over) one.over = null;
      say(one, text ? words.kept : "");
    } catch {
      one.dirty = true;
      say(one, words.failed);
      again(AGAIN);
    }
  };
  const save = () => {
    clearTimeout(timer);
    last = last.then(async () => { for (const one of forms) if (one.dirty && !one.leaving) await keep(one); });
  };
  const again = pause => { clearTimeout(timer); timer = setTimeout(save, pause); };

  const button = (text, act) => Object.assign(document.createElement("button"),
    {type: "button", className: "button button-quiet", textContent: text, onclick: act});
  const unfold = field => {
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  const changed = field => field.dispatchEvent(new Event("input", {bubbles: true}));
  const forget = row => ask("/unsent", [["form", row.form], ["window", row.window], ["words", ""]]).catch(() => {});

  // Put back what stands on the same words as then; what does not is shown next to the form, for its writer to choose.
  const give = (one, row) => {
    const kept = JSON.parse(row.words), shown = [];
    let put = 0, there = 0;
    for (const field of new Map(fields(one.form).map(field => [field.name, field])).values()) {
      const [text, basis] = kept[field.name] || [];
      if (text === undefined) continue;
      if (text === now(field)) { one.basis[field.name] = basis; there += 1; }
      else if (one.keeps && basis === now(field)) { write(field, text); unfold(field); one.basis[field.name] = basis; put += 1; }
      else if (field.matches("textarea, [type=text]") && text) shown.push([field, text]);
    }
    if ((put || there) && !one.over) one.over = row;
    if (put) {
      say(one, words.back + " ");
      place.append(button(words.away, () => {
        for (const field of fields(one.form)) if (one.basis[field.name] !== undefined) write(field, one.basis[field.name]);
        one.dirty = true;
        save();
        place.replaceChildren();
      }));
    }
    for (const [field, text] of shown) show(one, row, field, text);
  };
  const show = (one, row, field, text) => {
    const box = Object.assign(document.createElement("div"), {className: "notice notice-care"});
    const area = Object.assign(document.createElement("textarea"), {value: text, readOnly: true, rows: 5, ariaLabel: words.other});
    box.append(Object.assign(document.createElement("p"), {textContent: words.other}), area,
      button(words.put, () => { write(field, text); changed(field); box.remove(); forget(row); }),
      button(words.away, () => { box.remove(); forget(row); }));
    one.form.append(box);
  };
  const back = async () => {
    let rows = [];
    try { rows = await (await ask("/unsent/look", [...new Set(forms.map(one => one.key))].map(each => ["form", each]))).json(); }
    catch { return; }
    for (const row of rows) {
      const names = Object.keys(JSON.parse(row.words));
      const one = forms.find(each => each.key === row.form && fields(each.form).some(field => names.includes(field.name)));
      if (one) give(one, row);
    }
  };

  for (const one of forms.filter(each => each.keeps)) {
    one.form.addEventListener("input", event => {
      if (!fields(one.form).includes(event.target)) return;
      one.leaving = false;
      one.dirty = true;
      again(PAUSE);
    });
    one.form.addEventListener("submit", () => {
      one.leaving = true;
      save();
      let said = one.form.elements.unsent;
      if (!said) one.form.append(said = Object.assign(document.createElement("input"), {type: "hidden", name: "unsent"}));
      said.value = [one, one.over].filter(Boolean).map(each => `${one.key} ${each.window}`).join("\n");
    });
  }
  let quick = false;
  addEventListener("click", event => { if (event.target.closest?.(".exit")) quick = true; }, true);
  addEventListener("beforeunload", event => {
    if (!quick && document.contains(place) && forms.some(one => one.dirty && !one.leaving)) event.preventDefault();
  });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("pageshow", () => { for (const one of forms) one.leaving = false; });
  back();
})();
