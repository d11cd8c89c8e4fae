// What the data in a timeline's SVG says: read, put into words, and written for Perfetto. All times are
// microseconds.
"use strict";

{
  // As the SVG and the book write them.
  const instant = (time) => (time < 10_000_000 ? `${time / 1000} ms` : `${time / 1_000_000} s`);

  // The timeline of an SVG: `end`, the lanes, the events in their order, and notes on what is left out.
  const read = (svg) => {
    const data = JSON.parse(svg.querySelector("metadata").dataset.timeline);
    const lane = ({ name, depth, left_out: leftOut = 0 }) =>
      ({ name, depth, leftOut, inside: null, created: null, ended: null, polls: 0, events: [] });
    const lanes = data.lanes.map(lane);
    lanes.forEach((inner, index) => {
      inner.inside = lanes.slice(0, index).findLast((outer) => outer.depth < inner.depth) ?? null;
    });
    const program = lane({ name: "the program", depth: 0, left_out: data.left_out });
    const events = data.events.map(([kind, row, at, more]) => {
      const event = { kind, at, lane: row === null ? program : lanes[row] };
      if (kind === "created") event.lane.created = at;
      if (kind === "polled") {
        Object.assign(event, { woken: false, until: at, busy: 0, outcome: null }, more);
        event.number = ++event.lane.polls;
      }
      if (kind === "marked") event.text = more;
      if (kind === "ended") event.lane.ended = Object.assign(event, { outcome: more });
      event.lane.events.push(event);
      return event;
    });
    markStretches(events.filter(({ kind, at, until }) => kind === "polled" && until > at));
    const outside = program.events.length > 0 || program.leftOut > 0;
    const all = outside ? [program, ...lanes] : lanes;
    const notes = all.filter(({ leftOut }) => leftOut > 0).map(({ name, leftOut }) =>
      `${leftOut.toLocaleString("en")} more polls, wake-ups and marks of ${name} are left out here.`);
    if (data.more) notes.push(`All this, ${data.more}.`);
    return { title: svg.querySelector("title").textContent, end: data.end, lanes: all, events, notes };
  };

  // What polls that took time are made of: where the lane itself held the thread, and where one inside it
  // did. A poll that began later and returned earlier ran inside this one.
  const markStretches = (polls) => {
    polls.forEach((poll, index) => {
      poll.stretches = [];
      let from = poll.at;
      const add = (to, own) => {
        if (from < to) poll.stretches.push({ from, to, own });
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

  // That a lane was created is worth a word if it was not polled at once.
  const isWorthAWord = ({ kind, at, lane }) =>
    kind !== "created" || lane.events.find((event) => event.kind === "polled")?.at !== at;

  const ENDED = { finished: "finished", dropped: "was dropped", panicked: "panicked" };

  const endOf = ({ outcome, lane }) =>
    ENDED[outcome] + (outcome === "dropped" && lane.polls === 0 ? ", never polled" : "");

  // Why a poll ran and what came of it, in sentences without a name.
  const whyAndWhat = ({ number, woken, at, until, busy, outcome }) => {
    const said = [];
    if (woken) said.push("It was woken.");
    else said.push(number === 1 ? "It is the first." : "Nobody woke it: it was polled along.");
    if (busy > 0) said.push(`It held the thread for ${instant(busy)}.`);
    const inside = until - at - busy;
    if (inside > 0) said.push(`A lane inside held the thread for ${instant(inside)}.`);
    said.push(outcome === null ? "It waits." : `It ${outcome}.`);
    return said.join(" ");
  };

  // An event for somebody who has no picture of it.
  const sentences = (event) => {
    const [name, at] = [event.lane.name, instant(event.at)];
    switch (event.kind) {
      case "polled": return `Poll ${event.number} of ${name} at ${at}. ${whyAndWhat(event)}`;
      case "woken": return `Wake-up of ${name} at ${at}.`;
      case "marked": return `Mark of ${name} at ${at}: ${event.text}`;
      case "ended": return `At ${at}, ${name} ${endOf(event)}.`;
    }
  };

  // The same where the table says when and who.
  const inTable = (event) => {
    switch (event.kind) {
      case "created": return "Created, not polled yet.";
      case "polled": return `Poll ${event.number}. ${whyAndWhat(event)}`;
      case "woken": return "Wake-up.";
      case "marked": return `Mark: ${event.text}`;
      case "ended": return `It ${endOf(event)}.`;
    }
  };

  // Chrome's "Trace Event Format": each lane is a thread, so that it has a row of its own, and its life is
  // an asynchronous span, for those may overlap in any way.
  const traceEvents = ({ end, lanes, events }) => {
    const pid = 1;
    const thread = new Map(lanes.map((lane, index) => [lane, index + 1]));
    const about = (name, tid, args) => ({ ph: "M", name, pid, tid, args });
    const traced = [about("process_name", 1, { name: "program" })];
    for (const [lane, tid] of thread) {
      traced.push(about("thread_name", tid, { name: lane.name }));
      traced.push(about("thread_sort_index", tid, { sort_index: tid }));
      if (lane.created === null) continue;
      const life = { name: lane.name, cat: "lane", id: tid, pid, tid };
      traced.push({ ph: "b", ts: lane.created, ...life }, { ph: "e", ts: lane.ended?.at ?? end, ...life });
    }
    for (const event of events.filter(({ kind }) => kind !== "created")) {
      const { kind, lane, at: ts } = event;
      const common = { cat: kind, pid, tid: thread.get(lane), ts };
      if (kind === "polled") {
        const { number, woken, until, busy, outcome } = event;
        const args = { number, woken, busy_ms: busy / 1000, outcome: outcome ?? "waits" };
        traced.push({ ph: "X", name: "poll", dur: until - ts, args, ...common });
      } else {
        const name = { woken: "wake-up", marked: event.text, ended: event.outcome }[kind];
        traced.push({ ph: "i", s: "t", name, ...common });
      }
    }
    return JSON.stringify({ displayTimeUnit: "ms", traceEvents: traced });
  };

  workbook.timeline = { instant, read, isWorthAWord, sentences, inTable, traceEvents };
}
