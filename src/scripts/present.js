// Present: the page as slides, for a projector. Few readers use it, so its modules are loaded when it begins.
import { element } from "./dom.js";

const FAILURE = "The slides could not be loaded. Reload the page and try again.";

const page = document.documentElement;

const isField = (target) => target.matches("input, select, textarea, [contenteditable]");

const present = async () => {
  try {
    const { startPresenting } = await import("./present/presentation.js");
    await startPresenting();
  } catch (error) {
    document.body.append(element("p", { class: "present-failure", role: "alert" }, FAILURE));
    reportError(error);
  } finally {
    page.classList.remove("resuming");
  }
};

/** Adds the button and the key that begin it. A lesson goes on from page to page: `early.js` hides such a page at first. */
export const addPresent = () => {
  const toggle = document.getElementById("present-toggle");
  toggle?.addEventListener("click", present);
  if (toggle) toggle.disabled = false;
  document.addEventListener("keydown", (event) => {
    const hasModifier = event.altKey || event.ctrlKey || event.metaKey;
    if (hasModifier || event.defaultPrevented || isField(event.target) || event.key.toLowerCase() !== "p") return;
    event.preventDefault();
    present();
  });
  if (page.classList.contains("resuming")) present();
};
