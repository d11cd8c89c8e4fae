//! The reports of answers that never end.

use std::time::Duration;

use timeline::{End, LaneRecord, Timeline};

use super::activity::{FAR, Stop};
use super::test_name::TestName;
use crate::cause::Cause;
use crate::report::{Report, one_test};
use crate::words::spell;

/// How many waiting lanes are named. The timeline shows all of them.
const NAMED: usize = 3;

/// Where the book explains blocking.
const BLOCKING_PAGE: &str = "event-loop-blocking.html#a-blocking-call-stops-the-event-loop";

/// The report of a run that was stopped for `stop`. `beginning` is the timeline of its first steps.
pub(super) fn report(
    stop: Stop,
    test: &TestName,
    mut timeline: Timeline,
    beginning: Option<Timeline>,
) -> Report {
    let end = timeline.end;
    match stop {
        // Not reached: a failed check has a report of its own.
        Stop::CheckFailed => Report::new("A check failed."),
        Stop::Idle(quiet) => {
            timeline.end = end.saturating_sub(quiet);
            idle(test, timeline).cause(Cause::Idle)
        }
        Stop::Endless(after) => endless(after, beginning.unwrap_or(timeline)).cause(Cause::Endless),
        Stop::Spinning(real_time) => {
            spinning(real_time, beginning.unwrap_or(timeline)).in_real_time()
        }
        Stop::WaitingForThread(real_time) => waiting_for_thread(real_time, timeline).in_real_time(),
        Stop::Slow(real_time) => slow(real_time, beginning.unwrap_or(timeline)).in_real_time(),
    }
}

/// The report of an answer that was pending `waits` times and has not finished.
pub(crate) fn unfinished(waits: usize, beginning: Timeline) -> Report {
    Report::new(format!(
        "Hangs: your answer was pending {waits} times and had still not finished.{}",
        shown(&beginning)
    ))
    .usually("a loop that never ends.")
    .timeline(beginning)
}

/// The report of a run in which a poll has not returned for `real_time`.
pub(super) fn endless_poll(test: &str, real_time: Duration, mut timeline: Timeline) -> Report {
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
    .in_real_time()
    .usually(
        "a loop that never awaits, or a call that blocks its thread, such as `block_on`, \
         `std::thread::sleep` or locking a `Mutex` that is still held. A guard in the head of a `match` or an \
         `if let` is held until the end of that block, across every `.await` in it.",
    )
    .read(BLOCKING_PAGE)
    .timeline(timeline)
}

/// Lets polls that have not returned end after `real_time`: how much later the watchdog found them varies.
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

/// What answers of this chapter and exercise most often wait for in vain, to complete "This
/// usually means", and where the book explains it.
fn usual_wait(chapter: &str, exercise: Option<&str>) -> (&'static str, &'static str) {
    match (chapter, exercise) {
        ("futures", _) => (
            "that a future returned `Pending` without arranging for its waker to be called.",
            "futures.html#a-future-that-is-never-polled-again",
        ),
        ("tasks", _) => (
            "that it waits for tasks that never end, or for a tracker that was never closed.",
            "tasks-pitfalls.html#a-tasktracker-that-is-never-closed",
        ),
        ("semaphores", _) => (
            "that it waits for a permit that is never returned.",
            "semaphores-pitfalls.html#forget-and-add_permits-lose-permits",
        ),
        ("locks", _) => (
            "that it waits for a notification that came before, or that went to another waiter.",
            "locks-notification-pitfalls.html#notify_waiters-wakes-only-current-waiters",
        ),
        ("queues", Some("BoundedPriorityQueue")) => (
            "that it waits for a slot, a message or a wake-up that went to a cancelled waiter and was lost.",
            "queues-build-channel.html#a-bounded-channel-by-hand",
        ),
        ("queues", _) => (
            "that it waits for a channel to close while a sender of it still exists.",
            "queues-pitfalls.html#a-forgotten-sender-keeps-the-channel-open",
        ),
        ("cancellation", _) => (
            "that it waits for the `else` of a `select!` in which one branch is never disabled, or for a future that it \
             no longer polls.",
            "cancellation-select.html#branches-patterns-and-handlers",
        ),
        _ => (
            "that it waits for something that never comes. Perhaps it came before the wait began.",
            "gather-pitfalls.html#a-limit-of-zero",
        ),
    }
}

fn idle(test: &TestName, timeline: Timeline) -> Report {
    let (usually, page) = usual_wait(&test.chapter, test.exercise());
    Report::new(format!(
        "Hangs: nothing happened after {}, for an hour of virtual time.{}",
        spell(timeline.end),
        still_waiting(&timeline)
    ))
    .usually(usually)
    .read(page)
    .timeline(timeline)
}

fn endless(after: Duration, beginning: Timeline) -> Report {
    let after = match after {
        FAR => "an hour".to_owned(),
        after => spell(after),
    };
    Report::new(format!(
        "Hangs: your answer was still running after {after} of virtual time.{}",
        shown(&beginning)
    ))
    .usually("a loop that never ends.")
    .timeline(beginning)
}

fn spinning(real_time: Duration, beginning: Timeline) -> Report {
    Report::new(format!(
        "Hangs: for {} of real time your answer was polled again and again, and virtual time could \
         not advance.{}",
        spell(real_time),
        shown(&beginning)
    ))
    .usually(
        "a loop that yields until something changes. A future that waits stores its waker, and is \
         polled again when it is woken.",
    )
    .read("futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself")
    .timeline(beginning)
}

fn waiting_for_thread(real_time: Duration, timeline: Timeline) -> Report {
    Report::new(format!(
        "Hangs: for {} of real time everything has waited for a blocking job that does not return.",
        spell(real_time)
    ))
    .usually("a closure in `spawn_blocking` that never ends, or that waits for the runtime.")
    .read(BLOCKING_PAGE)
    .timeline(timeline)
}

fn slow(real_time: Duration, beginning: Timeline) -> Report {
    Report::new(format!(
        "Hangs: your answer was still running after {} of real time. Waiting in virtual time takes no real time.{}",
        spell(real_time),
        shown(&beginning)
    ))
    .usually(
        "a `std::thread::sleep` or a long computation, again and again, or a call of \
         `tokio::time::resume`, which makes tokio's clock follow real time.",
    )
    .read(BLOCKING_PAGE)
    .timeline(beginning)
}

/// Says that the timeline is only the beginning, if it is drawn.
fn shown(beginning: &Timeline) -> &'static str {
    if beginning.lanes.is_empty() {
        ""
    } else {
        " The timeline shows how it began."
    }
}

/// Names the innermost lanes that wait, and since when.
fn still_waiting(timeline: &Timeline) -> String {
    let mut waiting: Vec<_> = innermost_pending(timeline).map(waiting_since).collect();
    if waiting.len() > NAMED + 1 {
        let more = waiting.split_off(NAMED).len();
        waiting.push(format!("and {more} more"));
    }
    if waiting.is_empty() {
        String::new()
    } else {
        format!(" Still waiting: {}.", waiting.join(", "))
    }
}

/// A lane has been waiting since it was polled for a reason of its own. A later poll on the way to another
/// lane changed nothing.
fn waiting_since(lane: &LaneRecord) -> String {
    let own = lane.polls.iter().rfind(|poll| poll.woken);
    match own.or(lane.polls.first()) {
        Some(poll) => format!("`{}` since {}", lane.name, spell(poll.at)),
        None => format!("`{}`, which was never polled", lane.name),
    }
}

fn innermost_pending(timeline: &Timeline) -> impl Iterator<Item = &LaneRecord> {
    let pending = |lane: &&LaneRecord| lane.end == End::Pending;
    let parents: Vec<_> = timeline
        .lanes
        .iter()
        .filter(pending)
        .filter_map(|lane| lane.parent)
        .collect();
    let lanes = timeline.lanes.iter().enumerate();
    lanes
        .filter(move |(index, _)| !parents.contains(index))
        .map(|(_, lane)| lane)
        .filter(pending)
}
