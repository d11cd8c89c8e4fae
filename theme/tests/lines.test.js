import assert from "node:assert/strict";
import test from "node:test";
import { EVENT_LINE_END, EventParser, Lines, NEWLINE } from "../../src/scripts/connection/lines.js";

const split = (lineEnd, ...chunks) => {
  const lines = new Lines(lineEnd);
  return [...chunks.flatMap((chunk) => lines.push(chunk)), ...lines.finish()];
};

const parse = (text) => {
  const parser = new EventParser();
  return split(EVENT_LINE_END, text)
    .map((line) => parser.push(line))
    .filter((event) => event !== null);
};

test("a line is returned when its end has arrived", () => {
  const lines = new Lines(NEWLINE);
  assert.deepEqual(lines.push('{"kind":'), []);
  assert.deepEqual(lines.push('"step"}\n{'), ['{"kind":"step"}']);
  assert.deepEqual(lines.finish(), ["{"]);
  assert.deepEqual(lines.finish(), []);
});

test("wherever a text is cut, its lines are the same", () => {
  const text = "event: step\r\ndata: 1\r\n\r\ndata: 2\n\n";
  const whole = split(EVENT_LINE_END, text);
  for (let cut = 0; cut <= text.length; cut += 1) {
    assert.deepEqual(split(EVENT_LINE_END, text.slice(0, cut), text.slice(cut)), whole, `cut at ${cut}`);
  }
});

test("all line ends of server-sent events are understood", () => {
  assert.deepEqual(split(EVENT_LINE_END, "a\rb\nc\r\nd\n"), ["a", "b", "c", "d"]);
});

test("an event ends with an empty line", () => {
  assert.deepEqual(parse('event: exercise\ndata: {"name":"gather/settle"}\n\n'), [
    { kind: "exercise", data: { name: "gather/settle" } },
  ]);
});

test("data on several lines is joined", () => {
  assert.deepEqual(parse('data: {"a":\ndata: 1}\n\n'), [{ kind: "message", data: { a: 1 } }]);
});

test("comments, unknown fields and events without data are ignored", () => {
  assert.deepEqual(parse(": ping\n\nid: 7\n\nevent: step\n\n"), []);
});

test("an event's kind does not outlive it", () => {
  assert.deepEqual(parse("event: step\n\ndata: 1\n\n"), [{ kind: "message", data: 1 }]);
});

test("one space after the colon belongs to the field, and no more", () => {
  assert.deepEqual(parse('event:step\ndata:"a"\n\nevent:  step\ndata: 1\n\n'), [
    { kind: "step", data: "a" },
    { kind: " step", data: 1 },
  ]);
});
