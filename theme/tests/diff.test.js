import assert from "node:assert/strict";
import test from "node:test";
import { compareTexts } from "../../src/scripts/diff.js";

const lines = (...lines) => `${lines.join("\n")}\n`;
const texts = (rows) => rows.map((row) => row && (row.skipped ? `(${row.skipped})` : row.text));
const marked = (rows) => rows.filter((row) => row?.differs).map(({ text }) => text);

test("equal texts have no differences", () => {
  const { left, right, differences } = compareTexts("a\nb\n", "a\nb\n");
  assert.equal(differences, 0);
  assert.deepEqual(left, right);
});

test("line ends and the last newline are no difference", () => {
  assert.equal(compareTexts("a\r\nb\r\n", "a\nb").differences, 0);
});

test("a line that one side has is marked, and the other side has a gap there", () => {
  const { left, right, differences } = compareTexts(lines("a", "b", "c"), lines("a", "c"));
  assert.equal(differences, 1);
  assert.deepEqual(texts(left), ["a", "b", "c"]);
  assert.deepEqual(texts(right), ["a", null, "c"]);
  assert.deepEqual(marked(left), ["b"]);
});

test("a changed line is marked on both sides, at the same height", () => {
  const { left, right, differences } = compareTexts(lines("a", "old", "c"), lines("a", "new", "c"));
  assert.equal(differences, 2);
  assert.equal(marked(left).join(), "old");
  assert.equal(marked(right).join(), "new");
  assert.equal(left.length, right.length);
});

test("the longest common subsequence is kept", () => {
  const { left, right } = compareTexts(lines("x", "a", "b", "c"), lines("a", "y", "b", "c", "x"));
  assert.deepEqual(marked(left), ["x"]);
  assert.deepEqual(marked(right), ["y", "x"]);
});

test("equal lines far from any difference are one row", () => {
  const same = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const { left, right } = compareTexts(lines("old", ...same), lines("new", ...same));
  assert.equal(texts(left).at(-1), "(16)");
  assert.equal(texts(right).at(-1), "(16)");
  assert.ok(texts(left).includes("line 3") && !texts(left).includes("line 4"));
});

test("a single equal line is shown rather than counted", () => {
  const same = Array.from({ length: 9 }, (_, index) => `line ${index}`);
  const { left } = compareTexts(lines("old", ...same, "old"), lines("new", ...same, "new"));
  assert.ok(texts(left).includes("line 4"));
});

test("where there are too many pairs of lines, all between the first and last difference counts as different", () => {
  const many = (name) => Array.from({ length: 2001 }, (_, index) => `${name} ${index}`);
  const [left, right] = [many("left"), many("right")];
  left[1000] = "common";
  right[1000] = "common";
  const { differences } = compareTexts(lines("a", ...left, "z"), lines("a", ...right, "z"));
  assert.equal(differences, 2 * 2001);
});
