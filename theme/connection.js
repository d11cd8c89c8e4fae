// The line between a page and the tool that serves it: being let in, requests, and the events that keep a
// page up to date. The other scripts use the global `workbook`. On a static host it asks nothing.
"use strict";

window.workbook = (() => {
  const page = document.documentElement;
  const served = !page.hasAttribute("data-print") &&
    document.querySelector('meta[name="workbook"][content="served"]') !== null;

  const TOKEN = "workbook-token";
  const SENTENCES = {
    connecting: "Connecting to the workbook.",
    live: "",
    locked: "This page may not speak to the workbook yet. Open the address that the terminal shows.",
    lost: "The workbook is not running. Type `cargo workbook` in the folder of the book.",
  };

  // The token is for all tabs of this origin. Where the browser keeps nothing, it lives as long as the page.
  const token = {
    inMemory: null,
    get() {
      try {
        return localStorage.getItem(TOKEN) ?? this.inMemory;
      } catch {
        return this.inMemory;
      }
    },
    set(value) {
      this.inMemory = value;
      try {
        localStorage.setItem(TOKEN, value);
      } catch {
        // Kept in memory.
      }
    },
    // Another tab may have been let in again meanwhile: its newer token stays.
    forget(refused) {
      if (this.inMemory === refused) this.inMemory = null;
      try {
        if (localStorage.getItem(TOKEN) === refused) localStorage.removeItem(TOKEN);
      } catch {
        // Nothing was kept.
      }
    },
  };

  // The key is taken out of the address at once, so that it is in no bookmark and in no shared link.
  let key = null;
  const takeKey = () => {
    const found = /^#key=(\w+)(?:&at=(.+))?$/.exec(location.hash);
    if (!found) return false;
    const [, given, place] = found;
    key = given;
    history.replaceState(history.state, "", location.pathname + location.search);
    // With the key the address may name a place on the page, as another fragment would.
    if (place !== undefined) location.replace(`#${place}`);
    return true;
  };
  if (served) takeKey();

  // --- status ---

  let status = served ? "connecting" : "lost";
  const statusListeners = new Set();

  function setStatus(next) {
    if (status === next) return;
    status = next;
    for (const listener of statusListeners) tell(() => listener(status, SENTENCES[status]));
  }

  function onStatus(listener) {
    statusListeners.add(listener);
    tell(() => listener(status, SENTENCES[status]));
  }

  // A sentence with what is to be typed set as code.
  function worded(sentence) {
    return sentence.split("`").map((part, index) => {
      if (index % 2 === 0) return part;
      return Object.assign(document.createElement("code"), { textContent: part });
    });
  }

  // A listener that fails must not stop the events of the others.
  function tell(call) {
    try {
      call();
    } catch (error) {
      reportError(error);
    }
  }

  // --- requests ---

  function problem(message, status, body = null) {
    return Object.assign(new Error(message), { status, body });
  }

  async function request(method, path, body, signal) {
    const used = token.get();
    if (!served) throw problem(SENTENCES.lost, 0);
    if (used === null && path !== "open") {
      setStatus("locked");
      throw problem(SENTENCES.locked, 401);
    }
    const headers = {};
    if (path !== "open") headers.Authorization = `Bearer ${used}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(`/workbook/${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        signal,
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw problem(SENTENCES.lost, 0);
    }
    if (response.ok) return response;
    const said = await response.json().catch(() => null);
    if (response.status === 401 && path !== "open") {
      token.forget(used);
      if (token.get() !== null) return request(method, path, body, signal);
      setStatus("locked");
      throw problem(SENTENCES.locked, 401, said);
    }
    throw problem(said?.error ?? `The workbook answered with the status ${response.status}.`, response.status, said);
  }

  async function call(method, path, body) {
    return (await request(method, path, body)).json();
  }

  async function stream(path, body, onLine, signal) {
    const response = await request("POST", path, body, signal);
    await eachLine(response, /\n/, (line) => {
      if (line.trim() !== "") onLine(JSON.parse(line));
    });
  }

  // Calls `onLine` with each whole line of a body, however the bytes were cut on the way.
  async function eachLine(response, lineEnd, onLine) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const read = () => reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : problem(SENTENCES.lost, 0);
    });
    let rest = "";
    try {
      for (let chunk = await read(); !chunk.done; chunk = await read()) {
        const lines = (rest + chunk.value).split(lineEnd);
        rest = lines.pop();
        lines.forEach(onLine);
      }
      if (rest !== "") onLine(rest);
    } finally {
      // A listener that fails leaves the body half read; the tool is told that nobody reads on.
      reader.cancel().catch(() => {});
    }
  }

  // --- events ---

  // What tells events of one kind apart: the last of each is kept for listeners that come later.
  const SUBJECT = { exercise: "name", step: "chapter", answer: "chapter" };
  const known = new Map();
  const listeners = new Map();

  function on(kind, listener) {
    if (!listeners.has(kind)) listeners.set(kind, new Set());
    listeners.get(kind).add(listener);
    for (const data of known.get(kind)?.values() ?? []) tell(() => listener(data));
  }

  function happened(kind, data) {
    if (!known.has(kind)) known.set(kind, new Map());
    known.get(kind).set(data[SUBJECT[kind]] ?? "", data);
    for (const listener of listeners.get(kind) ?? []) tell(() => listener(data));
  }

  // Server-sent events read by hand, because an EventSource cannot send the token in a header.
  async function listen(signal) {
    const response = await request("GET", "events", undefined, signal);
    setStatus("live");
    passOn({ status });
    let kind = "";
    let data = [];
    // A CR at the end of a chunk may be half of a CR LF: it waits for what follows.
    await eachLine(response, /\r\n|\n|\r(?!$)/, (line) => {
      if (line === "") {
        if (data.length > 0) {
          const event = { kind: kind || "message", data: JSON.parse(data.join("\n")) };
          happened(event.kind, event.data);
          passOn(event);
        }
        kind = "";
        data = [];
        return;
      }
      const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
      if (field === "event") kind = value ?? "";
      if (field === "data") data.push(value ?? "");
    });
  }

  // --- staying connected ---

  const FIRST_WAIT = 500;
  const LONGEST_WAIT = 5000;
  let wake = () => {};
  let listening = null;

  const pause = (milliseconds) => new Promise((resolve) => {
    const timer = milliseconds && setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });

  async function letIn() {
    const asked = key;
    try {
      token.set((await (await request("POST", "open", { key: asked })).json()).token);
    } catch (error) {
      if (error.status === 0) throw error;
      // The key was used already: the token that it gave then may still be good.
    }
    if (key === asked) key = null;
  }

  async function stayConnected(signal) {
    let wait = FIRST_WAIT;
    while (!signal.aborted) {
      let ended = "lost";
      const began = performance.now();
      try {
        if (key !== null) await letIn();
        listening = new AbortController();
        await listen(AbortSignal.any([signal, listening.signal]));
      } catch (error) {
        if (error.name === "AbortError" || signal.aborted) continue;
        if (error.status === undefined) reportError(error);
        if (error.status === 401) ended = "locked";
      }
      setStatus(ended);
      passOn({ status });
      // A stream that held for a while is no sign of a tool that refuses.
      if (performance.now() - began > LONGEST_WAIT) wait = FIRST_WAIT;
      // Without a token there is nothing to try before somebody is let in.
      await pause(ended === "lost" ? wait : undefined);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
  }

  // --- one stream for all tabs ---

  // Browsers allow six connections to a host over HTTP/1.1: with a stream for each tab, the seventh would load for
  // ever. So one tab listens and passes on what it hears. It is the one that was shown last, because browsers slow
  // down the timers of hidden tabs; when it goes, the next in the queue takes over.
  const LOCK = "workbook-events";
  const channel = served ? new BroadcastChannel(LOCK) : null;
  const me = Math.random();
  let leading = null;
  let queued = null;

  function passOn(message) {
    channel.postMessage(message);
  }

  function queue() {
    queued = new AbortController();
    lead({ signal: queued.signal });
  }

  function takeOver() {
    queued?.abort();
    lead({ steal: true });
  }

  async function lead(how) {
    const term = new AbortController();
    await navigator.locks.request(LOCK, how, () => {
      leading = term;
      return stayConnected(term.signal);
    }).catch((error) => {
      if (error.name !== "AbortError") throw error;
      // Another tab has taken over, or this one no longer waits in the queue.
    });
    term.abort();
    if (leading === term) {
      leading = null;
      wake();
      queue();
    }
  }

  function heard({ kind, data, status: theirs, asks, to }) {
    if (to !== undefined && to !== me) return;
    if (theirs) setStatus(theirs);
    if (kind) happened(kind, data);
    if (asks && leading) {
      for (const [kind, subjects] of known) {
        for (const data of subjects.values()) passOn({ kind, data, to: asks });
      }
      passOn({ status, to: asks });
    }
  }

  // Short gaps, while the tool starts anew, are not worth a word.
  const SILENCE = 700;

  function showStatus() {
    const line = document.createElement("p");
    line.id = "workbook-status";
    line.setAttribute("role", "status");
    document.body.append(line);
    let timer;
    onStatus((_, sentence) => {
      clearTimeout(timer);
      timer = setTimeout(() => line.replaceChildren(...worded(sentence)), sentence === "" ? 0 : SILENCE);
    });
  }

  if (served) {
    showStatus();
    channel.addEventListener("message", ({ data }) => heard(data));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      if (leading) wake();
      else takeOver();
    });
    addEventListener("online", () => wake());
    addEventListener("storage", (event) => event.key === TOKEN && event.newValue !== null && wake());
    // A browser that is asked for the page it shows already loads nothing, and only the key is new.
    addEventListener("hashchange", () => {
      if (!takeKey()) return;
      listening?.abort();
      wake();
      if (!leading) takeOver();
    });
    if (document.hidden && key === null) {
      queue();
      passOn({ asks: me });
    } else {
      takeOver();
    }
  }

  return { served, call, stream, on, onStatus, worded };
})();
