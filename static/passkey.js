// Asks the browser for a passkey and puts its answer into the form. Without this script a code does the same.
"use strict";
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), mark => mark.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = list => (list || []).map(one => ({...one, id: bytes(one.id)}));

  const ask = async (how, options) => {
    options.challenge = bytes(options.challenge);
    if (how === "create") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = named(options.excludeCredentials);
      return navigator.credentials.create({publicKey: options});
    }
    options.allowCredentials = named(options.allowCredentials);
    return navigator.credentials.get({publicKey: options});
  };

  const answer = made => {
    const response = {clientDataJSON: text(made.response.clientDataJSON)};
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[part]) response[part] = text(made.response[part]);
    }
    return JSON.stringify({id: made.id, rawId: text(made.rawId), type: made.type, response});
  };

  for (const place of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    const form = place.querySelector("form"), said = place.querySelector("[data-said]");
    form.addEventListener("submit", async event => {
      event.preventDefault();
      try {
        form.elements.answer.value = answer(await ask(place.dataset.passkey, JSON.parse(place.dataset.options)));
        form.submit();
      } catch {
        said.textContent = said.dataset.said;
      }
    });
    place.hidden = false;
  }
})();
