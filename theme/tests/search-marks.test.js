import assert from "node:assert/strict";
import test from "node:test";
import { Marker } from "../../src/scripts/search/marks.js";

const marksIn = (text, query) => new Marker(query).marksIn(text);
const excerptOf = (text, query) => new Marker(query).excerptOf(text);
const cut = (text, marks) => marks.map(({ begin, end }) => text.slice(begin, end));
const marked = (text, query) => cut(text, marksIn(text, query));

test("an identifier is marked inside code", () => {
  assert.deepEqual(marked("while let Some(r) = set.join_next().await {}", "join_next"), ["join_next"]);
});

test("where the whole query is, only that is marked, with the signs between its words", () => {
  assert.deepEqual(marked("spawn a task with JoinSet::spawn", "JoinSet::spawn"), ["JoinSet::spawn"]);
  assert.deepEqual(marked("let it run while let Some(x) = y", "while let"), ["while let"]);
});

test("otherwise the words are marked, but no short ones by themselves", () => {
  assert.deepEqual(marked("it is a reactor, and there is none running", "there is no reactor running"), [
    "reactor",
    "there is",
    "running",
  ]);
});

test("a short query is marked as it is", () => {
  assert.deepEqual(marked("let x = 1", "x"), ["x"]);
});

test("marks do not overlap and are in the order of the text", () => {
  const text = "send send send, sends and sending a send";
  const marks = marksIn(text, "send send");
  for (const [at, { begin, end }] of marks.entries()) {
    assert.ok(begin < end && begin >= (marks[at - 1]?.end ?? 0), JSON.stringify(marks));
  }
});

test("an excerpt has the part of the text with the whole query", () => {
  const filler = "Some words that fill the page. ".repeat(20);
  const text = `A reactor is running, there is no doubt. ${filler}It says that there is no reactor running, and panics. ${filler}`;
  const excerpt = excerptOf(text, "there is no reactor running");
  assert.match(excerpt.text, /^… .*there is no reactor running, and panics\..* …$/);
  assert.deepEqual(cut(excerpt.text, excerpt.marks), ["there is no reactor running"]);
});

test("of several places, the excerpt has the one with the most terms", () => {
  const filler = "Some words that fill the page. ".repeat(20);
  const text = `A permit. ${filler}A permit of the semaphore. ${filler}`;
  assert.match(excerptOf(text, "semaphore or permit").text, /A permit of the semaphore\./);
});

test("a short text is its own excerpt", () => {
  assert.deepEqual(excerptOf("A short text.", "other"), { text: "A short text.", marks: [] });
  assert.deepEqual(excerptOf(" ", "other"), { text: "", marks: [] });
});
