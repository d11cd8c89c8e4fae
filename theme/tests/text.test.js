import assert from "node:assert/strict";
import test from "node:test";
import { capitalized, counted, duration, parseMarkup } from "../../src/scripts/text.js";

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
