// Comfort for browsers with script; every page works without. No dependence but htmx beside it.
"use strict";

// "/" goes to the search, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.getElementById("q");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// command="show-modal" and "close" for browsers that do not know them yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    const command = button.getAttribute("command");
    if (command === "show-modal") dialog.showModal();
    if (command === "close") dialog.close();
  });
}

// Focus goes where the change is: to the summary of what is wrong, and into a fragment that asks for it.
const focusOn = (root) => {
  const wanted = root.querySelector(".error-summary, [data-focus]");
  if (wanted) wanted.focus();
};
document.addEventListener("DOMContentLoaded", () => focusOn(document));
document.addEventListener("htmx:afterSwap", (event) => focusOn(event.target));

// A form is sent once: a second click while the first is on its way does nothing. One that leaves the
// page where it is, for a download, may be sent again after a while.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Running clocks: <time data-clock="SECONDS"> counts on from what the server said.
const started = Date.now();
const show = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
setInterval(() => {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    clock.textContent = show(Number(clock.dataset.clock) + Math.floor((Date.now() - started) / 1000));
  }
}, 1000);
