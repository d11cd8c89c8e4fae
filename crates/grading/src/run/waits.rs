//! What a report says about lanes, tasks and an answer that wait in vain.

use timeline::{End, LaneRecord, Timeline, Waiting};

use super::clues::Clues;
use crate::words::{ordinal, spell};

/// How many waiting lanes are named. The timeline shows all of them.
const NAMED: usize = 3;

/// Where the book shows a future that stores no waker.
const PENDING_PAGE: &str = "futures.html#a-future-that-is-never-polled-again";

/// Where the book shows a future that keeps the waker of an earlier poll.
const STALE_PAGE: &str = "futures-pitfalls.html#a-stale-waker";

/// Where the book shows a future that is woken and not polled.
const NOT_POLLED_PAGE: &str = "cancellation-futurelock.html";

/// What was seen of the waits, and the page that explains it, if it is one that tells the cause.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Waits {
    pub(super) sentences: Vec<String>,
    pub(super) page: Option<&'static str>,
}

/// A lane or a call that waits.
struct Waiter {
    name: String,
    /// Where it waits, as far as that is known.
    since: String,
    waiting: Waiting,
}

/// What everything waits for when nothing happens any more.
pub(super) fn seen(clues: &Clues) -> Waits {
    let mut waits = match (clues.answer, lanes(clues), calls(clues)) {
        (_, lanes, _) if !lanes.is_empty() => of_several(&lanes),
        (Some(answer), ..) => of_answer(answer.waker_is_stored),
        (None, _, calls) if clues.calls.len() > 1 && !calls.is_empty() => of_several(&calls),
        (None, _, calls) => match calls.first() {
            Some(call) => of_answer(call.waiting == Waiting::Stored),
            None => Waits::default(),
        },
    };
    match clues.tasks {
        0 => {}
        1 => waits.says("1 spawned task has not ended."),
        tasks => waits.says(format!("{tasks} spawned tasks have not ended.")),
    }
    waits
}

impl Waits {
    fn says(&mut self, sentence: impl Into<String>) {
        self.sentences.push(sentence.into());
    }
}

/// The innermost lanes that have not ended.
fn lanes(clues: &Clues) -> Vec<Waiter> {
    let waiter = |index: usize| {
        let lane = &clues.timeline.lanes[index];
        Some(Waiter {
            name: format!("`{}`", lane.name),
            since: waiting_since(lane),
            waiting: clues.waiting[index]?,
        })
    };
    innermost_pending(&clues.timeline)
        .filter_map(waiter)
        .collect()
}

/// The calls of a run in steps that have not ended.
fn calls(clues: &Clues) -> Vec<Waiter> {
    let calls = clues.calls.iter().enumerate();
    let waiter = |(index, stored): (usize, &Option<bool>)| {
        let name = format!("the {} call", ordinal(index + 1));
        let waiting = match (*stored)? {
            true => Waiting::Stored,
            false => Waiting::NotStored,
        };
        Some(Waiter {
            since: name.clone(),
            name,
            waiting,
        })
    };
    calls.filter_map(waiter).collect()
}

fn of_answer(waker_is_stored: bool) -> Waits {
    let mut waits = Waits::default();
    if waker_is_stored {
        waits.says("The waker of your answer is stored, and was not called.");
    } else {
        waits.says(
            "Your answer has returned `Pending`, and no clone of its waker exists: nothing can wake it.",
        );
        waits.page = Some(PENDING_PAGE);
    }
    waits
}

fn of_several(waiters: &[Waiter]) -> Waits {
    let mut waits = Waits::default();
    let since = waiters.iter().map(|waiter| waiter.since.clone());
    waits.says(format!("Still waiting: {}.", first_of(since.collect())));
    let names = |wanted: Waiting| -> Vec<String> {
        let wanted = waiters.iter().filter(|waiter| waiter.waiting == wanted);
        wanted.map(|waiter| waiter.name.clone()).collect()
    };
    let not_stored = names(Waiting::NotStored);
    if !not_stored.is_empty() {
        waits.says(format!(
            "Pending, although no clone of the waker exists, so that nothing can call it: {}.",
            first_of(not_stored)
        ));
        waits.page = Some(PENDING_PAGE);
    }
    let stale = names(Waiting::StoredEarlier);
    if !stale.is_empty() {
        waits.says(format!(
            "A waker of an earlier poll is stored, and not that of the latest: {}.",
            first_of(stale)
        ));
        waits.page = Some(STALE_PAGE);
    }
    let woken = names(Waiting::Woken);
    if !woken.is_empty() {
        waits.says(format!("Woken, and not polled since: {}.", first_of(woken)));
        waits.page = Some(NOT_POLLED_PAGE);
    }
    match names(Waiting::Stored).len() {
        1 if waiters.len() == 1 => waits.says("Its waker is stored, and was not called."),
        stored if stored == waiters.len() => {
            waits.says("Their wakers are stored, and were not called.");
        }
        _ => {}
    }
    waits
}

/// The first of `items`, and how many more there are.
fn first_of(mut items: Vec<String>) -> String {
    if items.len() > NAMED + 1 {
        let more = items.split_off(NAMED).len();
        items.push(format!("and {more} more"));
    }
    items.join(", ")
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

fn innermost_pending(timeline: &Timeline) -> impl Iterator<Item = usize> {
    let pending = |lane: &LaneRecord| lane.end == End::Pending;
    let lanes = timeline.lanes.iter();
    let parents: Vec<_> = lanes
        .filter(|lane| pending(lane))
        .filter_map(|lane| lane.parent)
        .collect();
    let lanes = timeline.lanes.iter().enumerate();
    lanes
        .filter(move |(index, lane)| pending(lane) && !parents.contains(index))
        .map(|(index, _)| index)
}
