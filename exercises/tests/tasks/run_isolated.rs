//! `run_isolated`: one job on a task of its own, which a panic does not leave.

use super::*;
use exercises::tasks::{JobPanicked, run_isolated};

#[test]
fn the_job_runs_on_its_own_task() {
    grade(async || {
        let jobs = Jobs::default();
        let _ = run_isolated(jobs.job("thumbnail", 30)).await;
        check_own_tasks(&jobs, 1);
    });
}

#[test]
fn returns_the_output_of_the_job() {
    grade(async || {
        let clock = Clock::start();
        let answer = Counted::new(run_isolated(Jobs::default().job("thumbnail", 300)));
        let counts = answer.counts();
        let outcome = answer.await;
        let expected = jobs::output("thumbnail");
        check(outcome.as_ref() == Ok(&expected), || {
            Failure::new(format!(
                "For a job with the output {expected:?}, `run_isolated` should return {:?}; it returned {outcome:?}.",
                Ok::<_, JobPanicked>(&expected)
            ))
            .read(JOIN_ERROR)
        });
        counts.check_polls(5, SPAWN);
        check_overlap(&clock, &[300]);
    });
}

#[test]
fn a_panic_is_returned_as_an_error() {
    grade(async || {
        let jobs = Jobs::default();
        let outcome = caught(run_isolated(jobs.panicking("email", 20))).await;
        check(outcome.is_ok(), || {
            Failure::new("If the job panics, `run_isolated` should return an error; the panic came out of `run_isolated`.")
                .usually(if jobs.tasks() == 0 {
                    "that the job does not run on a task of its own."
                } else {
                    "that the join error was unwrapped."
                })
                .read(JOIN_ERROR)
        });
        check_message(outcome.ok(), &jobs::panic_message("email")).await;
    });
}

#[test]
fn every_kind_of_panic_message_is_kept() {
    grade(async || {
        let outcome = caught(run_isolated(async { panic!("no \"id\" column") }.boxed())).await;
        check_message(outcome.ok(), "no \"id\" column").await;
    });
    grade_cases(async |case| {
        let (payload, expected) = drawn_payload(&case);
        let job = async { std::panic::resume_unwind(payload) }.boxed();
        let outcome = caught(run_isolated(job)).await;
        check_message(outcome.ok(), &expected).await;
    });
}

#[test]
fn dropping_the_future_stops_the_job() {
    drop_at_every_await(
        async || {
            let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
            (run_isolated(jobs.job("thumbnail", 30)), (jobs, tasks))
        },
        async |(jobs, tasks)| check_nothing_runs_on(&jobs, tasks, "Then").await,
    );
}

#[test]
fn a_panic_that_drops_the_future_stops_the_job() {
    grade(async || {
        let (jobs, tasks) = (Jobs::default(), Tasks::baseline());
        dropped_by_a_panic(run_isolated(jobs.job("thumbnail", 30))).await;
        check_nothing_runs_on(&jobs, tasks, DROPPED_BY_A_PANIC).await;
    });
}

/// The outcome is an error with the message `expected`.
async fn check_message(outcome: Option<Result<(), JobPanicked>>, expected: &str) {
    let message = match &outcome {
        Some(Err(JobPanicked { message })) => format!("{message:?}"),
        Some(Ok(())) => "no error".to_owned(),
        None => "a panic".to_owned(),
    };
    let finds_no_text = message == "\"?\"" && expected != "?" && finds_no_text().await;
    check(message == format!("{expected:?}"), || {
        let failure = Failure::new(format!(
            "The error of a job that panics should have the message {expected:?}; there was {message}."
        ));
        if outcome.is_none() {
            failure.usually(
                "that the answer expects one type of payload only, and panics if it is another. It is a `String` if the \
                 message was formatted, a `&str` if it was not, and may be anything else.",
            )
        } else if message.contains("panicked with message") {
            failure.usually(
                "that the join error was formatted. Its text describes the task; `into_panic()` returns the panic's \
                 payload.",
            )
        } else if expected.is_empty() && message == "\"?\"" {
            failure.usually("that an empty message is taken for none.")
        } else if expected == "?" {
            failure.usually("that a payload which is no text is taken for a message.")
        } else if message != "\"?\"" {
            failure
        } else if finds_no_text {
            failure.usually("that `downcast_ref` looks at the box, and not at what is in it, `&*payload`: it never finds a text.")
        } else {
            failure.usually(
                "that the answer looks for one type of payload only. It is a `String` if the message was formatted, a \
                 `&str` (`downcast_ref::<&str>()`) if it was not, and may be anything else.",
            )
        }
        .read(JOIN_ERROR)
    });
}

/// Whether the answer finds a message neither in a `&str` nor in a `String`.
async fn finds_no_text() -> bool {
    let payloads: [Box<dyn Any + Send>; 2] = [Box::new("a text"), Box::new("a text".to_owned())];
    for payload in payloads {
        let job = async { std::panic::resume_unwind(payload) }.boxed();
        let outcome: Result<Result<(), _>, _> = caught(run_isolated(job)).await;
        if !matches!(outcome, Ok(Err(JobPanicked { message })) if message == "?") {
            return false;
        }
    }
    true
}

#[test]
fn many_jobs_and_long_ones_run_at_the_same_time() {
    // Not many long ones: an answer that polls each of them would be busy for seconds.
    grade_cases(async |case| {
        let time = case.long_time("each job takes");
        check_calls_at_the_same_time(3, time).await;
    });
    grade(async || check_calls_at_the_same_time(1000, ms(20)).await);
}

async fn check_calls_at_the_same_time(count: usize, time: Duration) {
    let clock = Clock::start();
    let calls = (0..count).map(|_| run_isolated(async move { sleep(time).await }.boxed()));
    let outcomes = grading::join_all(calls).await;
    let (completed, returned) = (outcomes.iter().flatten().count(), clock.elapsed());
    check((completed, returned) == (count, time), || {
        Failure::new(format!(
            "{count} calls at the same time, each with a job of {}, should all return `Ok` then; {completed} did, and the \
             last one returned at {}.",
            in_ms(time),
            in_ms(returned)
        ))
        .usually_if(if returned < time {
            Some(GIVEN_UP)
        } else if returned == time * count as u32 {
            Some("that a job starts when the job of another call has ended.")
        } else {
            None
        })
        .read(SPAWN)
    });
}
