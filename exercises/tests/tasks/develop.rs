//! `develop`: one job on a task of its own, its panic kept there.

use super::*;
use exercises::tasks::{Spoiled, develop};

#[test]
fn runs_on_a_task_of_its_own() {
    grade(async || {
        let lab = Lab::default();
        let _ = develop(lab.job("Anna's", 30)).await;
        check_own_tasks(&lab, 1);
    });
}

#[test]
fn returns_what_the_job_returns() {
    grade(async || {
        let clock = Clock::start();
        let outcome = develop(Lab::default().job("Anna's", 30)).await;
        let expected = lab::developed("Anna's");
        check(outcome.as_ref() == Ok(&expected), || {
            Failure::new(format!(
                "A job that gives {expected:?} should give Ok of that; it gave {outcome:?}."
            ))
        });
        check_overlap(&clock, &[30]);
    });
}

#[test]
fn a_panic_is_an_error() {
    grade(async || {
        let outcome = caught(develop(Lab::default().exploding("Ben's", 20))).await;
        check(outcome.is_ok(), || {
            Failure::new("A job that panics should give an error; the panic came out of `develop`.")
                .usually(
                    "that the join error was unwrapped, or that the job does not run on a task of its own.",
                )
                .read(JOIN_ERROR)
        });
        check_message(outcome.ok(), "Ben's film exploded");
    });
}

#[test]
fn a_message_that_was_not_formatted_is_kept_as_well() {
    grade(async || {
        let outcome = caught(develop(async { panic!("too hot") })).await;
        check_message(outcome.ok(), "too hot");
        let outcome = caught(develop(async { panic!("the \"red\" light was on") })).await;
        check_message(outcome.ok(), "the \"red\" light was on");
        let outcome = caught(develop(async { std::panic::panic_any(7) })).await;
        check_message(outcome.ok(), "?");
    });
}

#[test]
fn a_dropped_answer_stops_the_job() {
    drop_at_every_await(
        async || {
            let (lab, tasks) = (Lab::default(), Tasks::baseline());
            (develop(lab.job("Anna's", 30)), (lab, tasks))
        },
        async |(lab, tasks)| check_nothing_runs_on(&lab, tasks, "Then").await,
    );
}

/// The outcome is an error that says `expected`.
#[track_caller]
fn check_message(outcome: Option<Result<(), Spoiled>>, expected: &str) {
    let message = match &outcome {
        Some(Err(Spoiled { message })) => format!("{message:?}"),
        Some(Ok(())) => "no error".to_owned(),
        None => "a panic".to_owned(),
    };
    check(message == format!("{expected:?}"), || {
        let miss = Failure::new(format!(
            "The error of a job that panics should say {expected:?}; there was {message}."
        ));
        if message.contains("panicked with message") {
            miss.usually(
                "that the join error was printed. Its words are about the task; the panic is in `into_panic()`.",
            )
        } else {
            miss.usually(
                "that one kind of payload was forgotten. It is a `String` if the message was formatted, a `&str` \
                 (`downcast_ref::<&str>()`) if it was not, and may be anything else.",
            )
        }
        .read(JOIN_ERROR)
    });
}
