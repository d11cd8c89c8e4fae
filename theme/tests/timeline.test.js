import assert from "node:assert/strict";
import test from "node:test";
import { describe, describeInTable, isInTable, timeText } from "../../src/scripts/timeline/describe.js";
import { parseTimeline } from "../../src/scripts/timeline/model.js";
import { MARGIN, Scale } from "../../src/scripts/timeline/scale.js";
import { traceEvents } from "../../src/scripts/timeline/trace-events.js";

// A call inside a handler: polled at 0 ms, woken and polled again at 300 ms.
const DATA = {
  end: 400_000,
  lanes: [
    { name: "handler", depth: 0 },
    { name: "call", depth: 1, left_out: 1234 },
  ],
  events: [
    ["created", 0, 0],
    ["polled", 0, 0, { until: 100_000, busy: 40_000 }],
    ["created", 1, 0],
    ["polled", 1, 20_000, { until: 80_000, busy: 60_000 }],
    ["woken", 1, 300_000],
    ["polled", 1, 300_000, { woken: true, outcome: "finished" }],
    ["ended", 1, 300_000, "finished"],
    ["marked", null, 350_000, "after the call"],
    ["ended", 0, 400_000, "dropped"],
  ],
};

const timeline = (data = DATA) => parseTimeline("A call", JSON.stringify(data));

test("a lane knows its parent and its lifetime", () => {
  const { lanes, end, title } = timeline();
  const [, handler, call] = lanes;
  assert.deepEqual([title, end, call.parent, handler.parent], ["A call", 400_000, handler, null]);
  assert.deepEqual([call.created, call.ended.at, call.polls], [0, 300_000, 2]);
});

test("a lane's parent is the nearest one before it that is less deep", () => {
  const lanes = [0, 1, 2, 1].map((depth, index) => ({ name: `${index}`, depth }));
  const parents = timeline({ end: 1, lanes, events: [] }).lanes.map(({ parent }) => parent?.name);
  assert.deepEqual(parents, [undefined, "0", "1", "0"]);
});

test("events outside any lane go into a lane for the program", () => {
  assert.equal(timeline().lanes[0].name, "the program");
  const without = { ...DATA, events: DATA.events.filter(([, lane]) => lane !== null) };
  assert.deepEqual(
    timeline(without).lanes.map(({ name }) => name),
    ["handler", "call"],
  );
});

test("a note says what is left out", () => {
  const { notes } = timeline({ ...DATA, more: "and 60 more" });
  assert.deepEqual(notes, [
    "1,234 more polls, wake-ups and marks of call are not shown.",
    "Not every lane is shown: and 60 more.",
  ]);
});

test("a poll is divided where a poll inside it ran", () => {
  const [handler] = timeline().events.filter(({ kind }) => kind === "polled");
  assert.deepEqual(handler.segments, [
    { from: 0, to: 20_000, isOwn: true },
    { from: 20_000, to: 80_000, isOwn: false },
    { from: 80_000, to: 100_000, isOwn: true },
  ]);
});

test("a poll on another thread that ends later does not divide it", () => {
  const events = [
    ["polled", 0, 0, { until: 100, busy: 100 }],
    ["polled", 1, 50, { until: 150, busy: 100 }],
  ];
  const [first] = timeline({ ...DATA, events }).events;
  assert.deepEqual(first.segments, [{ from: 0, to: 100, isOwn: true }]);
});

test("times are in milliseconds up to 10 s", () => {
  assert.deepEqual([0, 1500, 9_999_000, 10_000_000].map(timeText), ["0 ms", "1.5 ms", "9999 ms", "10 s"]);
});

test("each event is described in sentences", () => {
  assert.deepEqual(
    timeline()
      .events.filter(({ kind }) => kind !== "created")
      .map(describe),
    [
      "Poll 1 of handler at 0 ms, the first. It blocked the thread for 40 ms. An inner lane blocked it for 60 ms. It " +
        "returned Pending.",
      "Poll 1 of call at 20 ms, the first. It blocked the thread for 60 ms. It returned Pending.",
      "Wake-up of call at 300 ms.",
      "Poll 2 of call at 300 ms, after a wake-up. It finished.",
      "At 300 ms, call finished.",
      "Mark of the program at 350 ms: after the call",
      "At 400 ms, handler was dropped.",
    ],
  );
});

test("describes a poll without a wake-up, and a drop before the first poll", () => {
  const events = [
    ["polled", 0, 0],
    ["polled", 0, 1000],
    ["created", 1, 0],
    ["ended", 1, 2000, "dropped"],
  ];
  const { events: parsed } = timeline({ ...DATA, events });
  assert.match(describe(parsed[1]), /without a wake-up\./);
  assert.equal(describeInTable(parsed[3]), "It was dropped before its first poll.");
});

test("the table has the creation of a lane only if its first poll came later", () => {
  const rows = timeline().events.filter(isInTable);
  assert.deepEqual(
    rows.filter(({ kind }) => kind === "created").map(({ lane }) => lane.name),
    ["call"],
  );
  assert.equal(describeInTable(rows[1]), "Created, not polled yet.");
});

test("time is drawn to scale", () => {
  const scale = new Scale({ end: 100, events: [0, 50, 100].map((at) => ({ kind: "woken", at })) });
  scale.fit(2 * MARGIN + 1000);
  assert.deepEqual(
    scale.instants.map(({ at, first }) => scale.at(at, first)),
    [MARGIN, MARGIN + 500, MARGIN + 1000],
  );
});

test("events of one instant are drawn one after the other, in their order", () => {
  const { end, events } = timeline();
  const scale = new Scale({ end, events });
  scale.fit(2 * MARGIN + 1000);
  const places = events.filter(({ at }) => at === 300_000).map((event) => scale.of(event));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.ok(places[1] - places[0] > 20, `${places}`);
  assert.equal(scale.begin(300_000), places[0]);
  // The last event is at the right edge.
  assert.equal(Math.round(scale.of(events.at(-1))), MARGIN + 1000);
});

test("the order of events takes at most half of the width", () => {
  const events = Array.from({ length: 1000 }, () => ({ kind: "woken", at: 0 }));
  const scale = new Scale({ end: 100, events });
  scale.fit(2 * MARGIN + 1000);
  assert.equal(Math.round(scale.begin(100) - scale.begin(0)), 1000);
  assert.ok(Math.abs(scale.of(events.at(-1)) - MARGIN - 500) < 1);
});

test("at a comfortable width neighbours are apart", () => {
  const events = [0, 1, 1000].map((at) => ({ kind: "woken", at }));
  const scale = new Scale({ end: 1000, events });
  scale.fit(scale.comfortableWidth);
  assert.ok(scale.of(events[1]) - scale.of(events[0]) >= 24);
});

test("a timeline in which no time passes can be drawn", () => {
  const scale = new Scale({ end: 0, events: [{ kind: "woken", at: 0 }] });
  scale.fit(500);
  assert.deepEqual([scale.ticks(), scale.at(0, 0)], [[0], MARGIN]);
});

test("ticks are round, and far enough apart for their labels", () => {
  const scale = new Scale({ end: 750_000, events: [] });
  scale.fit(2 * MARGIN + 700);
  const ticks = scale.ticks();
  assert.deepEqual(ticks, [0, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000]);
  scale.fit(2 * MARGIN + 200);
  assert.deepEqual(scale.ticks(), [0, 500_000]);
});

test("the nearest event is found, and the first of two that are equally near", () => {
  const events = [0, 10, 10, 100].map((at, index) => ({ kind: "woken", at, index }));
  const scale = new Scale({ end: 100, events });
  scale.fit(2 * MARGIN + 100);
  assert.equal(scale.nearest(events, scale.of(events[1]) + 1).index, 1);
  const middle = (scale.of(events[0]) + scale.of(events[3])) / 2;
  assert.equal(scale.nearest([events[0], events[3]], middle).index, 0);
  assert.equal(scale.nearest(events, 1000).index, 3);
  assert.equal(scale.nearest([], 0), null);
});

test("a trace has a thread for each lane, with its polls and its lifetime", () => {
  const { traceEvents: traced } = JSON.parse(traceEvents(timeline()));
  const names = traced.filter(({ name }) => name === "thread_name").map(({ args }) => args.name);
  assert.deepEqual(names, ["the program", "handler", "call"]);
  const polls = traced.filter(({ ph }) => ph === "X");
  assert.deepEqual(
    polls.map(({ tid, ts, dur }) => [tid, ts, dur]),
    [
      [2, 0, 100_000],
      [3, 20_000, 60_000],
      [3, 300_000, 0],
    ],
  );
  assert.deepEqual(polls[0].args, { number: 1, woken: false, busy_ms: 40, outcome: "pending" });
  const lives = traced.filter(({ ph }) => "be".includes(ph)).map(({ ph, tid, ts }) => [ph, tid, ts]);
  assert.deepEqual(lives, [
    ["b", 2, 0],
    ["e", 2, 400_000],
    ["b", 3, 0],
    ["e", 3, 300_000],
  ]);
  const instants = traced.filter(({ ph }) => ph === "i").map(({ name }) => name);
  assert.deepEqual(instants, ["wake-up", "finished", "after the call", "dropped"]);
});
