// Reads aloud what the page shows, when its button is pressed, with a voice that is on the device and with no other, so that
// no word leaves it. Stops at once on Escape, on the way out, and when the page is not to be seen.
"use strict";
(() => {
  const place = document.querySelector(".aloud");
  if (!place) return;
  const speech = window.speechSynthesis;
  const read = place.querySelector("[data-do=read]"), stop = place.querySelector("[data-do=stop]");
  const language = document.documentElement.lang.split("-")[0].toLowerCase();

  // Asked before every paragraph: a browser may take another voice in place of one that is gone.
  const voice = () => {
    const own = speech.getVoices().filter(one => one.localService === true && one.lang.split(/[-_]/)[0].toLowerCase() === language);
    return own.find(one => one.default) || own[0];
  };

  const shown = () => {
    const words = document.querySelector(place.dataset.of);
    const parts = "value" in words ? words.value.split(/\n\s*\n/) : [...words.children].map(part => part.innerText);
    return parts.map(part => part.trim()).filter(Boolean);
  };

  let parts = [], at = 0, reading = null;

  const offer = () => {
    const can = speech && voice();
    place.querySelector("[data-none]").hidden = Boolean(can);
    for (const part of [place.querySelector("[data-warning]"), read.parentElement]) part.hidden = !can;
    place.hidden = false;
  };

  const show = () => {
    read.textContent = reading ? place.dataset.pause : at ? place.dataset.on : place.dataset.read;
    if (stop.hidden === false && !reading && !at) read.focus();
    stop.hidden = !reading && !at;
  };

  const halt = () => {
    reading = null;
    if (speech) speech.cancel();
  };

  const next = () => {
    const by = voice();
    if (!by) { end(); offer(); return; }
    if (at >= parts.length) { end(); return; }
    const said = reading = new SpeechSynthesisUtterance(parts[at]);
    said.voice = by;
    said.lang = by.lang;
    said.addEventListener("end", () => { if (reading === said) { at += 1; next(); } });
    said.addEventListener("error", () => { if (reading === said) end(); });
    speech.speak(said);
    show();
  };

  const end = () => {
    halt();
    at = 0;
    if (place.isConnected) show();
  };

  read.addEventListener("click", () => {
    if (reading) { halt(); show(); return; }  // goes on from the beginning of this paragraph
    if (!at) parts = shown();
    next();
  });
  stop.addEventListener("click", end);
  addEventListener("keydown", event => { if (event.key === "Escape") end(); }, true);
  for (const kind of ["click", "auxclick"]) {
    addEventListener(kind, event => { if (event.target.closest?.(".exit")) end(); }, true);
  }
  addEventListener("pagehide", end);
  document.addEventListener("visibilitychange", () => { if (document.hidden) end(); });

  if (!speech || speech.getVoices().length) offer();
  else setTimeout(offer, 2000);  // some browsers look for their voices first
  if (speech) speech.addEventListener("voiceschanged", () => { if (!reading) offer(); });
})();
