// Four small courtesies. Every page works the same without them.
(() => {
  "use strict";

  const submits = (form) => [...form.elements].filter((el) => el.type === "submit");
  const key = (field) => `draft:${field.dataset.draft}`;
  const storage = (use) => {
    try {
      return use(window.sessionStorage);
    } catch {
      return null; // storage may be switched off; a draft is only a convenience
    }
  };

  // One press sends a form once. Buttons wake again when the browser's Back shows the page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Leaving a computer takes half-typed words along.
    if (/\/(sign-out|me\/delete)$/.test(form.action)) storage((s) => s.clear());
    for (const field of form.querySelectorAll("textarea[data-draft]")) {
      storage((s) => s.removeItem(key(field)));
      field.dataset.sent = "1";
    }
    // After this task, so that the pressed button's own name and value are still sent.
    window.setTimeout(() => {
      if (!event.defaultPrevented) {
        for (const button of submits(form)) button.disabled = true;
      }
    }, 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) {
      for (const button of submits(form)) button.disabled = false;
    }
    for (const field of document.querySelectorAll("textarea[data-sent]")) delete field.dataset.sent;
  });

  // Half-typed words survive a reload or a visit elsewhere, in this tab only.
  for (const field of document.querySelectorAll("textarea[data-draft]")) {
    const draft = storage((s) => s.getItem(key(field)));
    if (draft && field.value === "") field.value = draft;
    field.addEventListener("input", () => {
      if (!field.dataset.sent) storage((s) => s.setItem(key(field), field.value));
    });
  }

  // A link that is shown once can be copied with one press.
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const told = document.querySelector("[data-copied]");
      const done = await navigator.clipboard.writeText(field.value).then(() => true, () => false);
      if (!done) field.select();
      if (told) told.textContent = done ? "Copied" : "Marked: copy it with Ctrl-C";
    });
  }

  // Errors are heard first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
