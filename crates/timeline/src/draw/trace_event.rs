//! Chrome's trace-event format.
//!
//! Described in "Trace Event Format" by the authors of Chrome's tracing; Perfetto reads it, too. Times
//! are microseconds. Every lane is a thread, so that each has a row of its own.

use std::time::Duration;

use serde_json::{Value, json};

use super::words;
use crate::model::{End, LaneRecord, Timeline};

/// Everything happens in one process.
const PROCESS: usize = 1;
/// The thread of marks outside any lane; lanes follow.
const PROGRAM: usize = 1;

pub(crate) fn write(timeline: &Timeline) -> String {
    let mut events = vec![
        metadata("process_name", PROGRAM, json!({ "name": "program" })),
        metadata(
            "thread_name",
            PROGRAM,
            json!({ "name": "outside any lane" }),
        ),
        metadata(
            "thread_sort_index",
            PROGRAM,
            json!({ "sort_index": PROGRAM }),
        ),
    ];
    let marks = timeline.marks.iter();
    events.extend(marks.map(|mark| instant(&mark.text, "mark", PROGRAM, mark.at)));
    for (index, lane) in timeline.lanes.iter().enumerate() {
        let thread = PROGRAM + 1 + index;
        events.extend(lane_events(lane, thread, timeline.end));
    }
    json!({ "displayTimeUnit": "ms", "traceEvents": events }).to_string()
}

fn lane_events(lane: &LaneRecord, thread: usize, end: Duration) -> Vec<Value> {
    let mut events = vec![
        metadata("thread_name", thread, json!({ "name": lane.name })),
        metadata("thread_sort_index", thread, json!({ "sort_index": thread })),
        life("b", lane, thread, lane.created),
    ];
    events.extend(lane.polls.iter().map(|poll| {
        json!({
            "ph": "X", "name": "poll", "cat": "poll", "pid": PROCESS, "tid": thread,
            "ts": microseconds(poll.at),
            "dur": microseconds(poll.until.saturating_sub(poll.at)),
            "args": {
                "woken": poll.woken,
                "outcome": format!("{:?}", poll.outcome),
                "busy_ms": microseconds(poll.busy) / 1000.0,
            },
        })
    }));
    let wakes = lane.wakes.iter();
    events.extend(wakes.map(|at| instant("wake-up", "wake", thread, *at)));
    let marks = lane.marks.iter();
    events.extend(marks.map(|mark| instant(&mark.text, "mark", thread, mark.at)));
    if let Some(at) = lane.end.at() {
        let name = match lane.end {
            End::Finished(_) => "finished".to_owned(),
            _ => words::ending(lane.end),
        };
        events.push(instant(&name, "end", thread, at));
    }
    events.push(life("e", lane, thread, lane.end.at().unwrap_or(end)));
    events
}

fn metadata(name: &str, thread: usize, args: Value) -> Value {
    json!({ "ph": "M", "name": name, "pid": PROCESS, "tid": thread, "args": args })
}

fn instant(name: &str, category: &str, thread: usize, at: Duration) -> Value {
    json!({
        "ph": "i", "s": "t", "name": name, "cat": category, "pid": PROCESS, "tid": thread,
        "ts": microseconds(at),
    })
}

/// The beginning or the end of a lane's span. Spans may overlap in any way, which threads' slices may
/// not, so these are asynchronous ones.
fn life(phase: &str, lane: &LaneRecord, thread: usize, at: Duration) -> Value {
    json!({
        "ph": phase, "name": lane.name, "cat": "lane", "id": thread, "pid": PROCESS, "tid": thread,
        "ts": microseconds(at),
    })
}

fn microseconds(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e3
}
