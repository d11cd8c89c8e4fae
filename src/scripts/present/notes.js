// The window with the notes of the slide that another window shows, the title of the next one, and a clock.
import { button, element, paragraph, patch } from "../dom.js";
import { parseMarkup } from "../text.js";
import { NotesChannel } from "./channel.js";
import { actionOf } from "./keys.js";
import { clockText, minutesBehind, paceText, spentOn } from "./lesson.js";
import { parseNote } from "./notes-text.js";

const ROOT = new URL("../../", import.meta.url);
const ANSWERED = ["next", "previous", "first", "last"];
// The next page needs a moment. If none comes, the window with the slides was closed.
const UNTIL_CLOSED = 5000;

const GONE = {
  left: "The book shows no slides now. Press P there to go on.",
  closed: "The window with the slides is closed.",
};

const main = document.querySelector("main");
const title = element("h1", {});
const position = element("p", { class: "notes-position" });
const notes = element("div", { class: "notes-text", tabindex: 0, role: "region", "aria-label": "Notes" });
const next = element("p", { class: "notes-next" });
const message = element("p", { class: "notes-message" });
const times = element("dl", { class: "notes-times" });
const pace = element("p", { class: "notes-pace" });

let channel = null;
let state = null;
let minutes = {};
let closing;

const applyLook = (parameters) => {
  document.documentElement.className = `js notes ${parameters.get("theme") ?? "light"}`;
  for (const style of parameters.getAll("style")) {
    const { origin, href } = new URL(style, ROOT);
    const isKnown = [...document.styleSheets].some((sheet) => sheet.href === href);
    if (origin !== location.origin || isKnown) continue;
    document.head.append(element("link", { rel: "stylesheet", href }));
  }
};

const begin = () => {
  const parameters = new URLSearchParams(location.hash.slice(1));
  applyLook(parameters);
  channel?.close();
  channel = new NotesChannel(parameters.get("id") ?? "", { onState: show, onGone });
};

const build = () => {
  const turn = (wants, label) => button(label, () => channel.ask(wants));
  main.replaceChildren(
    element("header", { class: "notes-slide", "aria-live": "polite" }, position, title, message),
    notes,
    next,
    element(
      "section",
      { class: "notes-clock", "aria-label": "Clock" },
      times,
      pace,
      element(
        "div",
        { class: "notes-buttons" },
        turn("previous", "← Previous"),
        turn("next", "Next →"),
        turn("restart", "Restart the clock"),
      ),
    ),
  );
};

const withCode = (text) => parseMarkup(text).map(({ text, code }) => (code ? element("code", {}, code) : text));

const partsOf = (note) =>
  parseNote(note).map(({ text, items }) =>
    items
      ? element(
          "ul",
          {},
          items.map((item) => element("li", {}, withCode(item))),
        )
      : paragraph(withCode(text)),
  );

const show = (shown) => {
  clearTimeout(closing);
  if (state === null) build();
  const contentOf = (state) => JSON.stringify([state?.page, state?.title, state?.notes]);
  const isOther = contentOf(state) !== contentOf(shown);
  state = shown;
  document.title = `Notes: ${state.title}`;
  message.textContent = "";
  position.textContent = state.position;
  next.textContent = state.next ? `Next: ${state.next}` : "This is the last slide.";
  if (isOther) {
    title.textContent = state.title;
    const parts = state.notes.flatMap(partsOf);
    notes.replaceChildren(...(parts.length > 0 ? parts : [element("p", { class: "notes-none" }, "No notes.")]));
    notes.scrollTop = 0;
  }
  tick();
};

const onGone = (why) => {
  clearTimeout(closing);
  if (state === null) return;
  if (why === "left") message.textContent = GONE.left;
  else closing = setTimeout(() => (message.textContent = GONE.closed), UNTIL_CLOSED);
};

const time = (name, value) => element("div", {}, element("dt", {}, name), element("dd", {}, value));

const tick = () => {
  if (state === null) return;
  const now = Date.now();
  const { lesson, page, number, count } = state;
  const spent = spentOn(lesson, page, now);
  const planned = minutes[page] ?? null;
  const plan = planned === null ? "" : ` of ${planned} min`;
  patch(times, [time("Lesson", clockText(now - lesson.started)), time("This page", clockText(spent) + plan)]);
  pace.hidden = planned === null;
  if (planned === null) return;
  const behind = minutesBehind({ spent, minutes: planned, number, count });
  const { symbol, text } = paceText(behind);
  pace.dataset.pace = Math.sign(behind);
  pace.replaceChildren(element("span", { "aria-hidden": "true" }, symbol), ` ${text}`);
};

const loadMinutes = async () => {
  const response = await fetch(new URL("teaching/minutes.json", ROOT));
  if (response.ok) minutes = await response.json();
  tick();
};

document.addEventListener("keydown", (event) => {
  const action = actionOf(event, event.target.matches("button") ? "control" : "page");
  const wants = { down: "next", up: "previous" }[action] ?? action;
  if (!ANSWERED.includes(wants)) return;
  event.preventDefault();
  channel.ask(wants);
});
addEventListener("hashchange", begin);
setInterval(tick, 1000);
begin();
// Without a plan, the clock shows the time.
loadMinutes().catch(() => {});
