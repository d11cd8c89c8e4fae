//! `with_progress`: reports in completion order, outcomes in input order.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::*;
use exercises::gather::with_progress;
use grading::explained;
use grading::web::DrawnRequest;

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
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        drawn.add_extremes(&case, Responses::Any);
        let clock = Clock::start();
        with_progress(&drawn.site.client(), &drawn.paths(), |_, _| {}).await;
        drawn.site.check_requested(&drawn.paths(), EXERCISES);
        check_overlap(&clock, &drawn.times());
    });
}

fn sorted_instants(reports: &[(Duration, String)]) -> Vec<Duration> {
    let mut instants: Vec<_> = reports.iter().map(|(at, _)| *at).collect();
    instants.sort();
    instants
}

/// What the downloads that are not reported have in common.
fn why_missing(drawn: &Drawn, seen: &[(Duration, String)]) -> Option<&'static str> {
    let is_seen = |path: &String| seen.iter().any(|(_, other)| other == path);
    let (reported, missing): (Vec<_>, Vec<_>) = drawn
        .requests
        .iter()
        .partition(|request| is_seen(&request.path));
    let fails = |requests: &[&DrawnRequest]| {
        let failing = requests.iter().filter(|request| request.outcome.is_err());
        failing.count()
    };
    let instants: BTreeSet<_> = drawn
        .requests
        .iter()
        .map(|request| request.latency)
        .collect();
    if !reported.is_empty()
        && fails(&reported) == 0
        && fails(&missing) == missing.len()
        && !missing.is_empty()
    {
        Some("that a download that fails is not reported.")
    } else if seen.len() == instants.len() && !reported.is_empty() {
        Some("that only one of the downloads that end at the same instant is reported.")
    } else {
        None
    }
}

#[test]
fn reports_each_download_when_it_ends() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        drawn.add_extremes(&case, Responses::Any);
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
                failure.usually_if(why_missing(&drawn, &seen))
            } else if seen.len() > expected.len() {
                failure.usually("that something other than the end of a download is reported.")
            } else if sorted_instants(&seen) == sorted_instants(&expected) {
                failure.usually("that the path that is reported is not that of the download that has just ended.")
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

/// What the reports count, if it is one of the usual things.
fn what_was_counted(drawn: &Drawn, reports: &[Report]) -> Option<&'static str> {
    let counts: Vec<_> = reports.iter().map(|report| report.done).collect();
    let count = drawn.requests.len();
    // The nth report of a path is about its nth occurrence.
    let of = |number: usize| {
        let path = &reports[number].path;
        let earlier = reports[..number]
            .iter()
            .filter(|report| report.path == *path);
        let mut places = (0..count).filter(|index| drawn.requests[*index].path == *path);
        places.nth(earlier.count())
    };
    let indexes = (0..reports.len()).map(|number| of(number).unwrap_or_default());
    let mut successes = 0;
    let pages = (0..reports.len()).map(|number| {
        let is_page = of(number).is_some_and(|index| drawn.requests[index].outcome.is_ok());
        successes += usize::from(is_page);
        successes
    });
    let index = "that it reports the index in `paths`.";
    let left = "that it reports the number of downloads left.";
    let mistakes = [
        (
            "that it counted from zero, or left out the download that has just ended.",
            (0..count).collect::<Vec<_>>(),
        ),
        (index, indexes.clone().collect()),
        (index, indexes.map(|index| index + 1).collect()),
        (left, (0..count).rev().collect()),
        (left, (1..=count).rev().collect()),
        (
            "that only pages are counted, and no failures.",
            pages.collect(),
        ),
    ];
    explained(&counts, mistakes)
}

#[test]
fn counts_the_downloads_that_have_ended() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        // In this order the number of downloads is neither an index nor the number of pages.
        drawn.add_broken("/slow", ms(300));
        drawn.add_page("/quick", Duration::ZERO);
        let reports = reports(&drawn.site, &drawn.paths()).await;
        let counts: Vec<_> = reports.iter().map(|report| report.done).collect();
        let count = drawn.requests.len();
        check(counts.iter().copied().eq(1..=count), || {
            let failure = Failure::new(format!(
                "`report` should count the downloads that have ended, from 1 to {count}; it counted {}.",
                numbers(&counts)
            ));
            if counts.len() != count {
                failure.usually("that not every report is about the end of one download.")
            } else {
                failure.usually_if(what_was_counted(&drawn, &reports))
            }
            .read("gather-futures-unordered.html#futuresunordered")
        });
    });
}

#[test]
fn keeps_the_order_of_paths() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        drawn.add_extremes(&case, Responses::Any);
        let outcomes = with_progress(&drawn.site.client(), &drawn.paths(), |_, _| {}).await;
        let expected = in_either_order(drawn.outcomes(), &outcomes, path_of);
        check_input_order(&outcomes, &expected, &drawn.times());
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
                plural(count, "download"),
                plural(count, "instant"),
                plural(instants.len(), "instant")
            ))
            .usually_if(
                (reports.len() == count)
                    .then_some("that a report waits for something other than its own download."),
            )
            .read("gather-futures-unordered.html#futuresunordered")
        });
        let mut reported = reports.iter().map(|report| report.done).zip(1..);
        let wrong = reported.find(|(done, due)| done != due);
        check(wrong.is_none(), || {
            let (done, due) = wrong.unwrap_or_default();
            Failure::new(format!(
                "{due} of {count} downloads have ended, and `report` should say so; it said {done}."
            ))
            .usually_if(
                (due > 255 && done == due % 256)
                    .then_some("that the type of the count is too small."),
            )
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

#[test]
fn reports_nothing_after_a_drop() {
    drop_at_every_await(
        async || {
            let site = site_with([40, 20, 10]);
            let client = site.client();
            let reported = Rc::new(RefCell::new(0));
            let count = Rc::clone(&reported);
            let answer = async move {
                with_progress(&client, &PATHS, |_, _| *count.borrow_mut() += 1).await
            };
            (answer, (site, reported))
        },
        async |(site, reported)| {
            let (reported, finished) = (*reported.borrow(), site.finished().len());
            check(reported <= finished, || {
                Failure::new(format!(
                    "When the future was dropped, {} had ended, so there should be no more reports than that; there {} {reported}.",
                    plural(finished, "download"),
                    if reported == 1 { "was" } else { "were" }
                ))
                .usually("that downloads are reported that were cancelled, by a destructor say.")
                .read("gather-futures-unordered.html#futuresunordered")
            });
        },
    );
}
