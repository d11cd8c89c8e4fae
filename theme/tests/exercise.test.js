import assert from "node:assert/strict";
import test from "node:test";
import { firstFailure, mostLikelyCauseFirst } from "../../src/scripts/exercise/order.js";

const tests = (...outcomes) => outcomes.map((outcome, index) => ({ name: `test ${index}`, outcome }));

test("the first failure is of a test that ran", () => {
  const all = tests("passed", "not-run", "failed", "hangs");
  assert.equal(firstFailure(all), all[2]);
});

test("if no test ran, the first of them is shown", () => {
  const all = tests("passed", "not-run", "not-run");
  assert.equal(firstFailure(all), all[1]);
});

test("if all pass, none is shown", () => {
  assert.equal(firstFailure(tests("passed", "passed")), null);
});

test("a future that is not used is the most likely cause", () => {
  const [dead, unused, other] = ["dead_code", "unused_must_use", null].map((code) => ({ code }));
  assert.deepEqual(mostLikelyCauseFirst([dead, unused, other]), [unused, dead, other]);
});
