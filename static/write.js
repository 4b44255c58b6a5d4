// Writing: saves by itself some seconds after somebody stops typing, says so, and keeps what is typed when it cannot.
// All of it only adds; without this script the Save button does the same.
"use strict";
(() => {
  const place = document.querySelector("[data-write]");
  if (!place) return;
  const form = place.querySelector("form"), words = place.dataset, most = Number(words.most);
  const said = place.querySelector("[data-said]"), counted = place.querySelector("[data-counted]");
  const areas = [...form.querySelectorAll("textarea")];
  const field = name => form.elements.namedItem(name);
  const PAUSE = 3000, LONGEST = 30000, PATIENCE = 20000, SLOWEST = 60000;
  let unsaved = false, since = 0, timer = 0, retry = 0, failures = 0, last = Promise.resolve(), apart = false;
  let sending = false, sure = false, leaving = false;

  const typed = () => areas.map(area => area.value).join("\0");
  const tell = text => { if (said.textContent !== text) said.textContent = text; };
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const count = () => {
    const long = areas.reduce((sum, area) => sum + [...area.value].length, 0);
    counted.textContent = words.count.replace("{count}", number.format(long)).replace("{most}", number.format(most));
    counted.hidden = false;
  };
  // The service's clock: a device may be set to another time, or to another zone.
  const clock = answer => new Date(answer.headers.get("Date")).toLocaleTimeString(document.documentElement.lang,
    {hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: place.dataset.zone});

  const later = () => {
    clearTimeout(retry);
    retry = setTimeout(save, Math.min(SLOWEST, 5000 * 2 ** failures));
    failures += 1;
  };
  // Its answer may be lost on the way when the words were kept after all: the next save says under which mark it went.
  const missed = text => {
    field("unanswered").value = [...field("unanswered").value.split(" "), field("mark").value].slice(-100).join(" ").trim();
    tell(text);
    later();
  };

  const send = async () => {
    clearTimeout(timer);
    clearTimeout(retry);
    const now = typed();
    field("mark").value = crypto.randomUUID();
    let answer, told = {};
    try {
      answer = await fetch(form.action, {method: "POST", body: new FormData(form), redirect: "error",
        headers: {Accept: "application/json"}, signal: AbortSignal.timeout(PATIENCE)});
      if (answer.headers.get("Content-Type") === "application/json") told = await answer.json();
    } catch {
      missed(words.lost);
      return false;
    }
    if (answer.ok && told.version) {
      field("basis").value = told.version;
      field("unanswered").value = "";
      failures = since = 0;
      unsaved = typed() !== now;
      tell(words.saved.replace("{time}", clock(answer)));
      return true;
    }
    if (answer.status >= 500) {
      missed(words.failed);
      return false;
    }
    apart = answer.status === 409;
    tell(answer.status === 401 ? (told.kept ? words.out : words.gone) : told.said || words.failed);
    return true;
  };
  // One after the other: no save is written on a version that the one before is about to replace.
  const save = () => {
    last = last.then(() => unsaved && !apart && !leaving ? send() : true);
    return last;
  };

  form.addEventListener("input", () => {
    unsaved = true;
    leaving = false;
    since = since || Date.now();
    clearTimeout(timer);
    timer = setTimeout(() => { count(); save(); }, Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  });

  // The button saves by itself first, and goes to the next page only where somebody answers there.
  form.addEventListener("submit", async event => {
    if (sure) {
      unsaved = sure = false;
      field("mark").value = crypto.randomUUID();
      return;
    }
    event.preventDefault();
    if (sending) return;
    sending = true;
    tell(words.saving);
    unsaved = true;
    const answered = await save();
    sending = false;
    if (!answered) return;
    // Not within the event of the press itself: a browser ignores a second one there.
    setTimeout(() => { sure = true; form.requestSubmit(event.submitter); });
  });

  // Nobody is asked anything when they leave quickly.
  addEventListener("click", event => { if (event.target.closest?.(".exit")) leaving = true; }, true);
  const gone = () => leaving || !form.isConnected;
  addEventListener("beforeunload", event => { if (unsaved && !gone()) event.preventDefault(); });
  addEventListener("online", () => { if (unsaved) save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && unsaved && !gone()) save(); });
  count();
})();
