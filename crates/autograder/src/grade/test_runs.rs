//! Runs the tests of a chapter, each in a process of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use sandbox::{Cancel, Ended, Job, Limits, Runner, run_to_text};

use super::outcome;
use crate::cancelled::Cancelled;
use crate::figure;
use crate::files;
use crate::grader::Keys;
use crate::step::Step;
use crate::verdict::{ENVIRONMENT, Outcome, TestVerdict};

/// After a test has hung for so long in real time, the remaining tests of its exercise are not run.
const SLOW_HANG: Duration = Duration::from_secs(1);

/// How the names of the folders begin in which tests run.
pub(super) const SCRATCH: &str = ".test-";

/// What tests run with.
pub(super) struct TestRuns<'a> {
    /// The grader with the answers.
    pub program: &'a Path,
    /// Where each test gets a folder of its own.
    pub folder: &'a Path,
    pub runner: &'a dyn Runner,
    pub limits: &'a Limits,
    pub cancel: &'a Cancel,
}

impl TestRuns<'_> {
    /// Runs each test in a process of its own, as many at once as there are cores. The verdicts are in the
    /// order of the tests.
    ///
    /// # Errors
    ///
    /// If a test cannot be run, or [`Cancelled`].
    pub fn all(&self, tests: &[&str], on_step: &mut dyn FnMut(Step)) -> Result<Vec<TestVerdict>> {
        let total = tests.len();
        let next = AtomicUsize::new(0);
        let hanging: Mutex<Vec<&str>> = Mutex::default();
        let failed = AtomicBool::new(false);
        let (tx, rx) = mpsc::channel();
        let mut verdicts: BTreeMap<usize, TestVerdict> = BTreeMap::new();
        let worker = || {
            let tx = tx.clone();
            while let Some((index, test)) = {
                let index = next.fetch_add(1, Ordering::Relaxed);
                tests.get(index).map(|test| (index, *test))
            } {
                let exercise = test.split_once("::").map_or(test, |(exercise, _)| exercise);
                let hangs = || hanging.lock().expect("no test panics here");
                if failed.load(Ordering::Relaxed) {
                    break;
                }
                let verdict = if hangs().contains(&exercise) {
                    Ok(outcome::not_run(test))
                } else {
                    self.one(test).map(|(verdict, took)| {
                        if verdict.outcome == Outcome::Hangs && took >= SLOW_HANG {
                            hangs().push(exercise);
                        }
                        verdict
                    })
                };
                failed.fetch_or(verdict.is_err(), Ordering::Relaxed);
                // The receiver is alive until every worker is done.
                let _ = tx.send((index, verdict));
            }
        };
        let mut first_error = None;
        thread::scope(|scope| {
            let cores = thread::available_parallelism().map_or(1, usize::from);
            for _ in 0..cores.min(total) {
                scope.spawn(worker);
            }
            for _ in 0..total {
                on_step(Step::Testing {
                    done: verdicts.len(),
                    total,
                });
                match rx.recv() {
                    Ok((index, Ok(verdict))) => verdicts.insert(index, verdict),
                    Ok((_, Err(error))) => {
                        first_error = Some(error);
                        break;
                    }
                    Err(_) => break,
                };
            }
        });
        match first_error {
            Some(error) => Err(error),
            None => Ok(verdicts.into_values().collect()),
        }
    }

    fn one(&self, test: &str) -> Result<(TestVerdict, Duration)> {
        let scratch = tempfile::Builder::new()
            .prefix(SCRATCH)
            .tempdir_in(self.folder)
            .map_err(|error| files::advise("The test was not run", self.folder, error))?;
        let keys = Keys::new()?;
        let mut job = Job::new(self.program, self.limits.clone())
            .folder(scratch.path())
            .confined()
            .stdin(keys.input(test))
            .env_remove(figure::FILE);
        for (name, value) in ENVIRONMENT {
            // A learner who steps through an answer with a debugger sets their own poll limit.
            if *name != "GRADING_POLL_LIMIT" || std::env::var_os(name).is_none() {
                job = job.env(name, value);
            }
        }
        let ran = run_to_text(self.runner, &job, self.cancel)?;
        if ran.finished.ended == Ended::Cancelled {
            bail!(Cancelled);
        }
        let took = ran.finished.took;
        Ok((outcome::of(test, &keys, ran, self.limits), took))
    }
}
