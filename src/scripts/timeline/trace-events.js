/**
 * A timeline as a file for trace viewers, in Chrome's "Trace Event Format". Each lane is a thread, so that it has a
 * row of its own, and its lifetime is an asynchronous span, because those may overlap in any way.
 */
export const traceEvents = ({ end, lanes, events }) => {
  const pid = 1;
  const threads = new Map(lanes.map((lane, index) => [lane, index + 1]));
  const metadata = (name, tid, args) => ({ ph: "M", name, pid, tid, args });
  const traced = [metadata("process_name", 1, { name: "program" })];
  for (const [lane, tid] of threads) {
    traced.push(metadata("thread_name", tid, { name: lane.name }));
    traced.push(metadata("thread_sort_index", tid, { sort_index: tid }));
    if (lane.created === null) continue;
    const span = { name: lane.name, cat: "lane", id: tid, pid, tid };
    traced.push({ ph: "b", ts: lane.created, ...span }, { ph: "e", ts: lane.ended?.at ?? end, ...span });
  }
  for (const event of events.filter(({ kind }) => kind !== "created")) {
    const { kind, lane, at } = event;
    const common = { cat: kind, pid, tid: threads.get(lane), ts: at };
    if (kind === "polled") {
      const { number, woken, until, busy, outcome } = event;
      const args = { number, woken, busy_ms: busy / 1000, outcome: outcome ?? "pending" };
      traced.push({ ph: "X", name: "poll", dur: until - at, args, ...common });
    } else {
      const name = { woken: "wake-up", marked: event.text, ended: event.outcome }[kind];
      traced.push({ ph: "i", s: "t", name, ...common });
    }
  }
  return JSON.stringify({ displayTimeUnit: "ms", traceEvents: traced });
};
