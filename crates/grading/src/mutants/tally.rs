//! What tests did with a program.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use futures::FutureExt;

use super::Tests;
use crate::cases::play_seed;
use crate::drawn::Drawn;
use crate::report::Report;
use crate::run::{Body, Run};

/// What tests did with one program and one seed.
pub(super) enum Outcome {
    /// They returned. A task of theirs may have panicked before that.
    Passed { in_a_task: Option<String> },
    /// They panicked, with this message.
    Failed(String),
    /// They did not return, or blocked the thread.
    Reported(Box<Report>),
}

/// What tests did with one program.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) runs: usize,
    pub(super) passed: usize,
    /// A panic of a task in a run that passed.
    pub(super) in_a_task: Option<String>,
    /// The first run that failed: its message, and its case.
    pub(super) failed: Option<(String, Drawn)>,
    /// The first run that neither passed nor failed, and its case.
    pub(super) reported: Option<(Box<Report>, Drawn)>,
    /// The case of the first run that passed.
    pub(super) first_passed: Option<Drawn>,
}

/// Tries the tests on one program.
pub(super) fn play<P: Copy>(
    name: &str,
    grader: &'static str,
    seed: u64,
    kind: P,
    tests: Tests<'_, P>,
) -> (Outcome, Drawn) {
    let panicked = Rc::new(RefCell::new(None));
    let seen = Rc::clone(&panicked);
    let body = move |case| -> Body<'_> {
        let seen = Rc::clone(&seen);
        Box::pin(async move {
            if let Some(run) = Run::current() {
                run.set_runs_tests();
            }
            let tests = AssertUnwindSafe(tests(kind, case)).catch_unwind();
            let is_panic = tests.await.is_err();
            let first = Run::current().and_then(|run| run.first_panic());
            *seen.borrow_mut() = Some((is_panic, first));
        })
    };
    let (verdict, drawn) = play_seed(name, grader, seed, &body);
    let outcome = match (verdict, panicked.take()) {
        (Err(report), _) => Outcome::Reported(report),
        (Ok(()), Some((true, message))) => Outcome::Failed(message.unwrap_or_default()),
        (Ok(()), seen) => Outcome::Passed {
            in_a_task: seen.and_then(|(_, message)| message),
        },
    };
    (outcome, drawn)
}

impl Tally {
    pub(super) fn add(&mut self, (outcome, drawn): (Outcome, Drawn)) {
        self.runs += 1;
        match outcome {
            Outcome::Passed { in_a_task } => {
                self.passed += 1;
                self.first_passed.get_or_insert(drawn);
                self.in_a_task = self.in_a_task.take().or(in_a_task);
            }
            Outcome::Failed(message) => {
                self.failed.get_or_insert((message, drawn));
            }
            Outcome::Reported(report) => {
                self.reported.get_or_insert((report, drawn));
            }
        }
    }
}
