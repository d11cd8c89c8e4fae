//! `with_progress`: reports in completion order, outcomes in input order.

use std::collections::BTreeSet;

use super::*;
use exercises::gather::with_progress;

/// One call of `report`, and when it was made.
#[derive(Debug, PartialEq)]
struct Report {
    at: Duration,
    done: usize,
    path: String,
}

impl Describe for Report {
    fn describe(&self) -> String {
        let Self { at, done, path } = self;
        format!("{done} {path} at {}", in_ms(*at))
    }
}

/// A report without its instant, which another test checks.
type Counted = (usize, String);

impl Describe for Counted {
    fn describe(&self) -> String {
        let (done, path) = self;
        format!("{done} {path}")
    }
}

/// Downloads `paths`, and checks that the reports are `expected`, in this order and no others.
///
/// `missing` is the usual cause if there are fewer.
async fn check_reports(site: &Site, paths: &[&str], expected: &[(usize, &str)], missing: &str) {
    let owned = |&(done, path): &(usize, &str)| (done, path.to_owned());
    let expected: Vec<Counted> = expected.iter().map(owned).collect();
    let reports = reports(site, paths).await.into_iter();
    let seen: Vec<Counted> = reports.map(|report| (report.done, report.path)).collect();
    check(seen == expected, || {
        let failure = Failure::new(format!(
            "The reports should be {}; they were {}.",
            expected.describe(),
            seen.describe()
        ));
        if seen.len() < expected.len() {
            failure.usually(missing)
        } else if seen.len() > expected.len() {
            failure.usually("that something other than the end of a download is reported.")
        } else if seen.iter().zip(&expected).all(|(seen, expected)| seen.1 == expected.1) {
            failure.usually(
                "that they count something else: the index in `paths`, say, or the downloads that are \
                 left.",
            )
        } else {
            failure.usually(
                "that they are not made when the downloads end, but in the order of `paths`, say, or \
                 all at the end.",
            )
        }
        .read("gather-futures-unordered.html#futuresunordered")
    });
}

/// Downloads `paths` and returns what was reported during that time.
async fn reports(site: &Site, paths: &[&str]) -> Vec<Report> {
    let mut reports = Vec::new();
    let clock = Clock::start();
    let report = |done, path: &str| {
        reports.push(Report {
            at: clock.elapsed(),
            done,
            path: path.to_owned(),
        });
    };
    with_progress(&site.client(), paths, report).await;
    reports
}

/// The reports of equal instants, in one order.
fn in_one_order(mut reports: Vec<(Duration, String)>) -> Vec<(Duration, String)> {
    reports.sort();
    reports
}

/// Each path, and when its response arrives.
fn arrivals(drawn: &Drawn) -> Vec<(Duration, String)> {
    let requests = drawn.requests.iter();
    requests
        .map(|request| (request.latency, request.path.clone()))
        .collect()
}

#[test]
fn downloads_overlap() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case, 1..=40, Responses::Any);
        let clock = Clock::start();
        with_progress(&drawn.site.client(), &drawn.paths(), |_, _| {}).await;
        drawn.site.check_requested(&drawn.paths(), EXERCISES);
        check_overlap(&clock, &drawn.times());
    });
}

#[test]
fn reports_each_download_when_it_ends() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case, 1..=40, Responses::Any);
        let reports = reports(&drawn.site, &drawn.paths()).await;
        let seen = reports
            .iter()
            .map(|report| (report.at, report.path.clone()));
        let seen: Vec<_> = seen.collect();
        let arrivals = arrivals(&drawn);
        let expected = in_one_order(arrivals.clone());
        check(in_one_order(seen.clone()) == expected, || {
            let failure = Failure::new(format!(
                "The reports should be made at these instants: {}; they were made at these: {}.",
                expected.describe(),
                seen.describe()
            ));
            let last = expected.last().map(|(at, _)| *at);
            if seen.len() < expected.len() {
                failure.usually(
                    "that a download is not reported: one that fails, or one that ends at the same \
                     instant as another.",
                )
            } else if seen.iter().all(|(at, _)| Some(*at) == last) {
                failure.usually("that they were all made at the very end.")
            } else if seen.iter().map(|(_, path)| path).eq(drawn.paths()) {
                failure.usually(
                    "that they were made in the order of `paths`, so that the report of a quick \
                     download waits for a slow one before it.",
                )
            } else {
                failure.usually("that a report waits for something other than its own download.")
            }
            .read("gather-futures-unordered.html#futuresunordered")
        });
    });
}

#[test]
fn counts_the_downloads_that_have_ended() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case, 1..=40, Responses::Any);
        let reports = reports(&drawn.site, &drawn.paths()).await;
        let counts: Vec<_> = reports.iter().map(|report| report.done).collect();
        let count = drawn.requests.len();
        check(counts.iter().copied().eq(1..=count), || {
            let failure = Failure::new(format!(
                "`report` should count the downloads that have ended, from 1 to {count}; it counted {}.",
                numbers(&counts)
            ));
            if counts.iter().copied().eq(0..count) {
                failure.usually(
                    "that it counted from zero, or left out the download that has just ended.",
                )
            } else if counts.len() != count {
                failure.usually("that not every report is about the end of one download.")
            } else {
                failure.usually(
                    "that it reports the index in `paths`, or the number of downloads left.",
                )
            }
            .read("gather-futures-unordered.html#futuresunordered")
        });
    });
}

#[test]
fn keeps_the_order_of_paths() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case, 1..=40, Responses::Any);
        let outcomes = with_progress(&drawn.site.client(), &drawn.paths(), |_, _| {}).await;
        check_input_order(&outcomes, &drawn.outcomes(), &drawn.times());
    });
}

#[test]
fn reports_failures_too() {
    grade(async || {
        let site = site_with([40, 20, 10]).broken("/away", ms(30));
        let paths = ["/away", "/maps"];
        let failures = "that failures are never reported, so that the count never reaches the end.";
        let expected = [(1, "/maps"), (2, "/away")];
        check_reports(&site, &paths, &expected, failures).await;
    });
}

#[test]
fn a_failure_keeps_its_place() {
    grade(async || {
        let site = site_with([40, 20, 10]).broken("/away", ms(30));
        let paths = ["/away", "/maps"];
        let outcomes = with_progress(&site.client(), &paths, |_, _| {}).await;
        let expected = [Err(server_error("/away")), Ok(page("/maps"))];
        check_input_order(&outcomes, &expected, &[30, 20]);
    });
}

#[test]
fn a_path_given_twice_is_reported_twice() {
    grade(async || {
        let paths = ["/maps", "/mail", "/maps"];
        let expected = [(1, "/mail"), (2, "/maps"), (3, "/maps")];
        let keyed = "that the downloads are keyed by path, so that only one of each path is kept.";
        let site = site_with([40, 20, 10]);
        check_reports(&site, &paths, &expected, keyed).await;
        check_downloaded(&site, &paths);
        let site = site_with([40, 20, 10]);
        let outcomes = with_progress(&site.client(), &paths, |_, _| {}).await;
        check_input_order(&outcomes, &paths.map(|path| Ok(page(path))), &[20, 10, 20]);
    });
}

#[test]
fn no_paths_give_no_reports() {
    grade(async || {
        let site = Site::new();
        let reports = reports(&site, &[]).await;
        let outcomes = with_progress(&site.client(), &[], |_, _| {}).await;
        check(reports.is_empty() && outcomes.is_empty(), || {
            Failure::new(format!(
                "No paths should give no reports and no outcomes; there were {} and {}.",
                reports.describe(),
                outcomes.describe()
            ))
            .usually("that something other than the end of a download is reported.")
            .read("gather-futures-unordered.html#futuresunordered")
        });
    });
}

#[test]
fn starts_all_downloads_at_once() {
    grade_cases(async |case| {
        let count = case.size("paths", 1..=300);
        let (site, paths) = many(count);
        let reports = reports(&site, &as_strs(&paths)).await;
        check_all_in_flight(&site, count);
        let instants: BTreeSet<_> = reports.iter().map(|report| report.at).collect();
        check(instants.len() == count, || {
            Failure::new(format!(
                "{} end at {}, and each should be reported then; there were reports at {}.",
                counted(count, "download"),
                counted(count, "instant"),
                counted(instants.len(), "instant")
            ))
            .usually("that a report waits for something other than its own download.")
            .read("gather-futures-unordered.html#futuresunordered")
        });
        let mut reported = reports.iter().map(|report| report.done).zip(1..);
        let wrong = reported.find(|(done, due)| done != due);
        check(wrong.is_none(), || {
            let (done, due) = wrong.unwrap_or_default();
            Failure::new(format!(
                "{due} of {count} downloads have ended, and `report` should say so; it said {done}."
            ))
            .usually("that it counts something else: the index in `paths`, or the downloads left.")
            .read("gather-futures-unordered.html#futuresunordered")
        });
    });
}

#[test]
fn cancels_its_downloads_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (site_with([40, 20, 10]), Tasks::baseline());
            let client = site.client();
            (
                async move { with_progress(&client, &PATHS, |_, _| {}).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| {
            check_nothing_runs_on(&site, tasks, "When the future is dropped").await
        },
    );
}
