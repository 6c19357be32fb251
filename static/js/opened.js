// What somebody opened stays open where what surrounds it is told anew.
"use strict";
const opened = new Set();
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("details[id]")) opened[target.open ? "add" : "delete"](target.id);
}, true);
document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
});
