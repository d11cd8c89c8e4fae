//! `settle`: every outcome, divided into pages and failures.

use super::*;
use exercises::gather::{Settled, settle};

/// Two pages and two failures, none of which ends in input order.
fn half_broken() -> Site {
    Site::new()
        .broken("/news", ms(40))
        .page("/maps", ms(30))
        .broken("/mail", ms(10))
        .page("/help", ms(20))
}

const HALF_BROKEN: [&str; 4] = ["/news", "/maps", "/mail", "/help"];

const LEFT_OUT: &str = "that an outcome is left out, or is in the place of another.";

/// `otherwise`: the usual cause if the outcomes differ although the answer has not stopped early.
fn check_settled(site: &Site, seen: &Settled, expected: &Settled, otherwise: &str) {
    check(seen == expected, || {
        let report = Failure::new(format!(
            "It should return the pages {} and the failures {}; it returned {} and {}.",
            expected.pages.describe(),
            expected.failures.describe(),
            seen.pages.describe(),
            seen.failures.describe()
        ));
        let same_pages = same_items(&seen.pages, &expected.pages);
        if same_pages && same_items(&seen.failures, &expected.failures) {
            let meaning = match (is_sorted_by_path(seen), ended_in_this_order(site, seen)) {
                (true, false) => Some("that the lists are sorted by path."),
                (false, true) => Some(COMPLETION_ORDER),
                _ => None,
            };
            report
                .usually_if(meaning)
                .read("gather-futures-unordered.html#futuresunordered")
        } else if site.cancelled().is_empty() {
            report
                .usually(otherwise)
                .read("gather-try-join.html#collect-every-outcome")
        } else {
            report
                .usually("that outcomes are missing: the answer stopped early.")
                .read("gather-try-join.html#collect-every-outcome")
        }
    });
}

const COMPLETION_ORDER: &str = "that the lists are in the order in which the downloads ended.";

fn is_sorted_by_path(settled: &Settled) -> bool {
    settled.pages.is_sorted_by_key(|page| &page.path)
        && settled.failures.is_sorted_by_key(|(path, _)| path)
}

/// Whether both lists are in the order in which the downloads ended.
fn ended_in_this_order(site: &Site, settled: &Settled) -> bool {
    let ended = site.finished();
    let in_order = |listed: Vec<&String>| {
        let mut ended = ended.iter();
        listed.iter().all(|path| ended.any(|other| other == *path))
    };
    in_order(settled.pages.iter().map(|page| &page.path).collect())
        && in_order(settled.failures.iter().map(|(path, _)| path).collect())
}

fn failure(path: &str) -> (String, WebError) {
    (path.to_owned(), server_error(path))
}

/// What `settle` should return.
fn settled(drawn: &Drawn) -> Settled {
    let mut settled = Settled::default();
    for request in &drawn.requests {
        match request.outcome.clone() {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((request.path.clone(), error)),
        }
    }
    settled
}

#[test]
fn downloads_overlap() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        drawn.add_extremes(&case, Responses::Any);
        let clock = Clock::start();
        settle(&drawn.site.client(), &drawn.paths()).await;
        drawn.site.check_requested(&drawn.paths(), EXERCISES);
        check_overlap(&clock, &drawn.times());
    });
}

#[test]
fn keeps_every_outcome() {
    grade(async || {
        let site = half_broken();
        let settled = settle(&site.client(), &HALF_BROKEN).await;
        let counts = (settled.pages.len(), settled.failures.len());
        check(counts == (2, 2), || {
            let report = Failure::new(format!(
                "Two of {} fail and two do not: there should be 2 pages and 2 failures; there were \
                 {} and {}.",
                HALF_BROKEN.describe(),
                counts.0,
                counts.1
            ));
            if !site.cancelled().is_empty() {
                report.usually("that the answer stopped at the first error and dropped the rest.")
            } else if counts == (2, 0) {
                report.usually(
                    "that the answer discarded the errors, as `flatten` and `filter_map(Result::ok)` \
                     do with results.",
                )
            } else {
                report.usually("that an outcome is left out, or counted twice.")
            }
            .read("gather-try-join.html#collect-every-outcome")
        });
        check_downloaded(&site, &HALF_BROKEN);
    });
}

#[test]
fn a_failure_carries_its_path() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case, 1..=40, Responses::Any);
        let settled = settle(&drawn.site.client(), &drawn.paths()).await;
        for (path, error) in &settled.failures {
            let (WebError::NotFound { path: failed } | WebError::ServerError { path: failed }) =
                error;
            check(path == failed, || {
                let of_another = drawn.paths().contains(&path.as_str());
                Failure::new(format!(
                    "Each failure should be listed with its path; {} is listed with {}.",
                    quoted_if_empty(path),
                    error.describe()
                ))
                .usually_if(of_another.then_some(
                    "that it is the path of another download: once the errors have been separated \
                     from the pages, they no longer match `paths` one to one.",
                ))
                .read("gather-try-join.html#collect-every-outcome")
            });
        }
    });
}

#[test]
fn both_lists_keep_the_order_of_paths() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        drawn.add_extremes(&case, Responses::Any);
        let seen = settle(&drawn.site.client(), &drawn.paths()).await;
        let Settled { pages, failures } = settled(&drawn);
        let expected = Settled {
            pages: in_either_order(pages, &seen.pages, |page| &page.path),
            failures: in_either_order(failures, &seen.failures, |(path, _)| path),
        };
        check_settled(&drawn.site, &seen, &expected, LEFT_OUT);
    });
}

#[test]
fn a_path_given_twice_counts_twice() {
    grade(async || {
        let paths = ["/maps", "/mail", "/help", "/news", "/maps", "/mail"];
        let site = half_broken();
        let settled = settle(&site.client(), &paths).await;
        let expected = Settled {
            pages: ["/maps", "/help", "/maps"].map(page).to_vec(),
            failures: ["/mail", "/news", "/mail"].map(failure).to_vec(),
        };
        let meaning = match (settled.pages.len(), settled.failures.len()) {
            (2, 2) => {
                "that the outcomes are keyed by path, so that only one outcome of a path is kept."
            }
            _ => LEFT_OUT,
        };
        check_settled(&site, &settled, &expected, meaning);
        check_downloaded(&site, &paths);
    });
}

#[test]
fn waits_for_the_slowest_after_a_failure() {
    grade(async || {
        let site = half_broken().page("/slow", ms(90));
        let paths = ["/slow", "/mail", "/nowhere"];
        let clock = Clock::start();
        let settled = settle(&site.client(), &paths).await;
        check_overlap(&clock, &[90, 10, 10]);
        let expected = Settled {
            pages: vec![page("/slow")],
            failures: vec![
                failure("/mail"),
                ("/nowhere".to_owned(), not_found("/nowhere")),
            ],
        };
        check_settled(&site, &settled, &expected, LEFT_OUT);
    });
}

#[test]
fn no_paths_give_two_empty_lists() {
    grade(async || {
        let clock = Clock::start();
        let settled = settle(&Site::new().client(), &[]).await;
        check(
            settled == Settled::default() && clock.elapsed().is_zero(),
            || {
                Failure::new(format!(
                    "No paths should give two empty lists at 0 ms; at {} the result was {settled:?}.",
                    in_ms(clock.elapsed())
                ))
                .usually("that the answer does not look at `paths`.")
                .read("gather.html#join_all")
            },
        );
    });
}

#[test]
fn starts_all_downloads_at_once() {
    grade_cases(async |case| {
        let count = case.size("paths", 1..=400) + case.rarely("more paths", 1000);
        let (site, paths) = many(count);
        let settled = settle(&site.client(), &as_strs(&paths)).await;
        check_all_in_flight(&site, count);
        let pages = settled.pages.iter().map(|page| page.path.clone());
        let pages: Vec<_> = pages.collect();
        check(sorted(&pages) == sorted(&paths), || {
            Failure::new(format!(
                "There should be {count} pages, one of each path; there were {}.",
                pages.len()
            ))
            .usually(LEFT_OUT)
            .read("gather-try-join.html#collect-every-outcome")
        });
        check(pages == paths, || {
            Failure::new(format!(
                "The {count} pages should be in the order of `paths`; they were not."
            ))
            .usually_if((pages == site.finished()).then_some(COMPLETION_ORDER))
            .read("gather-futures-unordered.html#futuresunordered")
        });
    });
}

#[test]
fn cancels_its_downloads_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (half_broken(), Tasks::baseline());
            let client = site.client();
            (
                async move { settle(&client, &HALF_BROKEN).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| {
            check_nothing_runs_on(&site, tasks, "When the future is dropped").await
        },
    );
}
