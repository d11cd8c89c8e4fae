//! Polling a future with every short sequence of wakers.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::check::check;
use crate::failure::Failure;
use crate::run::{Body, Run, pass};
use crate::test_waker::TestWaker;
use crate::words::{counted, ordinal};

/// How many polls the longest sequences have, and how many if clones are among the wakers.
const LONGEST: usize = 4;
const LONGEST_WITH_CLONES: usize = 3;

/// The wakers of a sequence belong to at most this many tasks.
const TASKS: usize = 3;

const NAMES: [&str; TASKS] = ["A", "B", "C"];

const NEVER_WOKEN: &str = "futures.html#a-future-that-is-never-polled-again";
const BUSY: &str = "futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself";
const STALE: &str = "futures-pitfalls.html#a-stale-waker";
const SPURIOUS: &str = "futures-pitfalls.html#spurious-wake-ups";

/// Polls a future with every short sequence of wakers, and checks that the last waker is called.
///
/// A future may move from task to task, also back to one that has polled it before, and may be polled without having
/// been woken. So it must wake the task of its latest poll, and no other one. This is checked for every sequence of up
/// to four polls by up to three tasks (A; A, A; A, B; A, B, A; ...), and in up to three polls also with clones of wakers
/// that were used before. The shortest sequence that fails is reported.
///
/// `make` is called for each sequence, and makes a future and an event. The future is pending until the event is called; then it
/// calls the waker of its latest poll, exactly once. It need not be ready after the event.
///
/// It is a whole test, like [`grade`](crate::grade), and must not be called inside it.
///
/// ```
/// use grading::every_waker_sequence;
/// use tokio::sync::oneshot;
///
/// every_waker_sequence(|| {
///     let (sender, receiver) = oneshot::channel();
///     (receiver, || sender.send(7).unwrap())
/// });
/// ```
///
/// # Panics
///
/// It fails the test with a report if, for some sequence, the future is ready or calls a waker before the event, does
/// not call the last waker exactly once, or calls another one.
#[track_caller]
pub fn every_waker_sequence<M, F, E>(make: M)
where
    M: Fn() -> (F, E),
    F: Future,
    E: FnOnce(),
{
    let setup = || -> Setup<'_> {
        let (future, event) = make();
        Setup {
            future: Box::pin(async {
                future.await;
            }),
            event: Box::new(event),
        }
    };
    let (name, grader) = (std::any::type_name::<M>(), Location::caller().file());
    for sequence in sequences() {
        pass(Run::new(name, grader).play(Box::pin(async {
            sequence.try_with(setup());
        })));
    }
}

/// What each run starts with. It is boxed, so that the code that uses it is compiled once instead of for every test.
struct Setup<'a> {
    future: Body<'a>,
    event: Box<dyn FnOnce() + 'a>,
}

/// The wakers of one poll after the other.
#[derive(Debug, Clone, Default)]
struct Sequence {
    polls: Vec<PollBy>,
}

/// One poll of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PollBy {
    task: usize,
    /// Whether it is polled with a clone of the task's waker.
    with_clone: bool,
}

/// All sequences, the shorter ones first. A new task is always the next one, because their names do not matter.
fn sequences() -> Vec<Sequence> {
    let mut longest = vec![Sequence::default()];
    let mut all = Vec::new();
    for _ in 0..LONGEST {
        longest = longest.iter().flat_map(Sequence::longer).collect();
        all.extend(longest.iter().cloned());
    }
    all
}

impl Sequence {
    /// The sequences with one more poll than this one.
    fn longer(&self) -> impl Iterator<Item = Self> {
        let tasks = self.polls.iter().map(|poll| poll.task + 1).max();
        let tasks = tasks.unwrap_or(0);
        let original = |task| PollBy {
            task,
            with_clone: false,
        };
        let clone = |task| PollBy {
            task,
            with_clone: true,
        };
        let clones = if self.polls.len() < LONGEST_WITH_CLONES {
            0..tasks
        } else {
            0..0
        };
        let next = (0..TASKS.min(tasks + 1)).map(original);
        next.chain(clones.map(clone)).map(|poll| {
            let mut longer = self.clone();
            longer.polls.push(poll);
            longer
        })
    }

    fn try_with(&self, Setup { mut future, event }: Setup<'_>) {
        let tasks = NAMES.map(|_| TestWaker::new());
        for (index, poll) in self.polls.iter().enumerate() {
            // Each is in the place of the one before, and has its address.
            let waker = tasks[poll.task].waker();
            let polled = if poll.with_clone {
                poll_with(&waker.clone(), &mut future)
            } else {
                poll_with(&waker, &mut future)
            };
            check(polled.is_pending(), || self.is_ready_too_early(index + 1));
            let woken: usize = tasks.iter().map(TestWaker::wake_count).sum();
            check(woken == 0, || self.wakes_too_early(index + 1));
        }
        event();
        let calls = tasks.map(|task| task.wake_count());
        let mut expected = [0; TASKS];
        if let Some(last) = self.polls.last() {
            expected[last.task] = 1;
        }
        check(calls == expected, || self.wakes_others(calls));
    }

    fn is_ready_too_early(&self, polls: usize) -> Failure {
        Failure::new(format!(
            "{}. What it waits for has not happened, so each of these polls should be pending; the {} was ready.",
            self.polled(),
            ordinal(polls)
        ))
        .usually(
            "that a further poll is mistaken for a wake-up. A future may be polled at any time: check the state in each \
             poll.",
        )
        .read(SPURIOUS)
    }

    fn wakes_too_early(&self, polls: usize) -> Failure {
        Failure::new(format!(
            "{}. What it waits for has not happened, so no waker should be called; one was called in the {} poll.",
            self.polled(),
            ordinal(polls)
        ))
        .usually(
            "a busy loop: a future that wakes itself, or the task of an earlier poll, before it returns `Pending` is \
             polled again at once, forever.",
        )
        .read(BUSY)
    }

    fn wakes_others(&self, calls: [usize; TASKS]) -> Failure {
        let last = self.polls.last().map_or(0, |poll| poll.task);
        let used = self.polls.iter().map(|poll| poll.task + 1).max();
        let called: Vec<_> = (0..used.unwrap_or(0))
            .map(|task| format!("{} {}", NAMES[task], counted("called", calls[task])))
            .collect();
        let others = if called.len() == 1 {
            ""
        } else {
            " and no other waker"
        };
        let failure = Failure::new(format!(
            "{}. When what it waits for happens, it should call {} once{others}; {}.",
            self.polled(),
            NAMES[last],
            listed(&called)
        ));
        let of_first_poll = self.polls.first().map_or(0, |poll| poll.task);
        if calls[last] == 0 && calls.iter().all(|calls| *calls == 0) {
            failure
                .usually("that the waker was not stored anywhere, so nothing can call it.")
                .read(NEVER_WOKEN)
        } else if calls[last] == 0 && calls[of_first_poll] > 0 {
            failure
                .usually(
                    "that the waker of the first poll was kept. The future may have moved to another task since then: \
                     every poll that returns `Pending` must store its own waker.",
                )
                .read(STALE)
        } else if calls[last] == 0 {
            failure
                .usually(
                    "that a poll compares its waker with that of the first poll, or with all that it has seen, instead \
                     of the one that is stored; or that the stored waker is replaced only once. Every poll that returns \
                     `Pending` must leave its own waker stored.",
                )
                .read(STALE)
        } else {
            failure
                .usually(
                    "that the waker of an earlier poll is still registered and is called as well.",
                )
                .read(STALE)
        }
    }

    /// "A future was polled with waker A, then with waker B, then with a clone of A", without a full stop.
    fn polled(&self) -> String {
        let wakers: Vec<_> = self
            .polls
            .iter()
            .map(|poll| match poll {
                PollBy {
                    task,
                    with_clone: false,
                } => format!("with waker {}", NAMES[*task]),
                PollBy { task, .. } => format!("with a clone of {}", NAMES[*task]),
            })
            .collect();
        format!("A future was polled {}", wakers.join(", then "))
    }
}

fn poll_with(waker: &Waker, future: &mut Body<'_>) -> Poll<()> {
    Pin::as_mut(future).poll(&mut Context::from_waker(waker))
}

/// "A was called once", "A was called once and B was not called", "..., ... and ...".
fn listed(clauses: &[String]) -> String {
    match clauses {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Sequence, sequences};

    #[test]
    fn the_sequences_are_all_short_ones_and_the_shortest_come_first() {
        let all = sequences();
        let lengths: Vec<_> = all.iter().map(|sequence| sequence.polls.len()).collect();
        assert!(lengths.is_sorted());
        let short: Vec<_> = all.iter().take(6).map(Sequence::polled).collect();
        let expected = [
            "A future was polled with waker A",
            "A future was polled with waker A, then with waker A",
            "A future was polled with waker A, then with waker B",
            "A future was polled with waker A, then with a clone of A",
            "A future was polled with waker A, then with waker A, then with waker A",
            "A future was polled with waker A, then with waker A, then with waker B",
        ];
        assert_eq!(short, expected);
        for polled in [
            "A future was polled with waker A, then with waker B, then with waker A",
            "A future was polled with waker A, then with waker B, then with a clone of A",
            "A future was polled with waker A, then with waker B, then with waker C, then with waker A",
        ] {
            let found = all.iter().filter(|sequence| sequence.polled() == polled);
            assert_eq!(found.count(), 1, "{polled}");
        }
    }
}
