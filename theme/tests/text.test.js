import assert from "node:assert/strict";
import test from "node:test";
import { capitalized, counted, duration, parseMarkup, unwrapped } from "../../src/scripts/text.js";

test("a noun is in the plural unless there is one", () => {
  assert.equal(counted(0, "test"), "0 tests");
  assert.equal(counted(1, "test"), "1 test");
  assert.equal(counted(2, "test"), "2 tests");
});

test("a duration is rounded down to whole minutes", () => {
  assert.equal(duration(59), "under 1 min");
  assert.equal(duration(60), "1 min");
  assert.equal(duration(3599), "59 min");
  assert.equal(duration(3600), "1 h 0 min");
  assert.equal(duration(7500), "2 h 5 min");
});

test("only the first letter is capitalized", () => {
  assert.equal(capitalized("does not compile"), "Does not compile");
  assert.equal(capitalized(""), "");
});

test("code between backticks is a part of its own", () => {
  assert.deepEqual(parseMarkup("Type `cargo workbook` here."), [
    { text: "Type " },
    { code: "cargo workbook" },
    { text: " here." },
  ]);
});

test("a backtick without a partner on its line is text", () => {
  assert.deepEqual(parseMarkup("a ` b\nc ` d"), [{ text: "a ` b\nc ` d" }]);
});

test("a `Read on:` line becomes a link to the page", () => {
  assert.deepEqual(parseMarkup("They ran in turn.\nRead on: book/gather.html#join"), [
    { text: "They ran in turn.\n" },
    { page: "gather.html#join" },
  ]);
  assert.deepEqual(parseMarkup("Read on: gather.html"), [{ page: "gather.html" }]);
});

test("`Read on:` within a sentence is text", () => {
  assert.deepEqual(parseMarkup("Please Read on: gather.html"), [{ text: "Please Read on: gather.html" }]);
});

test("lines that were broken to fit a terminal are one, and their code is code", () => {
  const report =
    "Downloads of [20, 40, 10] ms should overlap and take 40 ms, as long as the\n" +
    "slowest; they took 70 ms.\n" +
    "This usually means that the futures ran one after the other: `client.get(path)\n" +
    ".await` in a loop.\n" +
    "Read on: book/gather-pitfalls.html#futures-are-lazy";
  const [first, second, last] = unwrapped(report).split("\n");
  assert.match(first, /as long as the slowest; they took 70 ms\.$/);
  assert.deepEqual(parseMarkup(second).slice(1), [{ code: "client.get(path) .await" }, { text: " in a loop." }]);
  assert.equal(last, "Read on: book/gather-pitfalls.html#futures-are-lazy");
});

test("breaks that are not there for the width stay", () => {
  for (const report of ["assertion failed\n  left: 1\n right: 2", "one\n\ntwo", `${"x".repeat(78)}\n  indented`]) {
    assert.equal(unwrapped(report), report);
  }
  assert.equal(unwrapped(`${"x".repeat(79)}\nThis usually means that it waits.`).split("\n").length, 2);
});

test("a word that was cut is whole again", () => {
  assert.equal(unwrapped(`list:\n${"x".repeat(80)}\nyy`), `list: ${"x".repeat(80)}yy`);
});
