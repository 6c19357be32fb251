// What is typed into a form with data-draft is kept in this tab until it was sent, and offered again when the
// form is opened anew: after a reload, a crash of the page, or a sign-in in between.
"use strict";
const SENT = "draft-sent";
const keyOf = (form) => `draft:${form.dataset.draft}`;
const fieldsOf = (form) => [...form.querySelectorAll("textarea, input[type=text], input[type=search], input:not([type])")].filter((field) => field.name !== "q");
const read = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");

// Led away from the form after sending it: it went through.
const sent = read(SENT);
if (sent && sent.path !== location.pathname) sessionStorage.removeItem(sent.key);
sessionStorage.removeItem(SENT);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = keyOf(form);
  const kept = read(key) ?? {};
  const restored = fieldsOf(form).filter((field) => field.name in kept && !field.value.trim() && kept[field.name].trim());
  for (const field of restored) field.value = kept[field.name];
  const notice = form.querySelector("[data-draft-restored]");
  if (restored.length && notice) notice.hidden = false;
  notice?.querySelector("button")?.addEventListener("click", () => {
    for (const field of restored) field.value = "";
    sessionStorage.removeItem(key);
    notice.hidden = true;
    restored[0].focus();
  });
  form.addEventListener("input", () => {
    const typed = Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value]));
    sessionStorage.setItem(key, JSON.stringify(typed));
  });
  form.addEventListener("submit", () => {
    sessionStorage.setItem(SENT, JSON.stringify({ key, path: location.pathname }));
  });
}

// Whoever signs out leaves nothing behind in the tab.
document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => sessionStorage.clear());
