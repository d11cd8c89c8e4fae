import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { SavedEdits } from "../../src/scripts/program/saved-edits.js";

const [A, B, C] = ["fn a() {}", "fn b() {}", "fn c() {}"];

// As browsers do: the values are properties of their own.
class Storage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, value) {
    this[key] = value;
  }
  removeItem(key) {
    delete this[key];
  }
}

beforeEach(() => {
  globalThis.localStorage = new Storage();
});

const edits = (...programs) => new SavedEdits("gather.html", programs);
const left = (saved, number) => saved.leftAt(number).map(({ text }) => text);

test("an edit stays with its program when others are inserted or removed above it", () => {
  edits(A, B).write(1, "mine", B);
  assert.equal(edits(C, A, B).read(2, B), "mine");
  assert.equal(edits(B).read(0, B), "mine");
  assert.equal(edits(A, B).read(0, A), A);
});

test("an edit that is the original again is not stored", () => {
  edits(A).write(0, "mine", A);
  edits(A).write(0, A, A);
  assert.deepEqual(Object.keys(localStorage), []);
});

test("programs with the same text have edits of their own", () => {
  edits(A, A).write(1, "mine", A);
  assert.equal(edits(A, A).read(0, A), A);
  assert.equal(edits(B, A, A).read(2, A), "mine");
});

test("an edit of a program that has changed is offered where it was, until it is removed", () => {
  edits(A, B).write(1, "mine", B);
  const changed = edits(A, C);
  assert.equal(changed.read(1, C), C);
  assert.deepEqual([left(changed, 0), left(changed, 1)], [[], ["mine"]]);
  // With fewer programs, at the last one.
  assert.deepEqual(left(edits(A), 0), ["mine"]);
  // The program may come back.
  assert.equal(edits(A, B).read(1, B), "mine");
  assert.deepEqual(left(edits(A, B), 1), []);
  changed.leftAt(1)[0].remove();
  assert.deepEqual(left(edits(A, C), 1), []);
});

test("an edit that was stored under the number of its program is kept", () => {
  edits(A, B).write(1, "mine", B);
  const [key] = Object.keys(localStorage);
  const original = Number(key.split(":").at(-1));
  localStorage.removeItem(key);
  localStorage.setItem("workbook-program:gather.html:2", JSON.stringify({ original, text: "mine" }));
  assert.equal(edits(C, A, B).read(2, B), "mine");
  assert.deepEqual(Object.keys(localStorage), [key]);
  localStorage.removeItem(key);
  localStorage.setItem("workbook-program:gather.html:2", JSON.stringify({ original: 1, text: "old" }));
  assert.deepEqual(left(edits(A, C), 1), ["old"]);
});

test("values that are not an edit are ignored", () => {
  localStorage.setItem("workbook-program:gather.html:5", "not JSON");
  assert.equal(edits(A).read(0, A), A);
  assert.deepEqual(left(edits(A), 0), []);
});
