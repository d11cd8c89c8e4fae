//! `first_success`: a fallback chain whose later steps are not called before they are needed.

use std::cell::RefCell;
use std::future::{Ready, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use super::*;
use exercises::errors::{Served, first_success};

/// What a step returns.
type Outcome = Result<String, String>;

/// What an answer returns.
type Answer = Result<Served<String>, Vec<String>>;

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    NotCalled,
    Called,
    /// Its future was dropped before it was ready.
    Dropped,
    /// Its future is ready, and was not dropped yet.
    Ready,
    /// Its future is ready, and was dropped.
    Ended,
}

/// The steps of a chain. Clones are the same steps.
#[derive(Debug, Clone)]
struct Steps {
    times: Rc<[Duration]>,
    /// The first one that succeeds; none, if it is the number of steps
    served: usize,
    progress: Rc<RefCell<Vec<Progress>>>,
}

impl Steps {
    /// Steps the first `failing` of which fail.
    fn drawn(case: &Case, all_fail: bool) -> Self {
        let count = case.size("steps", 1..=300);
        let mut times = case.whole_ms_each("times", count, 50);
        if *case.pick("the first step is slow", &[false, true]) {
            times[0] = SLOW;
        }
        let served = match all_fail {
            true => count,
            false => case.number("succeeds", count as u64 - 1) as usize,
        };
        Self {
            times: times.into(),
            served,
            progress: Rc::new(RefCell::new(vec![Progress::NotCalled; count])),
        }
    }

    /// The steps as the answer gets them. A step returns a text, or fails with one.
    fn calls(&self) -> Vec<impl AsyncFnOnce() -> Outcome> {
        let steps = 0..self.times.len();
        steps.map(|step| self.clone().call(step)).collect()
    }

    fn call(self, step: usize) -> impl AsyncFnOnce() -> Outcome {
        move || {
            self.check_may_be_called(step);
            let called = InProgress { steps: self, step };
            called.set(Progress::Called);
            run(called, step)
        }
    }

    /// All steps before this one have failed, and are gone.
    fn check_may_be_called(&self, step: usize) {
        let before = self.progress.borrow()[..step].to_vec();
        let not_ended = before.iter().position(|step| *step != Progress::Ended);
        check(not_ended.is_none(), || {
            let other = not_ended.unwrap_or_default();
            let (state, usually) = match before[other] {
                Progress::Ready => (
                    "had failed, but its future still existed",
                    "that the futures of the steps that failed are kept. Each of them may own a connection or a permit.",
                ),
                Progress::Dropped => (
                    "had been dropped before it was ready",
                    "that the steps do not get the time that they need.",
                ),
                Progress::NotCalled => (
                    "had not been called",
                    "that a step is left out, or that they are in another order.",
                ),
                Progress::Called | Progress::Ended => (
                    "had not failed yet",
                    "that all futures are created first, or awaited together, or that the next one is created or started while \
                     the one before it is running. A step is called where it is awaited.",
                ),
            };
            Failure::new(format!(
                "When step {step} is called, all steps before it should have failed, and be dropped; step {other} {state}."
            ))
            .usually(usually)
            .read(EAGER)
        });
    }

    fn called(&self) -> usize {
        let progress = self.progress.borrow();
        let called = progress.iter().filter(|step| **step != Progress::NotCalled);
        called.count()
    }

    /// How long the first `count` steps take.
    fn time_of(&self, count: usize) -> Duration {
        self.times[..count].iter().sum()
    }
}

/// A step that was called.
struct InProgress {
    steps: Steps,
    step: usize,
}

impl InProgress {
    fn set(&self, progress: Progress) {
        self.steps.progress.borrow_mut()[self.step] = progress;
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        let ready = self.steps.progress.borrow()[self.step] == Progress::Ready;
        self.set(match ready {
            true => Progress::Ended,
            false => Progress::Dropped,
        });
    }
}

/// The future of a step. It owns `called` until it is dropped, also when it is ready.
fn run(called: InProgress, step: usize) -> impl Future<Output = Outcome> {
    let (time, succeeds) = (called.steps.times[step], step == called.steps.served);
    let mut running = Box::pin(wait(step, time, succeeds));
    poll_fn(move |cx| {
        let poll = running.as_mut().poll(cx);
        if poll.is_ready() {
            called.set(Progress::Ready);
        }
        poll
    })
}

#[timeline::lane("step {step}")]
async fn wait(step: usize, time: Duration, succeeds: bool) -> Outcome {
    sleep(time).await;
    match succeeds {
        true => Ok(value(step)),
        false => Err(error(step)),
    }
}

fn value(step: usize) -> String {
    format!("value of step {step}")
}

fn error(step: usize) -> String {
    format!("error of step {step}")
}

fn shown(answer: &Answer) -> String {
    match answer {
        Ok(served) => format!("{served:?}"),
        Err(errors) => format!("errors: {}", list(errors.iter().cloned())),
    }
}

/// Why `seen` is returned as the index of a step, and not `expected`.
fn cause_of_index(seen: usize, expected: usize) -> Option<&'static str> {
    if seen == expected + 1 {
        Some("that the steps are counted from 1. The index of the first one is 0.")
    } else if seen == expected % 256 {
        Some("that the steps are counted in one byte.")
    } else {
        None
    }
}

/// Awaits `answer`, which should be polled when the step that is running is woken, and hardly more often.
async fn without_polling(steps: &Steps, answer: impl Future<Output = Answer>) -> Answer {
    let answer = Counted::new(answer);
    let polls = answer.counts();
    let seen = answer.await;
    polls.check_polls(2 * steps.times.len() + 5, CHAIN);
    seen
}

#[test]
fn returns_the_first_success_and_its_step() {
    grade_cases(async |case| {
        let (steps, clock) = (Steps::drawn(&case, false), Clock::start());
        let seen = without_polling(&steps, first_success(steps.calls())).await;
        let (took, due) = (clock.elapsed(), steps.time_of(steps.served + 1));
        let expected = Ok(Served {
            step: steps.served,
            value: value(steps.served),
        });
        check(seen == expected, || {
            let failure = Failure::new(format!(
                "Step {} is the first that succeeds, so the result should be {expected:?}; it was {}.",
                steps.served,
                shown(&seen)
            ));
            match &seen {
                Ok(seen) if seen.value == value(steps.served) => {
                    failure.usually_if(cause_of_index(seen.step, steps.served))
                }
                Ok(_) => failure.usually("that the value is not that of the step."),
                Err(_) => failure.usually("that the answer gave up too early."),
            }
            .read(CHAIN)
        });
        check(took == due, || {
            let failure = Failure::new(format!(
                "The result should be returned when step {} succeeds, at {}; it was returned at {}.",
                steps.served,
                in_ms(due),
                in_ms(took)
            ));
            if steps.called() > steps.served + 1 {
                failure.usually("that the chain goes on after a success.")
            } else {
                failure.usually("that something else was awaited as well.")
            }
            .read(CHAIN)
        });
    });
}

#[test]
fn calls_a_step_when_those_before_it_have_failed() {
    grade_cases(async |case| {
        let steps = Steps::drawn(&case, *case.pick("all fail", &[false, true]));
        let _ = first_success(steps.calls()).await;
    });
}

#[test]
fn later_steps_are_never_called() {
    grade_cases(async |case| {
        let steps = Steps::drawn(&case, false);
        let _ = first_success(steps.calls()).await;
        let (called, due) = (steps.called(), steps.served + 1);
        check(called == due, || {
            Failure::new(format!(
                "Step {} succeeds, so {} should be called; {called} {}.",
                steps.served,
                count_of("step", due),
                if called == 1 { "was" } else { "were" }
            ))
            .usually("that the chain goes on after a success, or leaves out a step.")
            .read(CHAIN)
        });
    });
}

#[test]
fn if_all_fail_there_are_all_errors_in_order() {
    grade_cases(async |case| {
        let (steps, clock) = (Steps::drawn(&case, true), Clock::start());
        let seen = first_success(steps.calls()).await;
        let expected: Vec<_> = (0..steps.times.len()).map(error).collect();
        check(seen.as_ref().err() == Some(&expected), || {
            let failure = Failure::new(format!(
                "Every step fails, so there should be {}, in this order: {}; the result was {}.",
                count_of("error", expected.len()),
                list(expected.iter().cloned()),
                shown(&seen)
            ));
            let called = steps.called();
            match &seen {
                Err(errors) if errors.iter().rev().eq(&expected) => failure.usually(
                    "that the errors are in another order: the latest one is the first of the list.",
                ),
                Err(errors) if sorted(errors) == sorted(&expected) => {
                    failure.usually("that the errors are in another order.")
                }
                Err(errors) if called == expected.len() && errors[..] == expected[called - 1..] => {
                    failure.usually("that only the last error is kept.")
                }
                Err(errors) if called == expected.len() && errors[..] == expected[..1] => {
                    failure.usually("that only the first error is kept.")
                }
                Err(errors) if called < expected.len() && errors[..] == expected[..called] => {
                    failure.usually("that the answer gave up before the last step.")
                }
                _ => failure,
            }
            .read(CHAIN)
        });
        let (took, due) = (clock.elapsed(), steps.time_of(expected.len()));
        check(took == due, || {
            Failure::new(format!(
                "The errors should be returned when the last step fails, at {}; they were returned at {}.",
                in_ms(due),
                in_ms(took)
            ))
            .usually("that something else was awaited as well.")
            .read(CHAIN)
        });
    });
}

fn sorted(errors: &[String]) -> Vec<String> {
    let mut errors = errors.to_vec();
    errors.sort();
    errors
}

#[test]
fn the_first_step_is_called_at_the_first_poll() {
    grade_cases(async |case| {
        let steps = Steps::drawn(&case, false);
        let mut answer = pin!(first_success(steps.calls()));
        case.turns().await;
        let before = steps.called();
        // The first poll, and no other.
        let first = poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await;
        let called = steps.called();
        if first.is_pending() {
            let _ = answer.await;
        }
        check(before == 0, || {
            Failure::new(format!(
                "Before the first poll of the future, no step should be called; {before} {}.",
                if before == 1 { "was" } else { "were" }
            ))
            .usually("that a step is called when the future is created. A future does nothing before it is polled.")
            .read(LAZY)
        });
        check(called > 0, || {
            Failure::new("The first step should be called at the first poll of the future; it was called later.")
                .usually("that something else is awaited before the first step.")
                .read(CHAIN)
        });
    });
}

#[test]
fn dropping_it_drops_the_step_that_is_running() {
    drop_at_every_await(
        async || {
            let steps = Steps {
                times: [10, 20, 30].map(ms).into(),
                served: 2,
                progress: Rc::new(RefCell::new(vec![Progress::NotCalled; 3])),
            };
            let (answered, tasks) = (steps.clone(), Tasks::baseline());
            let answer = async move { first_success(answered.calls()).await };
            (answer, (steps, tasks))
        },
        async |(steps, tasks)| {
            let called = steps.called();
            let left = tasks.left_behind().await;
            let exists = |step: &Progress| matches!(step, Progress::Called | Progress::Ready);
            let running = steps.progress.borrow().iter().position(exists);
            check((running, left) == (None, 0), || {
                Failure::new(format!(
                    "When the future is dropped, the step that is running should be dropped with it; {}.",
                    match running {
                        Some(step) => format!("the future of step {step} still exists"),
                        None => format!("still running: {}", count_of("task", left)),
                    }
                ))
                .read(CHAIN)
            });
            sleep(ms(100)).await;
            let later = steps.called() - called;
            check(later == 0, || {
                Failure::new(format!(
                    "When the future has been dropped, no other step should be called; {later} {}.",
                    if later == 1 { "was" } else { "were" }
                ))
                .read(CHAIN)
            });
        },
    );
}

#[test]
fn without_steps_there_are_no_errors() {
    grade(async || {
        let (none, clock) = (Vec::<fn() -> Ready<Outcome>>::new(), Clock::start());
        let seen = first_success(none).await;
        check(seen == Err(Vec::new()) && clock.elapsed().is_zero(), || {
            Failure::new(format!(
                "Without any steps, the result should be an empty list of errors, at once; it was {seen:?}."
            ))
            .usually("that the answer waits for a step, or expects one.")
            .read(CHAIN)
        });
    });
}
