//! What a run comes to: nothing to say, or one report.
//!
//! Several things may be wrong at once, and a learner can mend one. The order of causes:
//!
//! 1. A stub: whatever happened because of it says nothing.
//! 2. What happened first: a panic of the answer before the first miss is its likely cause, and the
//!    miss is told as what came after. (A panic that the grader makes itself is no cause.)
//! 3. The first miss, wherever it was found.
//! 4. The panic that ended the run.
//! 5. The hang that ended the run, with a panic before it, if there was one.
//! 6. A poll that held the thread, in a run that is right in all else.

use std::any::Any;

use timeline::Timeline;

use super::panics::{self, Panicked};
use super::place::Place;
use super::{Ended, Missed, Run, Scene, Seen, hang, long_poll};
use crate::report::Report;

pub(super) fn of(run: &Run, ended: Ended) -> Result<(), Box<Report>> {
    let mut seen = std::mem::take(&mut *run.seen());
    if let Some(report) = not_started(&run.place, &seen.panics) {
        return Err(Box::new(report));
    }
    let report = match (seen.miss.take(), ended) {
        (Some(missed), _) => long_poll::note(report_miss(&run.place, missed, &seen), seen.held),
        (None, Ended::Finished) => return Ok(()),
        (None, Ended::Held(timeline)) => long_poll::report(timeline, seen.held),
        (None, Ended::Panicked(payload, timeline)) => {
            let report = report_panic(&run.place, &*payload, timeline, &seen);
            long_poll::note(report, seen.held)
        }
        (None, Ended::Stopped(stop, timeline)) => {
            let report = hang::report(stop, &run.place, timeline, &mut seen);
            and_before(report, first_of_answer(&run.place, &seen.panics))
        }
    };
    Err(Box::new(set(report, seen.scene)))
}

/// The report of a run that ends its process: the last panic was that of a `drop`, during an unwinding.
pub(super) fn of_a_panicking_drop(run: &Run) -> Report {
    let mut seen = std::mem::take(&mut *run.seen());
    if let Some(report) = not_started(&run.place, &seen.panics) {
        return report;
    }
    let in_drop = seen.panics.pop();
    let mut report = match seen.miss.take() {
        Some(missed) => report_miss(&run.place, missed, &seen),
        None => report_panic(&run.place, &"unknown", run.timeline(), &seen),
    };
    if let Some(in_drop) = in_drop {
        report.seen.push(format!(
            "After that, a `drop` panicked as well, at {} That ends the process.",
            in_drop.told()
        ));
    }
    set(report, seen.scene)
}

fn not_started(place: &Place, panics: &[Panicked]) -> Option<Report> {
    let (panicked, stub) = panics
        .iter()
        .find_map(|panicked| panicked.stub().map(|stub| (panicked, stub)))?;
    let (at, exercise) = (panicked.place(), place.exercise());
    Some(Report::one_line(match exercise {
        Some(exercise) => format!("Not started: `{exercise}` comes to {stub} at {at}."),
        None => format!("Not started: {at} still says {stub}."),
    }))
}

fn report_miss(place: &Place, missed: Missed, seen: &Seen) -> Report {
    let before = &seen.panics[..missed.panics_before];
    let report = match first_of_answer(place, before) {
        Some(cause) => {
            let mut report = report_cause(cause);
            report
                .seen
                .push(format!("After that: {}", missed.miss.seen));
            report
        }
        None => Report::of(&missed.miss),
    };
    report.timeline(missed.timeline)
}

fn report_panic(
    place: &Place,
    payload: &(dyn Any + Send),
    timeline: Timeline,
    seen: &Seen,
) -> Report {
    let report = match (first_of_answer(place, &seen.panics), seen.panics.last()) {
        (Some(first), Some(last)) => {
            let mut report = report_cause(first);
            if last.place() != first.place() && !last.is_echo() {
                let after = format!("After that, a panic at {}", last.told());
                report.seen.push(after);
            }
            report
        }
        (_, Some(last)) => Report::new(format!("The run ended in a panic at {}", last.told())),
        (_, None) => {
            let words = panics::sentence(&panics::message(payload));
            Report::new(format!("The run ended in a panic: {words}"))
        }
    };
    report.timeline(timeline)
}

fn report_cause(cause: &Panicked) -> Report {
    let mut report = Report::new(format!("Your answer panicked at {}", cause.told()));
    if let Some(known) = cause.known() {
        report.usually = Some(known.usually.to_owned());
        report.read = known.read.map(str::to_owned);
    }
    report
}

fn and_before(mut report: Report, panicked: Option<&Panicked>) -> Report {
    if let Some(panicked) = panicked {
        let before = format!("Before that, your answer panicked at {}", panicked.told());
        report.seen.push(before);
        report.usually = None;
        report.read = None;
    }
    report
}

/// The first panic that the grader did not make itself.
fn first_of_answer<'a>(place: &Place, panics: &'a [Panicked]) -> Option<&'a Panicked> {
    panics
        .iter()
        .find(|panicked| !place.is_grader(&panicked.file))
}

fn set(mut report: Report, scene: Option<Scene>) -> Report {
    if let Some(Scene { said, timeline }) = scene {
        report.seen.insert(0, said);
        report.timeline = Some(timeline);
    }
    report
}
