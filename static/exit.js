// Leaves this site at once: the page is blank before any answer comes, and Back does not lead to it.
// Without this script the same link does it, a moment later. Three times Escape does what the link does.
// Where no answer comes a mark stays in this browser: the next request that brings it ends the session (decision 0034).
"use strict";
(() => {
  const link = document.querySelector(".exit");
  if (!link) return;
  const MOMENT = 2000, MARK = "__Host-view", NOWHERE = "about:blank";

  let leaving = false;
  // Nothing asks about unsaved words on this way out.
  addEventListener("beforeunload", event => { if (leaving) event.stopImmediatePropagation(); }, true);

  const mark = lasts => { document.cookie = `${MARK}=1; Path=/; Secure; SameSite=Lax${lasts}`; };
  // It goes on when this page is gone. Only an answer that leads away says that the session has ended.
  const end = async () => {
    const answer = await fetch(link.href, {redirect: "manual", keepalive: true, cache: "no-store"});
    if (answer.type !== "opaqueredirect") throw new Error();
    mark("; Max-Age=0");
  };
  const forget = () => {
    try {
      sessionStorage.clear();
      localStorage.clear();
    } catch { /* a browser that keeps nothing has nothing to clear */ }
    window.name = "";
  };

  // What is heard when keys are pressed, and never seen. It stays where it is when the page goes: what is put in again is not heard.
  const said = document.querySelector("[data-exit-said]");
  let silence = 0;
  const say = text => {
    clearTimeout(silence);
    if (said && said.textContent !== text) said.textContent = text;
    if (text) silence = setTimeout(say, 2000, "");
  };

  const leave = heard => {
    if (leaving) return;
    leaving = true;
    document.title = " ";
    for (const part of [...document.body.childNodes]) if (part !== heard) part.remove();
    document.documentElement.style.visibility = "hidden";
    if (heard) {
      heard.style.visibility = "visible";
      for (const name of Object.keys(heard.dataset)) if (name !== "leaving") delete heard.dataset[name];
      say(heard.dataset.leaving);
    }
    history.replaceState(null, "", "/");
    mark("");
    forget();
    let gone = false;
    const go = address => {
      if (gone) return;
      gone = true;
      location.replace(address);
    };
    setTimeout(go, MOMENT, NOWHERE);
    end().then(() => go(link.dataset.away), () => go(NOWHERE));
  };

  // Any click: a new tab or window (a key held, the middle button) would leave the letter on screen here.
  for (const kind of ["click", "auxclick"]) link.addEventListener(kind, event => {
    if (event.button === 2) return;
    event.preventDefault();
    leave(null);
  });

  let pressed = [];
  if (link.hasAttribute("data-keys")) document.addEventListener("keydown", event => {
    if (event.key !== "Escape") { pressed = []; say(""); return; }
    if (event.repeat || event.isComposing) return;
    pressed = [...pressed.filter(at => event.timeStamp - at < 2000), event.timeStamp];
    if (pressed.length === 3) { event.preventDefault(); leave(said); }
    else say(pressed.length === 2 ? said.dataset.once : said.dataset.more);
  });

  // A tab that stayed open tells the server as soon as it can that another one was left.
  // A network that has only just come back may fail once more.
  const again = left => {
    if (left && document.cookie.includes(`${MARK}=`)) end().catch(() => setTimeout(again, MOMENT, left - 1));
  };
  addEventListener("online", () => again(5));

  // A page that the browser kept whole in its memory is asked for again, and is answered by the door.
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    document.documentElement.style.visibility = "hidden";
    location.reload();
  });
})();
