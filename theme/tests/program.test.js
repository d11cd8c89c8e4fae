import assert from "node:assert/strict";
import test from "node:test";
import { cutAtLine, takeFrom } from "../../src/scripts/program/chunks.js";
import { lineSpan, worstByLine } from "../../src/scripts/program/lines.js";
import { compareWithBook, isRightPrediction, panicLine, panicMessage } from "../../src/scripts/program/result.js";

const PANIC =
  "warning from the program\n\n" +
  "thread 'main' (12345) panicked at src/main.rs:7:5:\nno permit left\n" +
  "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";

test("blank lines and spaces around an output make no difference", () => {
  assert.equal(compareWithBook("ready\n", "\nready \n"), "Same as in the book.");
  assert.equal(compareWithBook("ready\n", "rea dy\n"), "This differs from the book.");
});

test("the same error may have a different message", () => {
  const book = "error[E0308]: mismatched types";
  assert.match(compareWithBook(book, "error[E0308]: expected `u32`"), /^The same error/);
  assert.match(compareWithBook(book, "error[E0277]: not a future"), /differs/);
});

test("a prediction may differ in blanks and case, and may be of the last line alone", () => {
  assert.ok(isRightPrediction("The bulletin is ready after 750 ms", "a\nthe bulletin is ready after 750ms\n"));
  assert.ok(isRightPrediction("a b", "a\nb\n"));
  assert.ok(!isRightPrediction("a", "a\nb\n"));
});

test("an empty prediction is wrong, even if nothing is printed", () => {
  assert.ok(!isRightPrediction("  ", ""));
});

test("a panic's message is shown as in the book", () => {
  assert.equal(panicMessage(PANIC), "thread 'main' panicked at src/main.rs:7:5:\nno permit left\n");
  assert.equal(panicLine(PANIC), 7);
});

test("a panic in a library is shown without cargo's folder", () => {
  const stderr = "thread 'main' panicked at /home/a/.cargo/registry/src/index-1/futures-0.3/src/lib.rs:1:2:\ndone\n";
  assert.equal(panicMessage(stderr), "thread 'main' panicked at futures-0.3/src/lib.rs:1:2:\ndone\n");
  assert.equal(panicLine(stderr), null);
});

test("without a panic there is no message", () => {
  assert.deepEqual([panicMessage("all is well\n"), panicLine("all is well\n")], ["", null]);
});

test("a mark covers the text of its line, without the indentation", () => {
  const text = "fn main() {\n    let x = 1;\n}\n";
  const { begin, end } = lineSpan(text, 2);
  assert.equal(text.slice(begin, end), "let x = 1;");
  assert.deepEqual(lineSpan(text, 1), { begin: 0, end: 11 });
  const { begin: start, end: stop } = lineSpan(text, 99);
  assert.ok(start === stop && start >= text.length);
});

test("a line has one mark, for its first error or else for a warning", () => {
  const [warning, error, other] = ["warning", "error", "error"].map((level, index) => ({ line: 2, level, index }));
  const elsewhere = { line: 5, level: "warning" };
  assert.deepEqual(worstByLine([warning, error, other, elsewhere, { line: null, level: "error" }]), [error, elsewhere]);
  assert.deepEqual(worstByLine([error, warning]), [error]);
});

test("output is taken in order, and neighbours of the same stream are joined", () => {
  const queue = ["a", "b"].map((text) => ({ stream: "stdout", text }));
  queue.push({ stream: "stderr", text: "cdef" }, { stream: "stdout", text: "g" });
  assert.deepEqual(takeFrom(queue, 4), [
    { stream: "stdout", text: "ab" },
    { stream: "stderr", text: "cd" },
  ]);
  assert.deepEqual(queue, [
    { stream: "stderr", text: "ef" },
    { stream: "stdout", text: "g" },
  ]);
});

test("a block ends at the end of a line", () => {
  assert.equal(cutAtLine("ab\ncdef\ng\n", 4, 4), 8);
  assert.equal(cutAtLine("ab\n", 4, 4), 4);
});

test("a line that is too long is cut", () => {
  assert.equal(cutAtLine(`${"x".repeat(100)}\n`, 4, 4), 4);
  assert.equal(cutAtLine(`${"x".repeat(100)}\n`, -2, 4), 4);
});
