// Single keys for lists and decisions; each only moves the focus or follows a link that is there anyway.
// They are switched off in the settings, and sleep while somebody types.
"use strict";
const links = () => [...document.querySelectorAll("[data-rows] tbody th a")];

function step(by) {
  const all = links();
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next]?.focus();
}

function chosen() {
  const all = links();
  return all.find((link) => link === document.activeElement) ?? all[0];
}

const rowKeys = {
  j: () => step(1),
  k: () => step(-1),
  o: () => chosen()?.click(),
  a: () => {
    const link = chosen();
    if (link) location.assign(`${link.href}#approve`);
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "?") {
    document.getElementById("shortcuts")?.togglePopover();
    event.preventDefault();
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const act = target ? () => target.focus() : document.querySelector("[data-rows]") && rowKeys[event.key];
  if (!act) return;
  act();
  event.preventDefault();
});

// Led here with Approve at hand: the bar is in sight anyway, so the page stays at its beginning.
addEventListener("load", () => {
  if (location.hash !== "#approve") return;
  document.getElementById("approve")?.focus({ preventScroll: true });
  scrollTo(0, 0);
});
