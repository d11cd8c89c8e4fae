//! What one test did, from how its process ended and what it printed.

use sandbox::{Ended, Limit as Of, Limits, Printed};

use crate::grader::{Word, word};
use crate::verdict::{Limit, Outcome, Said, TestVerdict};

/// How the report of an unsolved exercise starts, and that of one that never ends. `grading` writes
/// them.
const NOT_STARTED: &str = "Not started: ";
const HANGS: &str = "Hangs: ";

/// So much of what an answer prints is kept, in bytes.
const PRINTED: usize = 4 << 10;

pub(super) fn of(test: &str, key: &str, ran: Printed, limits: &Limits) -> TestVerdict {
    let (word, printed) = word(&ran.stdout, key);
    let finished = ran.finished;
    let said = Said::parted(&ran.stderr);
    let outcome = match (finished.ended, word) {
        (Ended::Exit(0), Some(Word::Passed)) if finished.left_behind > 0 => {
            Outcome::LeftProcesses {
                count: finished.left_behind,
            }
        }
        (Ended::Exit(0), Some(Word::Passed)) => Outcome::Passed,
        // `grading` itself ends the process of a run that cannot be saved: a poll never returns, or a `drop` panics
        // while a panic unwinds.
        (Ended::Exit(code), word) if word == Some(Word::Failed) || (code == 101 && said.whole) => {
            if said.sentences.starts_with(NOT_STARTED) {
                Outcome::NotStarted
            } else if said.sentences.starts_with(HANGS) {
                Outcome::Hangs
            } else {
                Outcome::Failed
            }
        }
        (Ended::Exit(code), _) => Outcome::EndedTheProcess { code },
        (Ended::Signal(signal), _) => Outcome::Crashed { signal },
        (Ended::Over(limit), _) => match limit {
            Of::Wall | Of::Cpu => Outcome::Hangs,
            Of::Memory => Outcome::OverLimit {
                limit: Limit::Memory,
            },
            Of::Output => Outcome::OverLimit {
                limit: Limit::Output,
            },
            Of::Processes => Outcome::OverLimit {
                limit: Limit::Processes,
            },
        },
        (Ended::Lost | Ended::Cancelled, _) => Outcome::EndedItsGuard,
    };
    let verdict = TestVerdict {
        name: test.to_owned(),
        outcome,
        report: String::new(),
        chart: String::new(),
        svg: None,
        printed: shortened(&format!("{printed}{}", said.before)),
    };
    let by_grading = match outcome {
        Outcome::Passed => return verdict,
        // `grading` or a panic has said it.
        Outcome::NotStarted | Outcome::Failed => true,
        Outcome::Hangs => said.sentences.starts_with(HANGS),
        _ => false,
    };
    if by_grading {
        TestVerdict {
            report: without_trailing_space(said.sentences),
            chart: without_trailing_space(said.chart),
            svg: said.svg.map(str::to_owned),
            printed: shortened(&format!("{printed}{}{}", said.before, said.after)),
            ..verdict
        }
    } else {
        let said = format!("{}\n{}", said.report(), said.after);
        let report = format!("{}\n{}", sentence(outcome, &said, limits), shortened(&said));
        TestVerdict {
            report: without_trailing_space(&report),
            ..verdict
        }
    }
}

/// A test that nothing is known of.
pub(super) fn not_run(test: &str) -> TestVerdict {
    TestVerdict {
        name: test.to_owned(),
        outcome: Outcome::NotRun,
        report: "Not run: another test of this exercise hangs.\n".to_owned(),
        chart: String::new(),
        svg: None,
        printed: String::new(),
    }
}

/// What was seen and what it usually means.
fn sentence(outcome: Outcome, said: &str, limits: &Limits) -> String {
    match outcome {
        Outcome::Hangs => format!(
            "Hangs: the test was still running after {} s of real time, and was stopped.\nThis \
             usually means a loop that never ends, on a thread that no report can come from.",
            limits.wall.as_secs()
        ),
        Outcome::EndedTheProcess { code } => format!(
            "The answer ended the process, with exit code {code}, before the test was over.\nThis \
             usually means a call of `std::process::exit`. A function returns to its caller: give \
             back the result instead."
        ),
        Outcome::Crashed { .. } if said.contains("has overflowed its stack") => {
            "The answer overflowed its stack, which ends the process.\nThis usually means a function \
             that calls itself and never comes to an end."
                .to_owned()
        }
        Outcome::Crashed { .. } if said.contains("memory allocation of") => {
            "The answer asked for more memory than there is, which ends the process.\nThis usually \
             means a collection that grows in a loop, or a capacity that was computed wrongly."
                .to_owned()
        }
        Outcome::Crashed { .. } if said.contains("thread caused non-unwinding panic")
            || said.contains("panic in a destructor during cleanup") =>
        {
            "The answer panicked while it was panicking, which ends the process.\nThis usually means \
             a `drop` that panics when the values of a function that has panicked are dropped."
                .to_owned()
        }
        Outcome::Crashed { signal } => format!(
            "The process was ended by signal {signal}.\nThis usually means a call of \
             `std::process::abort`."
        ),
        Outcome::OverLimit { limit } => match limit {
            Limit::Memory => format!(
                "The answer used more than {} MiB of memory, and was stopped.\nThis usually means a \
                 collection that grows in a loop that does not end.",
                limits.memory >> 20
            ),
            Limit::Output => format!(
                "The answer printed more than {} KiB, and was stopped.\nThis usually means a \
                 `println!` in a loop that does not end.",
                limits.output >> 10
            ),
            Limit::Processes => format!(
                "The answer had more than {} processes at a time, and was stopped.\nNo exercise \
                 needs a process of its own.",
                limits.processes
            ),
        },
        Outcome::LeftProcesses { count } => format!(
            "The test was over, but {} that the answer had started went on until it was stopped.\nNo \
             exercise needs a process of its own.",
            if count == 1 {
                "a process".to_owned()
            } else {
                format!("each of {count} processes")
            }
        ),
        Outcome::EndedItsGuard => "The answer ended the process that watches over the test.\nNo \
             exercise needs to end another process."
            .to_owned(),
        Outcome::Passed | Outcome::NotStarted | Outcome::Failed | Outcome::NotRun => String::new(),
    }
}

fn shortened(text: &str) -> String {
    let text = text.trim_end();
    if text.len() <= PRINTED {
        return text.to_owned();
    }
    let end = (0..=PRINTED)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    format!("{}\n… and {} bytes more", &text[..end], text.len() - end)
}

fn without_trailing_space(report: &str) -> String {
    let report = report.trim_end();
    if report.is_empty() {
        return String::new();
    }
    format!("{report}\n")
}
