//! Derives the verdict on a test from how its process ended and what it printed.

use sandbox::{Ended, Limit as Exceeded, Limits, Printed};
use timeline::Timeline;

use crate::grader::{HarnessResult, Keys};
use crate::verdict::{Limit, Outcome, TestOutput, TestVerdict};
use crate::visible::visible;

/// How `grading` starts its report on an exercise that has not been started, and on one that hangs.
const NOT_STARTED: &str = "Not started: ";
const HANGS: &str = "Hangs: ";

/// How many bytes of an answer's own output are kept.
const MAX_PRINTED: usize = 4 << 10;

pub(super) fn of(test: &str, keys: &Keys, ran: Printed, limits: &Limits) -> TestVerdict {
    let (result, printed) = keys.parse_result(&ran.stdout);
    let finished = ran.finished;
    let stderr = without_thread_numbers(&ran.stderr);
    let output = TestOutput::parse(&stderr);
    let was_too_slow = matches!(
        finished.ended,
        Ended::LimitExceeded(Exceeded::Wall | Exceeded::Cpu)
    );
    let outcome = match (finished.ended, result) {
        (Ended::Exit(0), Some(HarnessResult::Passed)) if finished.left_behind > 0 => {
            Outcome::LeftProcesses {
                count: finished.left_behind,
            }
        }
        (Ended::Exit(0), Some(HarnessResult::Passed)) => Outcome::Passed,
        // `grading` itself exits when a test cannot go on: a poll never returns, or a `drop` panics
        // during unwinding.
        (Ended::Exit(code), result)
            if result == Some(HarnessResult::Failed) || (code == 101 && output.is_complete) =>
        {
            if output.sentences.starts_with(NOT_STARTED) {
                Outcome::NotStarted
            } else if output.sentences.starts_with(HANGS) {
                Outcome::Hangs
            } else {
                Outcome::Failed
            }
        }
        (Ended::Exit(code), _) => Outcome::Exited { code },
        (Ended::Signal(signal), _) => Outcome::Crashed { signal },
        (Ended::LimitExceeded(limit), _) => match limit {
            Exceeded::Wall | Exceeded::Cpu => Outcome::Hangs,
            Exceeded::Memory => Outcome::LimitExceeded {
                limit: Limit::Memory,
            },
            Exceeded::Output => Outcome::LimitExceeded {
                limit: Limit::Output,
            },
            Exceeded::Processes => Outcome::LimitExceeded {
                limit: Limit::Processes,
            },
            Exceeded::Files => Outcome::LimitExceeded {
                limit: Limit::Files,
            },
        },
        (Ended::Lost | Ended::Cancelled, _) => Outcome::KilledItsSupervisor,
    };
    let verdict = TestVerdict {
        name: test.to_owned(),
        outcome,
        report: String::new(),
        timeline_text: String::new(),
        timeline_svg: None,
        output: truncate(&format!("{printed}{}", output.before)),
        in_real_time: output.in_real_time || was_too_slow,
    };
    let by_grading = match outcome {
        Outcome::Passed => return verdict,
        // The report comes from `grading` or from a panic.
        Outcome::NotStarted | Outcome::Failed => true,
        Outcome::Hangs => output.sentences.starts_with(HANGS),
        _ => false,
    };
    if by_grading {
        TestVerdict {
            report: without_trailing_space(&visible(output.sentences)),
            timeline_text: without_trailing_space(&visible(output.timeline_text)),
            timeline_svg: drawn(output.timeline_record),
            output: truncate(&format!("{printed}{}{}", output.before, output.after)),
            ..verdict
        }
    } else {
        let text = format!("{}\n{}", output.report(), output.after);
        let report = format!("{}\n{}", explain(outcome, &text, limits), truncate(&text));
        TestVerdict {
            report: without_trailing_space(&report),
            ..verdict
        }
    }
}

/// The verdict on a test that was not run.
pub(super) fn not_run(test: &str) -> TestVerdict {
    TestVerdict {
        name: test.to_owned(),
        outcome: Outcome::NotRun,
        report: "Not run: another test of this exercise hangs.\n".to_owned(),
        timeline_text: String::new(),
        timeline_svg: None,
        output: String::new(),
        in_real_time: true,
    }
}

/// What Rust's runtime prints before it aborts the process, and what that means. The first that matches counts.
const CRASHES: &[(&str, &str)] = &[
    (
        "has overflowed its stack",
        "The answer overflowed its stack, which ends the process.\nThis usually means a function that calls itself \
         forever.",
    ),
    (
        "memory allocation of",
        "The answer asked for more memory than is available, which ends the process.\nThis usually means a collection \
         that grows in a loop, or a wrong capacity.",
    ),
    (
        "thread local panicked on drop",
        "A thread-local value of the answer panicked when it was dropped at the end of its thread, which ends the \
         process.\nThis usually means a `drop` that panics, or that uses another thread-local value, which may have \
         been dropped already.",
    ),
    (
        "thread result panicked on drop",
        "The result of a thread panicked when it was dropped, which ends the process.\nThis usually means a `drop` \
         that panics in a value that the thread returned.",
    ),
    (
        "drop of the panic payload panicked",
        "The value that the answer panicked with panicked itself when it was dropped, which ends the process.\nThis \
         usually means `panic_any` or `resume_unwind` with a value whose `drop` panics.",
    ),
    (
        "panic in a function that cannot unwind",
        "The answer panicked in a function that must not unwind, which ends the process.\nThis usually means a panic \
         in an `extern \"C\"` function.",
    ),
    ("thread caused non-unwinding panic", PANICKED_TWICE),
    ("panic in a destructor during cleanup", PANICKED_TWICE),
];

const PANICKED_TWICE: &str = "The answer panicked while it was panicking, or in a function that must not unwind, which ends the process.\nThis \
     usually means a `drop` that panics while another panic unwinds the stack, or a panic in an `extern \"C\"` function.";

/// The signal of `abort`.
const SIGABRT: i32 = 6;

/// Why a process was killed by a signal. Without a message of Rust's runtime, an abort is one that was called for.
fn explain_crash(signal: i32, stderr: &str) -> String {
    if let Some((_, meaning)) = CRASHES.iter().find(|(words, _)| stderr.contains(words)) {
        return (*meaning).to_owned();
    }
    let killed = format!("The process was killed by signal {signal}.");
    if signal == SIGABRT && !stderr.contains("fatal runtime error") {
        return format!("{killed}\nThis usually means a call to `std::process::abort`.");
    }
    killed
}

/// What was seen and, where that tells the cause from others, what it usually means.
fn explain(outcome: Outcome, stderr: &str, limits: &Limits) -> String {
    match outcome {
        Outcome::Hangs => format!(
            "Hangs: the test was still running after {} s of real time, and was stopped.",
            limits.wall.as_secs()
        ),
        Outcome::Exited { code } => format!(
            "The answer ended the process, with exit code {code}, before the test was over.\nThis \
             usually means a call to `std::process::exit`. Return the result to the caller instead."
        ),
        Outcome::Crashed { signal } => explain_crash(signal, stderr),
        Outcome::LimitExceeded { limit } => match limit {
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
            Limit::Files => format!(
                "The answer wrote more than {} MiB to files, and was stopped.\nNo exercise needs a file.",
                limits.files >> 20
            ),
        },
        Outcome::LeftProcesses { count } => format!(
            "The test was over, but {} that the answer had started still ran, and had to be stopped.\nNo \
             exercise needs a process of its own.",
            if count == 1 {
                "a process".to_owned()
            } else {
                format!("{count} processes")
            }
        ),
        Outcome::KilledItsSupervisor => {
            "The answer killed the process that supervises the test.\nNo \
             exercise needs to kill another process."
                .to_owned()
        }
        Outcome::Passed | Outcome::NotStarted | Outcome::Failed | Outcome::NotRun => String::new(),
    }
}

/// What Rust's runtime prints about a thread after its number.
const AFTER_THREAD_NUMBER: &[&str] = &[" panicked at ", " has overflowed its stack"];

/// The runtime numbers the threads that it names, differently in each run. Without the numbers, equal answers have equal
/// verdicts.
fn without_thread_numbers(printed: &str) -> String {
    let mut parts = printed.split("' (");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let after = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let after = after.strip_prefix(')').filter(|after| {
            let mut known = AFTER_THREAD_NUMBER.iter();
            known.any(|words| after.starts_with(words))
        });
        text += &after.map_or_else(|| format!("' ({part}"), |after| format!("'{after}"));
    }
    text
}

/// The drawing of a record. The answer may have written it, so it is read, and drawn here.
fn drawn(record: &str) -> Option<String> {
    let timeline = Timeline::from_record(record)?;
    Some(timeline.to_svg("timeline", "What the futures did"))
}

/// What a person reads of the answer's own output.
fn truncate(text: &str) -> String {
    let text = visible(text.trim_end());
    if text.len() <= MAX_PRINTED {
        return text;
    }
    let end = (0..=MAX_PRINTED)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    format!("{}\n… and {} more bytes", &text[..end], text.len() - end)
}

fn without_trailing_space(report: &str) -> String {
    let report = report.trim_end();
    if report.is_empty() {
        return String::new();
    }
    format!("{report}\n")
}

#[cfg(test)]
mod tests {
    use super::without_thread_numbers;

    #[test]
    fn the_numbers_of_threads_are_left_out_and_nothing_else() {
        let printed = |of: &str| {
            format!(
                "one ('two' (3))\nthread 'worker'{of} panicked at exercises/src/queues.rs:86:9:\nnot yet implemented\n\
                 thread 'main'{of} has overflowed its stack\n"
            )
        };
        assert_eq!(without_thread_numbers(&printed(" (31204)")), printed(""));
        assert_eq!(without_thread_numbers(&printed("")), printed(""));
    }
}
