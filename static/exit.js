// Leaves this site at once: the page is blank before any answer comes, and Back does not lead to it.
// Without this script the same link does it, a moment later. Three times Escape does what the link does.
"use strict";
(() => {
  const link = document.querySelector(".exit");
  if (!link) return;

  let leaving = false;
  // Nothing asks about unsaved words on this way out.
  addEventListener("beforeunload", event => { if (leaving) event.stopImmediatePropagation(); }, true);

  const leave = () => {
    leaving = true;
    document.title = " ";
    document.body.replaceChildren();
    document.documentElement.style.visibility = "hidden";
    location.replace(link.href);
  };

  // Any click: a new tab or window (a key held, the middle button) would leave the letter on screen here.
  for (const kind of ["click", "auxclick"]) link.addEventListener(kind, event => {
    if (event.button === 2) return;
    event.preventDefault();
    leave();
  });

  let pressed = [];
  if (link.hasAttribute("data-keys")) document.addEventListener("keydown", event => {
    if (event.key !== "Escape") { pressed = []; return; }
    if (event.repeat || event.isComposing) return;
    pressed = [...pressed.filter(at => event.timeStamp - at < 2000), event.timeStamp];
    if (pressed.length === 3) { event.preventDefault(); leave(); }
  });

  // A page that the browser kept whole in its memory is asked for again, and is answered by the door.
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    document.documentElement.style.visibility = "hidden";
    location.reload();
  });
})();
