// The data in a timeline's SVG. All times are in microseconds.

/**
 * Reads the data of a timeline: its `end`, its lanes, its events in their order, and notes on what is not shown.
 * An event has a `kind` ("created", "polled", "woken", "marked" or "ended"), a time `at` and its lane.
 */
export const parseTimeline = (title, json) => {
  const data = JSON.parse(json);
  const lanes = data.lanes.map(makeLane);
  lanes.forEach((lane, index) => {
    lane.parent = lanes.slice(0, index).findLast((other) => other.depth < lane.depth) ?? null;
  });
  const program = makeLane({ name: "the program", depth: 0, left_out: data.left_out });
  const events = data.events.map(([kind, row, at, details]) =>
    addEvent(row === null ? program : lanes[row], kind, at, details),
  );
  addSegments(events.filter(({ kind, at, until }) => kind === "polled" && until > at));
  const hasProgram = program.events.length > 0 || program.omitted > 0;
  const shown = hasProgram ? [program, ...lanes] : lanes;
  const notes = shown
    .filter(({ omitted }) => omitted > 0)
    .map(
      ({ name, omitted }) => `${omitted.toLocaleString("en")} more polls, wake-ups and marks of ${name} are not shown.`,
    );
  if (data.more) notes.push(`Not every lane is shown: ${data.more}.`);
  return { title, end: data.end, lanes: shown, events, notes };
};

const makeLane = ({ name, depth, left_out: omitted = 0 }) => ({
  name,
  depth,
  omitted,
  parent: null,
  created: null,
  ended: null,
  polls: 0,
  events: [],
});

const addEvent = (lane, kind, at, details) => {
  const event = { kind, at, lane };
  if (kind === "created") lane.created = at;
  if (kind === "polled") {
    lane.polls += 1;
    Object.assign(event, { number: lane.polls, woken: false, until: at, busy: 0, outcome: null }, details);
  }
  if (kind === "marked") event.text = details;
  if (kind === "ended") {
    event.outcome = details;
    lane.ended = event;
  }
  lane.events.push(event);
  return event;
};

// Divides each poll that took time into segments: in some the lane itself blocked the thread, in the others an inner
// lane did. A poll that began later and returned earlier ran inside this one.
const addSegments = (polls) => {
  polls.forEach((poll, index) => {
    poll.segments = [];
    let from = poll.at;
    const add = (to, isOwn) => {
      if (from < to) poll.segments.push({ from, to, isOwn });
      from = Math.max(from, to);
    };
    for (const inner of polls.slice(index + 1)) {
      if (inner.at >= poll.until) break;
      if (inner.until > poll.until) continue;
      add(inner.at, poll.busy > 0);
      add(inner.until, false);
    }
    add(poll.until, poll.busy > 0);
  });
};
