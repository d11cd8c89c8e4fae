//! `run_on_pool`: a job for a thread of a pool, and a result for a task.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use exercises::blocking::{Job, PoolError, run_on_pool};
use grading::{Case, counted};
use tokio_util::sync::CancellationToken;

/// A pool whose jobs run when the test says so.
#[derive(Clone)]
struct Queue(Shared<Job>);

impl Queue {
    fn new() -> Self {
        Self(Shared::new())
    }

    /// What an answer calls to send a job to the pool.
    fn spawn(&self) -> impl FnOnce(Job) + use<> {
        let jobs = self.0.clone();
        move |job| jobs.push(job)
    }

    /// The job of an answer that has been polled once.
    fn job(&self) -> Job {
        let mut jobs = self.0.take();
        let count = jobs.len();
        check(count == 1, || {
            Failure::new(format!(
                "At its first poll the future should call `spawn` with one job; it {}.",
                counted("called", count)
            ))
            .usually("that the work runs elsewhere: in the task itself, or on a thread of `spawn_blocking`.")
            .read(POOL)
        });
        jobs.pop().expect("there is one job")
    }

    /// Any of the jobs that have been sent.
    fn any_job(&self, case: &Case) -> Option<Job> {
        let mut jobs = self.0.items();
        let count = jobs.len() as u64;
        (count > 0).then(|| jobs.remove(case.below(count) as usize))
    }
}

/// Counts how often the work was run.
fn counting(runs: &Shared<()>) -> impl FnOnce(&CancellationToken) + Send + use<> {
    let runs = runs.clone();
    move |_stop| runs.push(())
}

/// What there is about a result that has to come.
fn no_result() -> Failure {
    Failure::new("The job has been run or dropped, so the result is known; the future does not become ready.")
        .usually("that the sender of the result is kept somewhere, or that the future is not woken.")
        .read(POOL)
}

fn shown<T: std::fmt::Debug>(result: &Result<T, PoolError>) -> String {
    match result {
        Ok(value) => format!("Ok({value:?})"),
        Err(PoolError::Panicked(_)) => "Err(Panicked(..))".to_owned(),
        Err(PoolError::Discarded) => "Err(Discarded)".to_owned(),
    }
}

fn polls(case: &Case) -> usize {
    case.size("polls before the job is run", 1..=4)
}

#[test]
fn returns_the_result_of_the_work() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let (value, polls) = (case.number("result", u64::MAX), polls(&case));
        let (queue, waker, runs) = (Queue::new(), TestWaker::new(), Shared::new());
        let ran = runs.clone();
        let work = move |_stop: &CancellationToken| {
            ran.push(thread::current().id());
            value
        };
        let mut answer = pin!(run_on_pool(queue.spawn(), work));
        check(queue.0.len() == 0, || {
            Failure::new("`run_on_pool` was called, and the future was not polled. `spawn` should not be called; it was.")
                .usually("that a part of the function is outside of its future. An `async fn` runs nothing before it is polled.")
                .read(POOL)
        });
        let mut job = None;
        for _ in 0..polls {
            let polled = poll_once(
                &waker,
                answer.as_mut(),
                "A future whose job is in the queue",
            );
            // Looked at first: work that was started elsewhere may or may not have run by now.
            job.get_or_insert_with(|| queue.job());
            check(polled.is_pending() && runs.len() == 0, || {
                Failure::new("The work should not run before the pool runs the job; it did.")
                    .usually("that the work is called in the task, or on another thread than one of the pool.")
                    .read(POOL)
            });
        }
        let job = job.expect("it is polled at least once");
        let what = "A future whose job is in the queue";
        check_rests(&waker, answer.as_mut(), what).await;
        let on_thread = outside_runtime(|| {
            job();
            thread::current().id()
        });
        let thread = on_thread.await;
        let runs = runs.take();
        check(runs == [thread], || {
            Failure::new(format!(
                "The pool has run the job, so the work should have run once, on the thread of the pool; it ran {}{}.",
                times(runs.len()),
                if runs.len() == 1 { ", on another one" } else { "" }
            ))
            .usually(match runs.len() {
                0 => "that the job does not call the work, or hands it to another thread, or that its token is cancelled too early.",
                _ => "that the job hands the work to another thread.",
            })
            .read(POOL)
        });
        let result = must_end(answer, no_result()).await;
        check(matches!(result, Ok(result) if result == value), || {
            Failure::new(format!(
                "The result should be {value}; it was {}.",
                shown(&result)
            ))
            .read(POOL)
        });
    });
}

#[test]
fn wakes_the_task_that_has_polled_last() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let (queue, tasks) = (Queue::new(), [TestWaker::new(), TestWaker::new()]);
        let mut answer = pin!(run_on_pool(queue.spawn(), |_stop| 7));
        let polls = case.size("polls", 2..=5);
        for poll in 1..=polls {
            // The last one is by the second task, the one before it by the first.
            let task = &tasks[(polls - poll + 1) % 2];
            let _ = poll_once(task, answer.as_mut(), "A future whose job is in the queue");
        }
        outside_runtime(queue.job()).await;
        let [before, last] = tasks.map(|task| task.wake_count());
        check(last > 0, || {
            let failure = Failure::new(format!(
                "Two tasks have polled the future by turns, and the job has been run. The task that has polled last should be \
                 woken; it is not, and the other one was woken {}.",
                times(before)
            ));
            let stale = "that the waker of an earlier poll is kept. Each poll that is pending has to store its own waker.";
            failure
                .usually_if((before > 0).then_some(stale))
                .read(STALE)
        });
    });
}

#[test]
fn a_job_may_run_inside_spawn() {
    grade_cases(async |case| {
        let _clock = HeldClock::new();
        let value = case.text("result");
        let output = value.clone();
        let answer = run_on_pool(|job| job(), move |_stop| output);
        let no_end = Failure::new("`spawn` runs the job at once, so the result is known at the first poll; the future does not become ready.")
            .usually(
                "that a lock is held while `spawn` is called, for which the job waits, that the result comes before anything waits \
                 for it, or that the sender of the result is kept.",
            )
            .read(POOL);
        let result = must_end(answer, no_end).await;
        check(matches!(&result, Ok(result) if *result == value), || {
            Failure::new(format!(
                "`spawn` runs the job at once, so the result should be {value:?}; it was {}.",
                shown(&result)
            ))
            .read(POOL)
        });
    });
}

#[test]
fn each_call_gets_its_own_result() {
    grade_cases(async |case| {
        let count = case.size("calls", 0..=100);
        let queue = Queue::new();
        let calls = (0..count).map(|call| run_on_pool(queue.spawn(), move |_stop| call));
        let pool = async {
            let mut left = count;
            while left > 0 {
                let job = queue.any_job(&case);
                if let Some(job) = job {
                    job();
                    left -= 1;
                }
                tokio::task::yield_now().await;
            }
        };
        let (results, ()) = tokio::join!(case.join(calls), pool);
        let right = results.iter().enumerate();
        let right = right.filter(|(call, result)| matches!(result, Ok(value) if value == call));
        let right = right.count();
        check(right == count, || {
            Failure::new(format!(
                "{} should each get the result of its own work; {right} did.",
                plural(count, "call")
            ))
            .read(POOL)
        });
    });
}

/// What `panic!` has as its payload if it has no arguments.
const LITERAL: &str = "a message";

#[test]
fn a_panic_does_not_leave_the_job() {
    grade_cases(async |case| {
        let _clock = HeldClock::new();
        let (text, polls) = (case.text("message of the panic"), polls(&case));
        let kind = *case.pick("payload", &["text", "number", "`&'static str`"]);
        let (queue, waker) = (Queue::new(), TestWaker::new());
        let message = text.clone();
        let work = move |_stop: &CancellationToken| -> u32 {
            // Unlike `panic!`, it prints nothing.
            match kind {
                "text" => resume_unwind(Box::new(message)),
                "number" => resume_unwind(Box::new(message.len())),
                _ => resume_unwind(Box::new(LITERAL)),
            }
        };
        let mut answer = pin!(run_on_pool(queue.spawn(), work));
        for _ in 0..polls {
            let _ = poll_once(
                &waker,
                answer.as_mut(),
                "A future whose job is in the queue",
            );
        }
        let job = queue.job();
        let left_the_job = catch_unwind(AssertUnwindSafe(job)).is_err();
        check(!left_the_job, || {
            Failure::new("The work panics. The panic should not leave the job; it did, and ends a thread of the pool.")
                .usually("that the panic is not caught with `catch_unwind`, or goes on after it was caught.")
                .read(PANIC)
        });
        let result = must_end(answer, no_result()).await;
        let Err(PoolError::Panicked(payload)) = &result else {
            check(false, || {
                Failure::new(format!(
                    "The work panicked, so the result should be `Err(Panicked(..))`; it was `{}`.",
                    shown(&result)
                ))
                .usually(
                    "that the panic is caught and its payload dropped. Send the `Result` of `catch_unwind` over the channel.",
                )
                .read(PANIC)
            });
            return;
        };
        let same = match kind {
            "text" => payload.downcast_ref() == Some(&text),
            "number" => payload.downcast_ref() == Some(&text.len()),
            _ => payload.downcast_ref() == Some(&LITERAL),
        };
        check(same, || {
            Failure::new("The error should have the payload of the panic; it has another one.")
                .usually(
                    "that the payload was turned into a text of another type, or put into another box: a `Box<dyn Any + Send>` is \
                     itself `Any`.",
                )
                .read(PANIC)
        });
    });
}

#[test]
fn a_dropped_job_is_an_error() {
    grade_cases(async |case| {
        let _clock = HeldClock::new();
        let queue = Queue::new();
        let in_spawn = *case.pick("dropped", &["later", "in `spawn`"]) != "later";
        let (runs, waker) = (Shared::new(), TestWaker::new());
        let spawn = queue.spawn();
        let spawn = move |job: Job| match in_spawn {
            true => drop(job),
            false => spawn(job),
        };
        let mut answer = pin!(run_on_pool(spawn, counting(&runs)));
        if !in_spawn {
            for _ in 0..polls(&case) {
                let _ = poll_once(
                    &waker,
                    answer.as_mut(),
                    "A future whose job is in the queue",
                );
            }
            drop(queue.job());
        }
        let result = must_end(answer, no_result()).await;
        check(matches!(result, Err(PoolError::Discarded)), || {
            Failure::new(format!(
                "The pool has dropped the job without running it, so the result should be `Err(Discarded)`; it was `{}`.",
                shown(&result)
            ))
            .read(POOL)
        });
    });
}

#[test]
fn a_dropped_future_asks_the_work_to_stop() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let (is_dropped, polls) = (*case.pick("dropped", &[false, true]), polls(&case));
        let (queue, waker, runs) = (Queue::new(), TestWaker::new(), Shared::new());
        let (started_tx, started) = oneshot::channel();
        let (key, gate) = Gate::closed();
        let ran = runs.clone();
        let work = move |stop: &CancellationToken| {
            let before = stop.is_cancelled();
            let _ = started_tx.send(stop.clone());
            gate.wait();
            ran.push((before, stop.is_cancelled()));
        };
        let mut answer = Box::pin(run_on_pool(queue.spawn(), work));
        for _ in 0..polls {
            let _ = poll_once(
                &waker,
                answer.as_mut(),
                "A future whose job is in the queue",
            );
        }
        let running = grading::spawn(outside_runtime(queue.job()));
        let token = started.await;
        let _ = poll_once(&waker, answer.as_mut(), "A future whose work runs");
        if is_dropped {
            drop_now(answer, "the future", STOP);
            let at_once = token.is_ok_and(|token| token.is_cancelled());
            check(at_once, || {
                Failure::new("The future was dropped while the work ran, so the token should be cancelled at once; it is not.")
                    .usually(
                        "that the work has a token of its own, or that a task or nothing cancels it. A `DropGuard` in the future \
                         cancels it at once.",
                    )
                    .read(STOP)
            });
            drop(key);
        } else {
            drop(key);
            let _ = must_end(answer, no_result()).await;
        }
        let _ = running.await;
        let (before, after) = runs.take().pop().unwrap_or((true, true));
        check(!before && (is_dropped || !after), || {
            Failure::new(
                "The future has not been dropped, so the token should not be cancelled; it is.",
            )
            .usually(
                "that the guard which cancels it is dropped too early: `let _ = ..` drops at once.",
            )
            .read(STOP)
        });
        check(after == is_dropped, || {
            Failure::new("The future was dropped while the work ran, so the token should be cancelled; it is not.")
                .usually("that the token is not cancelled when the future is dropped. A `DropGuard` does that.")
                .read(STOP)
        });
    });
}

/// Tells when it is dropped.
struct Kept(Shared<()>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.push(());
    }
}

#[test]
fn the_result_of_a_dropped_future_is_dropped() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let after_the_work = *case.pick("dropped after the work has run", &[false, true]);
        let panics = *case.pick("the work panics", &[false, true]);
        let (queue, waker, dropped) = (Queue::new(), TestWaker::new(), Shared::new());
        let (started_tx, started) = oneshot::channel();
        let (key, gate) = Gate::closed();
        let kept = Kept(dropped.clone());
        let work = move |_stop: &CancellationToken| {
            let _ = started_tx.send(());
            gate.wait();
            if panics {
                // Unlike `panic!`, it prints nothing.
                resume_unwind(Box::new(kept));
            }
            kept
        };
        let mut answer = Box::pin(run_on_pool(queue.spawn(), work));
        let _ = poll_once(
            &waker,
            answer.as_mut(),
            "A future whose job is in the queue",
        );
        let job = queue.job();
        let returns = || catch_unwind(AssertUnwindSafe(job)).is_ok();
        let running = grading::spawn(outside_runtime(returns));
        let _ = started.await;
        let returned = if after_the_work {
            drop(key);
            let returned = running.await;
            drop_now(answer, "the future", STOP);
            returned
        } else {
            drop_now(answer, "the future", STOP);
            drop(key);
            running.await
        };
        check(matches!(returned, Ok(true)), || {
            Failure::new(format!(
                "The work {} {}. The job should return; it panicked.",
                if panics { "panics" } else { "returns a result" },
                match after_the_work {
                    true => "before its future is dropped",
                    false => "after its future was dropped",
                }
            ))
            .usually(match panics {
                true => "that the panic goes on if no one waits for it, or that the job expects that its result can be sent.",
                false => "that the job expects that its result can be sent.",
            })
            .read(PANIC)
        });
        check(dropped.len() == 1, || {
            Failure::new(
                "The future was dropped, so the result of its work should be dropped; it is kept.",
            )
            .read(STOP)
        });
    });
}

#[test]
fn the_job_of_a_dropped_future_does_nothing() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let (queue, waker, runs) = (Queue::new(), TestWaker::new(), Shared::new());
        let mut answer = Box::pin(run_on_pool(queue.spawn(), counting(&runs)));
        for _ in 0..polls(&case) {
            let _ = poll_once(
                &waker,
                answer.as_mut(),
                "A future whose job is in the queue",
            );
        }
        let job = queue.job();
        drop_now(answer, "the future", STOP);
        outside_runtime(job).await;
        check(runs.len() == 0, || {
            Failure::new("The future was dropped before the job was run, so the work should not run; it did.")
                .usually("that the job does not check the token before it calls the work.")
                .read(IN_THE_QUEUE)
        });
    });
}
