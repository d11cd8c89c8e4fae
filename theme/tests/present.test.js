import assert from "node:assert/strict";
import test from "node:test";
import { actionOf } from "../../src/scripts/present/keys.js";
import {
  beginLesson,
  clockText,
  enterPage,
  minutesBehind,
  paceText,
  pauseLesson,
  restartLesson,
  spentOn,
} from "../../src/scripts/present/lesson.js";
import { noteIn, parseNote } from "../../src/scripts/present/notes-text.js";

const MINUTE = 60_000;

test("keys turn slides", () => {
  const actions = [
    "ArrowRight",
    "PageDown",
    " ",
    "ArrowLeft",
    "PageUp",
    "Home",
    "End",
    "ArrowDown",
    "ArrowUp",
    "Escape",
    "n",
    "N",
    "p",
  ];
  assert.deepEqual(
    actions.map((key) => actionOf({ key })),
    ["next", "next", "next", "previous", "previous", "first", "last", "down", "up", "leave", "notes", "notes", "leave"],
  );
  assert.equal(actionOf({ key: " ", shiftKey: true }), "previous");
});

test("what is typed into a field turns no slides", () => {
  for (const key of ["ArrowRight", "PageDown", " ", "Home", "n", "p"]) assert.equal(actionOf({ key }, "field"), null);
  assert.equal(actionOf({ key: "Escape" }, "field"), "leave-field");
});

test("buttons take the space bar, and a grid takes the arrow keys", () => {
  assert.equal(actionOf({ key: " " }, "control"), null);
  assert.equal(actionOf({ key: "ArrowRight" }, "control"), "next");
  for (const key of ["ArrowRight", "ArrowUp", "Home"]) assert.equal(actionOf({ key }, "grid"), null);
  assert.equal(actionOf({ key: "PageDown" }, "grid"), "next");
});

test("keys of the browser and of other parts of the page are left alone", () => {
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) assert.equal(actionOf({ key: "n", [modifier]: true }), null);
  for (const key of ["s", "/", "?", "Tab", "Enter", "toString"]) assert.equal(actionOf({ key }), null, key);
});

test("Ctrl+Enter runs the program of the slide, and in a field what the field is for", () => {
  assert.equal(actionOf({ key: "Enter", ctrlKey: true }), "run");
  assert.equal(actionOf({ key: "Enter", metaKey: true }, "control"), "run");
  assert.equal(actionOf({ key: "Enter", ctrlKey: true }, "field"), null);
});

test("a page keeps the time that was spent on it", () => {
  let lesson = enterPage(beginLesson("id", 0), "a.html", 0);
  lesson = enterPage(lesson, "b.html", 5 * MINUTE);
  lesson = enterPage(lesson, "a.html", 7 * MINUTE);
  assert.equal(spentOn(lesson, "a.html", 8 * MINUTE), 6 * MINUTE);
  assert.equal(spentOn(lesson, "b.html", 8 * MINUTE), 2 * MINUTE);
  assert.equal(spentOn(lesson, "toString", 8 * MINUTE), 0);
});

test("no time is spent while there are no slides", () => {
  const lesson = pauseLesson(enterPage(beginLesson("id", 0), "a.html", 0), MINUTE);
  assert.equal(spentOn(lesson, "a.html", 9 * MINUTE), MINUTE);
  assert.equal(spentOn(enterPage(lesson, "a.html", 9 * MINUTE), "a.html", 10 * MINUTE), 2 * MINUTE);
  assert.deepEqual(pauseLesson(lesson, 9 * MINUTE), lesson);
});

test("a clock that is restarted forgets all pages", () => {
  const lesson = enterPage(enterPage(beginLesson("id", 0), "a.html", 0), "b.html", MINUTE);
  const again = restartLesson(lesson, 2 * MINUTE);
  assert.deepEqual([again.id, again.started], ["id", 2 * MINUTE]);
  assert.equal(spentOn(again, "a.html", 3 * MINUTE), 0);
  assert.equal(spentOn(again, "b.html", 3 * MINUTE), MINUTE);
  assert.equal(spentOn(restartLesson(pauseLesson(lesson, MINUTE), MINUTE), "b.html", 9 * MINUTE), 0);
});

test("a page is behind or ahead by whole minutes", () => {
  // Ten slides of one minute each.
  const behind = (spent, number) => minutesBehind({ spent: spent * MINUTE, minutes: 10, number, count: 10 });
  assert.equal(behind(0, 1), 0);
  assert.equal(behind(1.9, 1), 0);
  assert.equal(behind(2, 1), 1);
  assert.equal(behind(3.5, 1), 2);
  assert.equal(behind(3.1, 5), 0);
  assert.equal(behind(3, 5), -1);
  assert.equal(behind(0, 10), -9);
  // All slides have been shown, and the time is over.
  assert.equal(behind(13, 10), 3);
});

test("the pace is said in words", () => {
  assert.deepEqual(
    [-2, 0, 3].map((behind) => paceText(behind).text),
    ["2 min ahead", "On time", "3 min behind"],
  );
});

test("a clock shows hours only when there are any", () => {
  assert.deepEqual([0, 5_999, 65_000, 3_665_000, -10].map(clockText), ["0:00", "0:05", "1:05", "1:01:05", "0:00"]);
});

test("a note is a comment that begins with its name", () => {
  assert.equal(noteIn(" note: Ask first. "), "Ask first.");
  assert.equal(noteIn("\nNote:\n  Two\n  lines.\n"), "Two\n  lines.");
  assert.equal(noteIn(" note: "), "");
  for (const other of [" report: ci/wrong/x.rs ", " a note: no ", ""]) assert.equal(noteIn(other), null);
});

test("a note has paragraphs and lists", () => {
  assert.deepEqual(parseNote("One\nline.\n\nTwo:\n- a\n  and more\n- b\n\nThree."), [
    { text: "One line." },
    { text: "Two:" },
    { items: ["a and more", "b"] },
    { text: "Three." },
  ]);
  assert.deepEqual(parseNote(""), []);
});
