//! The reports of answers that never end.

use std::time::Duration;

use timeline::{End, LaneRecord, Timeline};

use super::Seen;
use super::place::Place;
use super::pulse::Stop;
use crate::clock::spell;
use crate::report::{Report, one_test};

/// How many lanes that wait are named; the timeline shows all of them.
const NAMED: usize = 3;

/// The report of a run that was stopped for `stop`.
pub(super) fn report(stop: Stop, place: &Place, mut timeline: Timeline, seen: &mut Seen) -> Report {
    let end = timeline.end;
    let mut beginning = || seen.first_steps.take();
    match stop {
        // Not reached with a miss at hand, which has a report of its own.
        Stop::Missed => Report::new("A check missed."),
        Stop::Idle(quiet) => {
            timeline.end = end.saturating_sub(quiet);
            idle(place, timeline)
        }
        Stop::Endless(after) => endless(after, beginning().unwrap_or(timeline)),
        Stop::Spinning(real_time) => spinning(real_time, beginning().unwrap_or(timeline)),
        Stop::Blocked(real_time) => blocked(real_time, timeline),
        Stop::Slow(real_time) => slow(real_time, beginning().unwrap_or(timeline)),
    }
}

/// The report of an answer that was pending `waits` times and is not finished.
pub(crate) fn unfinished(waits: usize, beginning: Timeline) -> Report {
    Report::new(format!(
        "Hangs: your answer was not finished after it had waited {waits} times.{}",
        shown(&beginning)
    ))
    .usually("a loop with an end that never comes.")
    .timeline(beginning)
}

/// The report of a run in which a poll has not returned for `real_time`.
pub(super) fn no_return(test: &str, real_time: Duration, mut timeline: Timeline) -> Report {
    cut_running_polls(&mut timeline, real_time);
    let others = if one_test() {
        "."
    } else {
        ", so the tests end here. Run one exercise alone to keep the verdicts of the others."
    };
    Report::new(format!(
        "Hangs: in `{test}` a poll has not returned for {} of real time. Nothing else can run{others}",
        spell(real_time)
    ))
    .usually(
        "a loop that never awaits, or a call that blocks its thread, such as `block_on`, \
         `std::thread::sleep` or locking a `Mutex` that is still held. A guard in the head of a `match` or an \
         `if let` is held to its end, over every `.await` in there.",
    )
    .read("event-loop-blocking.html#a-blocking-call-stops-the-event-loop")
    .timeline(timeline)
}

/// Lets polls that have not returned end after `real_time`: how much later they were found is a matter
/// of luck.
fn cut_running_polls(timeline: &mut Timeline, real_time: Duration) {
    let polls = timeline.lanes.iter_mut().flat_map(|lane| &mut lane.polls);
    let running = polls.filter(|poll| poll.until == timeline.end);
    let cut = running.map(|poll| {
        poll.until = poll.until.min(poll.at + real_time);
        poll.busy = poll.busy.min(real_time);
        poll.until
    });
    timeline.end = cut.max().unwrap_or(timeline.end);
}

/// What is waited for in vain most often, by chapter and exercise.
fn in_vain(chapter: &str, exercise: Option<&str>) -> (&'static str, &'static str) {
    match (chapter, exercise) {
        ("futures", _) => (
            "says `Pending`, and nobody has its waker",
            "futures.html#a-future-that-is-never-polled-again",
        ),
        ("tasks", _) => (
            "waits for the end of tasks that never end, or for a tracker that nobody has closed",
            "tasks-pitfalls.html#a-tasktracker-that-is-never-closed",
        ),
        ("semaphores", _) => (
            "waits for a permit that nobody gives back",
            "semaphores-pitfalls.html#by-hand-and-never-again",
        ),
        ("locks", _) => (
            "waits for a ring that came before, or that went to somebody else",
            "locks-signals-pitfalls.html#rung-for-nobody",
        ),
        ("queues", Some("UrgentFirst")) => (
            "waits for a place, a sample or a wake-up that was meant for somebody who has left, and is lost",
            "queues-inside.html#by-hand",
        ),
        ("queues", _) => (
            "waits for the end of a queue of which somebody still has a sender",
            "queues-pitfalls.html#a-sender-that-nobody-uses",
        ),
        ("cancellation", _) => (
            "waits for an `else` that is never reached, because one branch never drops out; or for a call that it does \
             not poll any more",
            "cancellation-select-pitfalls.html#else-does-not-run-while-a-branch-is-pending",
        ),
        _ => (
            "waits for something that never comes. Is what it needs there already?",
            "gather-pitfalls.html#a-limit-of-zero",
        ),
    }
}

fn idle(place: &Place, timeline: Timeline) -> Report {
    let (waits, page) = in_vain(&place.chapter, place.exercise());
    Report::new(format!(
        "Hangs: nothing happened after {}, for an hour of virtual time.{}",
        spell(timeline.end),
        who_waits(&timeline)
    ))
    .usually(format!("that it {waits}"))
    .read(page)
    .timeline(timeline)
}

fn endless(after: Duration, beginning: Timeline) -> Report {
    let after = match after {
        super::FAR => "an hour".to_owned(),
        after => spell(after),
    };
    Report::new(format!(
        "Hangs: your answer was still running after {after} of virtual time.{}",
        shown(&beginning)
    ))
    .usually("a loop with an end that never comes.")
    .timeline(beginning)
}

fn spinning(real_time: Duration, beginning: Timeline) -> Report {
    Report::new(format!(
        "Hangs: for {} of real time your answer was polled again and again, and virtual time could \
         not move on.{}",
        spell(real_time),
        shown(&beginning)
    ))
    .usually(
        "a loop that yields until something changes. A future that waits leaves its waker and is \
         polled again when it is woken.",
    )
    .read("futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself")
    .timeline(beginning)
}

fn blocked(real_time: Duration, timeline: Timeline) -> Report {
    Report::new(format!(
        "Hangs: everything has waited for {} of real time for a blocking job that does not return.",
        spell(real_time)
    ))
    .usually("a closure in `spawn_blocking` that never ends, or that waits for the runtime.")
    .read("event-loop-blocking.html#a-blocking-call-stops-the-event-loop")
    .timeline(timeline)
}

fn slow(real_time: Duration, beginning: Timeline) -> Report {
    Report::new(format!(
        "Hangs: your answer was still running after {} of real time. Virtual time takes none.{}",
        spell(real_time),
        shown(&beginning)
    ))
    .usually(
        "a `std::thread::sleep` or a long computation, again and again, or a call of \
         `tokio::time::resume`, which makes the clock a real one.",
    )
    .read("event-loop-blocking.html#a-blocking-call-stops-the-event-loop")
    .timeline(beginning)
}

/// Says that the timeline is not all of it, if it is drawn.
fn shown(beginning: &Timeline) -> &'static str {
    if beginning.lanes.is_empty() {
        ""
    } else {
        " The timeline shows how it began."
    }
}

/// Names the open lanes that wait, innermost only, and since when.
fn who_waits(timeline: &Timeline) -> String {
    let waiting: Vec<_> = innermost_open(timeline).map(says).collect();
    match waiting.len() {
        0 => String::new(),
        count if count <= NAMED + 1 => format!(" {}.", waiting.join(", ")),
        count => format!(
            " {}, and {} more.",
            waiting[..NAMED].join(", "),
            count - NAMED
        ),
    }
}

/// A lane waits since it was polled for a reason of its own. That somebody polled it along later, on
/// the way to another lane, changed nothing.
fn says(lane: &LaneRecord) -> String {
    let own = lane.polls.iter().rfind(|poll| poll.woken);
    match own.or(lane.polls.first()) {
        Some(poll) => format!("`{}` waits since {}", lane.name, spell(poll.at)),
        None => format!("`{}` was never polled", lane.name),
    }
}

fn innermost_open(timeline: &Timeline) -> impl Iterator<Item = &LaneRecord> {
    let open = |lane: &&LaneRecord| lane.end == End::Open;
    let parents: Vec<_> = timeline
        .lanes
        .iter()
        .filter(open)
        .filter_map(|lane| lane.parent)
        .collect();
    let lanes = timeline.lanes.iter().enumerate();
    lanes
        .filter(move |(index, _)| !parents.contains(index))
        .map(|(_, lane)| lane)
        .filter(open)
}
