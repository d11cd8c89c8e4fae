//! Runs one test in a process of its own.
//!
//! The harness reads two keys and the name of a test, runs that test on a thread with the test's name, as libtest does,
//! and prints one of the keys: the first with `passed`, or the second with `failed`. Each run has new keys. An answer that
//! ends the process has printed none.
//!
//! The answer runs in the same process, so what it may not know must not be in the memory of that process: on Linux, safe
//! code can read all of it through `/proc/self/mem`. While the test runs, each key waits in a socket of its own, where it
//! belongs to the system. Sockets cannot be opened through `/proc/self/fd`, and are not inherited by other programs. Only
//! the key of the result is read, so an answer that fails cannot learn the key of one that passes.
//!
//! What remains is code that changes the harness itself: an answer with `unsafe` code, and, where files are not
//! [confined](sandbox::confinement), one that writes to `/proc/self/mem`.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use crate::hash::hash;

/// What the harness prints with the result of one run.
#[derive(Debug)]
pub(crate) struct Keys {
    passed: String,
    failed: String,
}

/// The result that the harness reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HarnessResult {
    /// The test returned.
    Passed,
    /// The test panicked.
    Failed,
}

impl Keys {
    /// Random keys that an answer cannot guess.
    ///
    /// # Errors
    ///
    /// If the system does not provide random numbers.
    pub fn new() -> Result<Self> {
        let random = || {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes).context("The system does not provide random numbers.")?;
            anyhow::Ok(hash(&[bytes]))
        };
        Ok(Self {
            passed: random()?,
            failed: random()?,
        })
    }

    /// What the harness reads to run this test.
    pub fn input(&self, test: &str) -> String {
        format!("{}{}{test}\n", self.passed, self.failed)
    }

    /// The harness's result in the output of a test, and what the answer itself printed before it.
    pub fn parse_result(&self, printed: &str) -> (Option<HarnessResult>, String) {
        let results = [
            (&self.passed, "passed", HarnessResult::Passed),
            (&self.failed, "failed", HarnessResult::Failed),
        ];
        for (key, word, result) in results {
            if let Some((before, _)) = printed.split_once(&format!("\n{key} {word}\n")) {
                return (Some(result), before.to_owned());
            }
        }
        (None, printed.to_owned())
    }
}

/// The `main` function of a grader with these tests.
pub(super) fn main_of(tests: &[String]) -> String {
    let mut calls = String::new();
    for test in tests {
        write!(calls, "{test:?} => {test}, ").expect("a String accepts everything that is written");
    }
    MAIN.replace("TESTS", &calls)
}

/// Goes below the grader's own lines, whose numbers do not change.
pub(crate) const MAIN: &str = include_str!("harness/main.rs.in");
