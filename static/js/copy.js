// Copy buttons are shown only where copying works, and say in words that they have copied.
"use strict";
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const status = button.parentElement.querySelector("[data-copied]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      status.textContent = status.dataset.copied;
    });
  }
}
