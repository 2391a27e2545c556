// Says that a passkey was not used; the passkeys themselves are the work of allauth's scripts.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const said = document.querySelector("[data-passkey-failed]");
  if (!said) return;
  event.preventDefault();
  said.hidden = false;
});
