// What the tool reports while a page is open, by the kind of event.
import { callSafely, Listeners } from "../listeners.js";

// Events of one kind can have different subjects: the latest one about each is kept for later listeners.
const SUBJECT = { exercise: "name", step: "chapter", answer: "chapter" };
const latest = new Map();
const listeners = new Map();

/** Calls `listener(data)` with the latest events of this kind, and with each new one. */
export const on = (kind, listener) => {
  if (!listeners.has(kind)) listeners.set(kind, new Listeners());
  listeners.get(kind).add(listener);
  for (const data of latest.get(kind)?.values() ?? []) callSafely(listener, data);
};

export const publish = ({ kind, data }) => {
  if (!latest.has(kind)) latest.set(kind, new Map());
  latest.get(kind).set(data[SUBJECT[kind]] ?? "", data);
  listeners.get(kind)?.call(data);
};

/** The latest event about each subject. */
export const latestEvents = () =>
  [...latest].flatMap(([kind, subjects]) => [...subjects.values()].map((data) => ({ kind, data })));
