import assert from "node:assert/strict";
import test from "node:test";
import { partsOf } from "../../src/scripts/names.js";

const parts = (name) => partsOf(name).join("|");

test("a path is broken after its separators", () => {
  assert.equal(parts("mpsc::Sender::try_send"), "mpsc::|Sender::|try_|send");
  assert.equal(parts("projects/service"), "projects/|service");
});

test("a method is broken before its dot", () => {
  assert.equal(parts("set.shutdown().await"), "set|.shutdown()|.await");
});

test("a type is broken before its capital letters", () => {
  assert.equal(parts("CancellationToken"), "Cancellation|Token");
  assert.equal(parts("HTTP"), "HTTP");
});

test("arguments are broken from the call, and empty parentheses are not", () => {
  assert.equal(parts("sleep_until(deadline)"), "sleep_|until(|deadline)");
  assert.equal(parts("close()"), "close()");
});

test("what has no parts stays whole", () => {
  assert.equal(parts("1.54"), "1.54");
  assert.equal(parts("0..n"), "0..n");
  assert.deepEqual(partsOf(""), []);
});
