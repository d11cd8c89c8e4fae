//! Describes states and outcomes in a few words.

use autograder::snippet::{PROGRAM_LIMITS, Snippet};
use autograder::verdict::{ExerciseVerdict, Outcome, State};
use sandbox::{Ended, Limit, Limits};

use super::count;

/// The state of an exercise, such as `failing 2 of 7 tests`. `blocked_by` is the exercise that keeps it from being
/// graded.
pub fn state(verdict: &ExerciseVerdict, blocked_by: Option<&str>) -> String {
    if let Some(other) = blocked_by {
        return format!("blocked by {other}, which does not compile");
    }
    match verdict.state {
        State::Solved => "solved".to_owned(),
        State::NotStarted => "not started".to_owned(),
        State::Failing => {
            format!(
                "failing {} of {}",
                verdict.failed(),
                count(verdict.tests.len(), "test")
            )
        }
        State::Hangs => "hangs".to_owned(),
        State::DoesNotCompile => "does not compile".to_owned(),
        State::GraderChanged => "its tests were changed".to_owned(),
    }
}

/// The outcome of a test, such as `failed`.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::NotStarted => "not started",
        Outcome::Failed => "failed",
        Outcome::Hangs => "hangs",
        Outcome::Exited { .. } => "ended the process",
        Outcome::Crashed { .. } => "crashed",
        Outcome::LimitExceeded { .. } => "exceeded a limit",
        Outcome::LeftProcesses { .. } => "left processes running",
        Outcome::KilledItsSupervisor => "killed its supervisor",
        Outcome::NotRun => "not run",
    }
}

/// A sentence that says how a program ended, or nothing if it succeeded.
pub fn ended(ended: Ended) -> Option<String> {
    Some(match ended {
        Ended::Exit(0) => return None,
        Ended::Exit(code) => format!("The program ended with exit code {code}."),
        Ended::Signal(signal) => format!("The program was killed by signal {signal}."),
        Ended::LimitExceeded(limit) => {
            format!("The program {}, and was stopped.", exceeded(limit))
        }
        Ended::Cancelled => "The program was stopped.".to_owned(),
        Ended::Lost => "The program killed the process that supervises it.".to_owned(),
    })
}

fn exceeded(limit: Limit) -> String {
    let Limits {
        wall,
        cpu,
        memory,
        output,
        processes,
        files,
    } = PROGRAM_LIMITS;
    match limit {
        Limit::Wall => format!("ran longer than {} seconds", wall.as_secs()),
        Limit::Cpu => format!("used more than {} seconds of CPU time", cpu.as_secs()),
        Limit::Memory => format!("used more than {} MiB of memory", memory >> 20),
        Limit::Output => format!("printed more than {} KiB", output >> 10),
        Limit::Processes => format!("had more than {processes} processes at a time"),
        Limit::Files => format!("wrote more than {} MiB to files", files >> 20),
    }
}

/// Whether a program compiled and succeeded.
pub fn succeeded(snippet: &Snippet) -> bool {
    matches!(
        snippet,
        Snippet::Ran {
            ended: Ended::Exit(0),
            ..
        }
    )
}

/// A duration in whole minutes: `under 1 min`, `12 min`, `2 h 5 min`.
pub fn minutes(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => "under 1 min".to_owned(),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn formats_durations() {
        assert_eq!(minutes(0), "under 1 min");
        assert_eq!(minutes(61), "1 min");
        assert_eq!(minutes(7_500), "2 h 5 min");
    }
}
