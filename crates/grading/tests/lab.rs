//! What the bench of a laboratory writes down.

use grading::lab::{Bench, Full, Sample, Station, report_of};
use grading::{Failure, check, grade, ms, shuffled};
use tokio::time::timeout;

/// A check whose words nobody will read.
fn holds(it: bool, words: &str) {
    check(it, || Failure::new(words));
}

#[test]
fn a_visit_that_is_dropped_is_cancelled_and_not_finished() {
    grade(async || {
        let bench = Bench::new().time_for(Station::Spin, 2, ms(50));
        let lab = bench.lab();
        let _ = lab.spin(Sample(1)).await;
        let _ = timeout(ms(20), lab.spin(Sample(2))).await;
        holds(bench.started(Station::Spin) == [1, 2], "both began");
        holds(bench.finished(Station::Spin) == [1], "one is done");
        holds(bench.cancelled(Station::Spin) == [2], "one was dropped");
        holds(bench.under_way(Station::Spin) == 0, "nothing goes on");
        let visits = bench.visits(Station::Spin);
        holds(
            visits[1].began == ms(10) && visits[1].cancelled == Some(ms(30)),
            "the instants are those of the clock",
        );
    });
}

#[test]
fn the_archive_is_full_when_its_shelf_is() {
    grade(async || {
        let lab = Bench::new().shelf(1).lab();
        let stored = [lab.store(report_of(1)).await, lab.store(report_of(2)).await];
        holds(stored == [Ok(()), Err(Full)], "there is room for one");
    });
}

#[test]
fn stations_are_counted_one_by_one() {
    grade(async || {
        let bench = Bench::new();
        let lab = bench.lab();
        let (spun, report, _) = tokio::join!(
            lab.spin(Sample(1)),
            lab.analyse(Sample(2)),
            lab.analyse(Sample(3)),
        );
        holds(
            spun == Sample(1) && report == report_of(2),
            "what comes out",
        );
        let peaks = [Station::Spin, Station::Analyse, Station::Store].map(|s| bench.peak(s));
        holds(peaks == [1, 2, 0], "the peaks");
    });
}

#[test]
fn shuffled_it_takes_times_of_chance() {
    let seen = std::sync::Mutex::new(std::collections::BTreeSet::new());
    shuffled(async |shuffle| {
        let bench = Bench::new().shuffled(&shuffle);
        bench.lab().analyse(Sample(1)).await;
        seen.lock()
            .unwrap()
            .insert(bench.visits(Station::Analyse)[0].finished);
    });
    assert_eq!(seen.into_inner().unwrap().len(), 4);
}
