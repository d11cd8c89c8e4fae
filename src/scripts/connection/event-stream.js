// The tool's stream of events, and how it is opened again after it has ended.
import { EVENT_LINE_END, EventParser } from "./lines.js";
import { eachLine, exchangeKey, request } from "./requests.js";
import { setStatus } from "./status.js";
import { key } from "./token.js";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 5000;

let endDelay = () => {};
let open = null;

/**
 * Keeps the stream open until `signal` aborts. Calls `onEvent` with each event, and `onStatusChange` when the
 * stream has been opened or has ended.
 */
export const keepOpen = async (signal, onEvent, onStatusChange) => {
  const changeTo = (status) => {
    setStatus(status);
    onStatusChange();
  };
  let delay = FIRST_DELAY;
  while (!signal.aborted) {
    let ended = "lost";
    const began = performance.now();
    try {
      if (key.value !== null) await exchangeKey();
      open = new AbortController();
      await read(AbortSignal.any([signal, open.signal]), onEvent, () => changeTo("live"));
    } catch (error) {
      if (error.name === "AbortError" || signal.aborted) continue;
      if (error.status === undefined) reportError(error);
      if (error.status === 401) ended = "locked";
    }
    changeTo(ended);
    // A stream that lasted for a while does not come from a tool that refuses.
    if (performance.now() - began > LONGEST_DELAY) delay = FIRST_DELAY;
    // Without a token another attempt would fail too: it waits for a new key.
    await pause(ended === "lost" ? delay : undefined);
    delay = Math.min(2 * delay, LONGEST_DELAY);
  }
};

/** Tries again now, if the stream is not open. */
export const retryNow = () => endDelay();

/** Opens the stream again, with the key that the page has been given. */
export const reopen = () => {
  open?.abort();
  endDelay();
};

// An EventSource would do, but it cannot send the token in a header.
const read = async (signal, onEvent, onOpen) => {
  const response = await request("GET", "events", undefined, signal);
  onOpen();
  const parser = new EventParser();
  await eachLine(response, EVENT_LINE_END, (line) => {
    const event = parser.push(line);
    if (event !== null) onEvent(event);
  });
};

const pause = (milliseconds) =>
  new Promise((resolve) => {
    const timer = milliseconds && setTimeout(resolve, milliseconds);
    endDelay = () => {
      clearTimeout(timer);
      resolve();
    };
  });
