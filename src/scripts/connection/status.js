// Whether this page is connected to the tool: what the other scripts can ask, and what the reader is told.
import { withMarkup } from "../dom.js";
import { callSafely, Listeners } from "../listeners.js";
import { isServed } from "../page.js";

export const MESSAGES = {
  connecting: "Connecting to the workbook.",
  live: "",
  locked: "This page is not connected to the workbook yet. Open the address that the terminal shows.",
  lost: "The workbook is not running. Start it with `cargo workbook` in the book's folder.",
};

// A gap while the tool restarts is too short to mention.
const SHORT_GAP = 700;

let status = isServed ? "connecting" : "lost";
const listeners = new Listeners();

export const currentStatus = () => status;

export const setStatus = (next) => {
  if (status === next) return;
  status = next;
  listeners.call(status, MESSAGES[status]);
};

/** Calls `listener(status, message)` now and after each change. */
export const onStatus = (listener) => {
  listeners.add(listener);
  callSafely(listener, status, MESSAGES[status]);
};

/** Shows the message in a corner of the page, and the status itself as `data-connection` on <html>. */
export const showStatus = () => {
  const line = document.createElement("p");
  line.id = "workbook-status";
  line.setAttribute("role", "status");
  document.body.append(line);
  let timer;
  onStatus((status, message) => {
    document.documentElement.dataset.connection = status;
    clearTimeout(timer);
    timer = setTimeout(() => line.replaceChildren(...withMarkup(message)), message === "" ? 0 : SHORT_GAP);
  });
};
