// One stream of events for all tabs. Browsers allow six connections to a host over HTTP/1.1: with a stream for
// each tab, the seventh would never load. So one tab, the leader, keeps the stream open and sends the events to
// the others. The leader is the tab that was shown last, because browsers slow down the timers of hidden tabs;
// when it is closed, the next in the queue takes over.
import { keepOpen, reopen, retryNow } from "./event-stream.js";
import { latestEvents, publish } from "./events.js";
import { currentStatus, setStatus } from "./status.js";
import { key, TOKEN_STORAGE } from "./token.js";

const NAME = "workbook-events";
const tab = Math.random();
let channel;
let leading = null;
let queued = null;

/** Connects this tab to the tool, by itself or through another tab. */
export const joinTabs = () => {
  channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", ({ data }) => receive(data));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (leading) retryNow();
    else takeOver();
  });
  addEventListener("online", retryNow);
  addEventListener("storage", (event) => {
    if (event.key === TOKEN_STORAGE && event.newValue !== null) retryNow();
  });
  // An address that differs from the page's own by its key alone loads nothing: only this event tells.
  addEventListener("hashchange", () => {
    if (!key.takeFromAddress()) return;
    reopen();
    if (!leading) takeOver();
  });
  if (document.hidden && key.value === null) {
    waitInQueue();
    send({ asks: tab });
  } else {
    takeOver();
  }
};

const send = (message) => channel.postMessage(message);

const receive = ({ kind, data, status, asks, to }) => {
  if (to !== undefined && to !== tab) return;
  if (status) setStatus(status);
  if (kind) publish({ kind, data });
  if (asks && leading) {
    for (const event of latestEvents()) send({ ...event, to: asks });
    send({ status: currentStatus(), to: asks });
  }
};

const waitInQueue = () => {
  queued = new AbortController();
  lead({ signal: queued.signal });
};

const takeOver = () => {
  queued?.abort();
  lead({ steal: true });
};

const lead = async (how) => {
  const term = new AbortController();
  const begin = () => {
    leading = term;
    return keepOpen(
      term.signal,
      (event) => {
        publish(event);
        send(event);
      },
      () => send({ status: currentStatus() }),
    );
  };
  try {
    await navigator.locks.request(NAME, how, begin);
  } catch (error) {
    // Another tab has taken over, or this one has left the queue.
    if (error.name !== "AbortError") throw error;
  }
  term.abort();
  if (leading === term) {
    leading = null;
    retryNow();
    waitInQueue();
  }
};
