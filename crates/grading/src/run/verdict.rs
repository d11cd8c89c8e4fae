//! What a run comes to: either it passed, or there is one report.
//!
//! Several things may be wrong at once, and a learner can fix one at a time. The order of causes:
//!
//! 1. A stub: nothing that happened because of it matters.
//! 2. A panic of the answer before the first failed check, because it is the likely cause. The failed check
//!    is reported as what came after. (A panic that the grader makes itself is no cause.)
//! 3. The first failed check, wherever it was.
//! 4. The panic that ended the run.
//! 5. The hang that ended the run, with a panic before it, if there was one.
//! 6. A poll that blocked the thread, in a run in which everything else was right.

use std::any::Any;

use timeline::Timeline;

use super::clues::Clues;
use super::panicked::{self, Panicked};
use super::state::{Circumstances, Evidence, FailedCheck, Run};
use super::test_name::TestName;
use super::{blocking, hang};
use crate::cause::Cause;
use crate::report::Report;

/// How the root future of a run ended.
pub(super) enum Ended {
    Finished,
    /// As it should, but one poll blocked the thread for long.
    Blocking(Timeline),
    Panicked(Box<dyn Any + Send>, Timeline),
    Stopped(Box<Clues>),
}

pub(super) fn of(run: &Run, ended: Ended) -> Result<(), Box<Report>> {
    let mut evidence = run.take_evidence();
    if let Some(report) = not_started(&run.test, &evidence.panics) {
        return Err(Box::new(report));
    }
    let report = match (evidence.failed_check.take(), ended) {
        (Some(failed), _) => {
            let report = failed_check(&run.test, failed, &evidence);
            blocking::add_to(report, evidence.longest_poll, run.activity.longest_block())
        }
        (None, Ended::Finished) => return Ok(()),
        (None, Ended::Blocking(timeline)) => blocking::report(
            timeline,
            evidence.longest_poll,
            run.activity.blocked_doing(),
        ),
        (None, Ended::Panicked(payload, timeline)) => {
            let report = panic(&run.test, &*payload, timeline, &evidence);
            blocking::add_to(report, evidence.longest_poll, run.activity.longest_block())
        }
        (None, Ended::Stopped(mut clues)) => {
            let if_blocked = clues.if_blocked.take();
            let mut report = hang::report(*clues, &run.test, evidence.beginning.take());
            if let Some(failure) = if_blocked {
                report = report.because_of(&failure);
            }
            after_panic(report, first_of_answer(&run.test, &evidence.panics))
        }
    };
    let report = report.depends_on_threads(evidence.waits_for_threads);
    Err(Box::new(under(evidence.circumstances, report)))
}

/// The report of a run that ends its process, because a `drop` panicked during unwinding. That panic is the
/// last one.
pub(super) fn of_a_panicking_drop(run: &Run) -> Report {
    let mut evidence = run.take_evidence();
    if let Some(report) = not_started(&run.test, &evidence.panics) {
        return report;
    }
    let in_drop = evidence.panics.pop();
    let mut report = match evidence.failed_check.take() {
        Some(failed) => failed_check(&run.test, failed, &evidence),
        None => panic(&run.test, &"unknown", run.timeline(), &evidence),
    };
    if let Some(in_drop) = in_drop {
        report.seen.push(format!(
            "After that, a `drop` panicked as well, at {} That ends the process.",
            in_drop.sentence()
        ));
    }
    let report = report.depends_on_threads(evidence.waits_for_threads);
    under(evidence.circumstances, report)
}

fn not_started(test: &TestName, panics: &[Panicked]) -> Option<Report> {
    let (panicked, stub) = panics
        .iter()
        .find_map(|panicked| panicked.stub().map(|stub| (panicked, stub)))?;
    let (at, exercise) = (panicked.place(), test.exercise());
    Some(Report::one_line(match exercise {
        Some(exercise) => format!("Not started: `{exercise}` reaches {stub} at {at}."),
        None => format!("Not started: there is still a {stub} at {at}."),
    }))
}

fn failed_check(test: &TestName, failed: FailedCheck, evidence: &Evidence) -> Report {
    let before = &evidence.panics[..failed.panics_before];
    let report = match first_of_answer(test, before) {
        Some(cause) => {
            let mut report = panic_of_answer(cause);
            report.seen.push(format!(
                "After that, a check failed: {}",
                failed.failure.seen
            ));
            report
        }
        None => Report::of(&failed.failure).cause(Cause::check(failed.at, &failed.failure)),
    };
    report.timeline(failed.timeline)
}

fn panic(
    test: &TestName,
    payload: &(dyn Any + Send),
    timeline: Timeline,
    evidence: &Evidence,
) -> Report {
    let report = match (
        first_of_answer(test, &evidence.panics),
        evidence.panics.last(),
    ) {
        (Some(first), Some(last)) => {
            let mut report = panic_of_answer(first);
            if last.place() != first.place() && !last.is_echo() {
                let after = format!("After that, there was a panic at {}", last.sentence());
                report.seen.push(after);
            }
            report
        }
        (_, Some(last)) => {
            let mut report = Report::new(format!(
                "The test ended with a panic at {}",
                last.sentence()
            ))
            .cause(Cause::Panic(last.place()));
            if last.is_a_poll_too_many() {
                explain(&mut report, last);
            }
            report
        }
        (_, None) => {
            let message = panicked::sentence(&panicked::message(payload));
            Report::new(format!("The test ended with a panic: {message}"))
        }
    };
    report.timeline(timeline)
}

fn panic_of_answer(cause: &Panicked) -> Report {
    let mut report = Report::new(format!("Your answer panicked at {}", cause.sentence()))
        .cause(Cause::Panic(cause.place()));
    explain(&mut report, cause);
    report
}

fn explain(report: &mut Report, cause: &Panicked) {
    if let Some(known) = cause.known() {
        report.usually = Some(known.usually.to_owned());
        report.read = known.read.map(str::to_owned);
    }
}

fn after_panic(mut report: Report, panicked: Option<&Panicked>) -> Report {
    if let Some(panicked) = panicked {
        let before = format!(
            "Before that, your answer panicked at {}",
            panicked.sentence()
        );
        report.seen.push(before);
        report.usually = None;
        report.read = None;
    }
    report
}

/// The first panic that the grader did not make itself.
fn first_of_answer<'a>(test: &TestName, panics: &'a [Panicked]) -> Option<&'a Panicked> {
    panics
        .iter()
        .find(|panicked| !test.is_grader(&panicked.file))
}

fn under(circumstances: Option<Circumstances>, mut report: Report) -> Report {
    if let Some(Circumstances { sentence, timeline }) = circumstances {
        report.seen.insert(0, sentence);
        report.timeline = Some(timeline);
    }
    report
}
