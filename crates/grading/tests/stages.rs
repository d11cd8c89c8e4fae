//! What the probe of a pipeline records.

use grading::stages::{Job, Probe, Stage, StorageFull, output_of};
use grading::{Failure, check, grade, grade_cases, ms};
use tokio::time::timeout;

/// A check whose report does not matter.
fn holds(condition: bool, words: &str) {
    check(condition, || Failure::new(words));
}

#[test]
fn a_call_that_is_dropped_is_cancelled_and_not_finished() {
    grade(async || {
        let probe = Probe::new().duration_for(Stage::Prepare, 2, ms(50));
        let stages = probe.stages();
        let _ = stages.prepare(Job(1)).await;
        let _ = timeout(ms(20), stages.prepare(Job(2))).await;
        holds(probe.started(Stage::Prepare) == [1, 2], "both started");
        holds(probe.finished(Stage::Prepare) == [1], "one finished");
        holds(probe.cancelled(Stage::Prepare) == [2], "one was dropped");
        holds(probe.in_progress(Stage::Prepare) == 0, "nothing runs on");
        let calls = probe.calls(Stage::Prepare);
        holds(
            calls[1].started == ms(10) && calls[1].cancelled == Some(ms(30)),
            "the instants are those of the clock",
        );
    });
}

#[test]
fn the_storage_is_full_when_it_has_no_room() {
    grade(async || {
        let stages = Probe::new().storage(1).stages();
        let stored = [
            stages.store(output_of(1)).await,
            stages.store(output_of(2)).await,
        ];
        holds(
            stored == [Ok(()), Err(StorageFull)],
            "there is room for one",
        );
    });
}

#[test]
fn each_stage_has_a_peak_of_its_own() {
    grade(async || {
        let probe = Probe::new();
        let stages = probe.stages();
        let (prepared, output, _) = tokio::join!(
            stages.prepare(Job(1)),
            stages.process(Job(2)),
            stages.process(Job(3)),
        );
        holds(
            prepared == Job(1) && output == output_of(2),
            "the results are right",
        );
        let peaks = [Stage::Prepare, Stage::Process, Stage::Store].map(|s| probe.peak(s));
        holds(peaks == [1, 2, 0], "the peaks are right");
    });
}

#[test]
fn a_drawn_probe_takes_random_times() {
    let seen = std::sync::Mutex::new(std::collections::BTreeSet::new());
    grade_cases(async |case| {
        let probe = Probe::new().drawn(&case);
        probe.stages().process(Job(1)).await;
        seen.lock()
            .unwrap()
            .insert(probe.calls(Stage::Process)[0].finished);
    });
    assert_eq!(seen.into_inner().unwrap().len(), 4);
}
