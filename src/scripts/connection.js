// The connection between a page and the tool that serves it: requests, and the events that keep the page up to
// date. On a static host it sends nothing.
import { showStatus } from "./connection/status.js";
import { joinTabs } from "./connection/tabs.js";
import { key } from "./connection/token.js";
import { isServed } from "./page.js";

export { on } from "./connection/events.js";
export { call, stream } from "./connection/requests.js";
export { onStatus } from "./connection/status.js";

export const connect = () => {
  if (!isServed) return;
  key.takeFromAddress();
  showStatus();
  joinTabs();
};
