//! Grades the chapter `errors`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual, so instants are compared exactly. What fails, when and how is drawn.

use std::time::Duration;

use grading::{
    Case, Clock, Counted, Failure, Gauge, Tasks, check, drop_at_every_await, explained, grade,
    grade_cases, in_ms, list, ms,
};
use tokio::time::sleep;

#[path = "errors/AggregateError.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod AggregateError;
#[path = "errors/first_success.rs"]
mod first_success;
#[path = "errors/join_named.rs"]
mod join_named;
#[path = "errors/settle_with_budget.rs"]
mod settle_with_budget;

/// Longer than any time limit that an answer may have, and shorter than the hour after which a run counts as a hang.
const SLOW: Duration = ms(3_000_000);

const POLICIES: &str = "errors.html#keep-the-values-and-the-errors";
const BUDGET: &str = "errors.html#stop-after-n-failures";
const RUNS_ON: &str = "errors-pitfalls.html#a-budget-that-stops-nothing";
const SOURCE: &str = "errors-error-types.html#an-error-and-its-source";
const SEVERAL: &str = "errors-error-types.html#several-errors-as-one-value";
const JOIN_ERROR: &str = "errors-error-types.html#joinerror-beside-the-tasks-own-error";
const PANICKED: &str = "tasks-join-errors.html#joinerror-panicked-or-cancelled";
const WHICH_TASK: &str = "errors-error-types.html#which-task-was-it";
const CHAIN: &str = "errors-fallback.html#one-step-after-another";
const EAGER: &str = "errors-pitfalls.html#a-fallback-that-starts-with-the-primary";
const IN_A_LOOP: &str = "errors-pitfalls.html#-in-a-loop-over-a-joinset";
const COMPLETION_ORDER: &str = "tasks-joinset.html#results-in-completion-order";
const LAZY: &str = "gather-pitfalls.html#futures-are-lazy";
const CALL_JOIN_ALL: &str = "gather.html#join_all";

/// `1 call`, `3 calls`
fn count_of(thing: &str, count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

/// Calls at the same time take as long as the slowest of them.
fn check_overlap(took: Duration, times: &[Duration]) {
    let longest = times.iter().copied().max().unwrap_or_default();
    check(took == longest, || {
        let failure = Failure::new(format!(
            "{} that overlap should take {}, as long as the slowest; they took {}.",
            count_of("call", times.len()),
            in_ms(longest),
            in_ms(took)
        ));
        if took == times.iter().sum() {
            failure.usually("that they ran one after the other.")
        } else if took < longest {
            failure.usually("that some of them were not waited for.")
        } else {
            failure.usually("that only a few of them run at a time.")
        }
        .read(CALL_JOIN_ALL)
    });
}
