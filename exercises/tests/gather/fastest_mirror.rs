//! `fastest_mirror`: the first page that arrives, or every error.

use super::*;
use exercises::gather::fastest_mirror;
use grading::Case;

/// Some mirrors of which at least one works, and when the first page arrives.
fn working(case: &Case, responses: Responses) -> (Drawn, Duration) {
    let mut drawn = Drawn::new(case, 1..=40, responses);
    let instant = drawn.first_page().unwrap_or_else(|| {
        let time = case.whole_ms("/last works after", 50);
        drawn.add_page("/last", time);
        time
    });
    (drawn, instant)
}

fn is_first_page(drawn: &Drawn, seen: &Result<Page, Vec<WebError>>, instant: Duration) -> bool {
    match seen {
        Ok(page) => drawn.has(&Ok(page.clone()), instant),
        Err(_) => false,
    }
}

/// Why the first page, which arrives at `instant`, was not the result at that instant.
fn why_not(
    drawn: &Drawn,
    seen: &Result<Page, Vec<WebError>>,
    instant: Duration,
) -> Option<&'static str> {
    let (site, count) = (&drawn.site, drawn.requests.len());
    let is_first = is_first_page(drawn, seen, instant);
    if seen.is_err() {
        Some(
            "that the first to complete was taken for the first to succeed: a failure completes too, and is often the \
             quickest.",
        )
    } else if count > 1 && site.peak_in_flight() == 1 {
        Some("that the requests were sent one after the other.")
    } else if site.peak_in_flight() < count {
        Some(
            "that the requests were not sent at the same time: all mirrors are asked at once, however many there are.",
        )
    } else if site.finished().len() == count && count > 1 {
        Some("that the answer waited for every mirror before it looked at the outcomes.")
    } else if is_first {
        Some("that the answer also waits for something else than its requests.")
    } else {
        // The page that arrived first is known to have arrived.
        let mut requests = drawn.requests.iter();
        let arrived = requests.any(|request| {
            request.latency == instant
                && request.outcome.is_ok()
                && site.finished().contains(&request.path)
        });
        arrived.then_some("that the answer kept waiting although it had a page.")
    }
}

#[test]
fn requests_from_all_mirrors_at_once() {
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_with(times);
            let _ = fastest_mirror(&site.client(), &PATHS).await;
            let peak = site.peak_in_flight();
            check(peak == 3, || {
                let failure = Failure::new(format!(
                    "The page should be requested from all 3 mirrors at the same time; at most {peak} were in use."
                ));
                if peak == 1 {
                    failure.usually(
                        "that the requests were sent one after the other, each when the one before had \
                         failed. That is a fallback chain, which has its uses, but it is not a race.",
                    )
                } else {
                    failure.usually("that something limits them to a few at a time, as `buffered(n)` does.")
                }
                .read("gather-futures-unordered.html#select_all-and-select_ok")
            });
        });
    }
}

#[test]
fn the_fastest_page_wins() {
    grade_cases(async |case| {
        let (drawn, instant) = working(&case, Responses::Pages);
        let clock = Clock::start();
        let seen = fastest_mirror(&drawn.site.client(), &drawn.paths()).await;
        let took = clock.elapsed();
        check(
            is_first_page(&drawn, &seen, instant) && took == instant,
            || {
                let failure = Failure::new(format!(
                    "The first page arrives at {}, and this should be the result at that instant; at {} it was {}.",
                    in_ms(instant),
                    in_ms(took),
                    seen.describe()
                ));
                failure
                    .usually_if(why_not(&drawn, &seen, instant))
                    .read("gather-futures-unordered.html#select_all-and-select_ok")
            },
        );
    });
}

#[test]
fn a_quick_failure_does_not_win() {
    grade_cases(async |case| {
        let (drawn, instant) = working(&case, Responses::Any);
        let clock = Clock::start();
        let seen = fastest_mirror(&drawn.site.client(), &drawn.paths()).await;
        let took = clock.elapsed();
        check(
            is_first_page(&drawn, &seen, instant) && took == instant,
            || {
                Failure::new(format!(
                "The first page arrives at {}, and this should be the result at that instant; at {} it was {}.",
                in_ms(instant),
                in_ms(took),
                seen.describe()
            ))
            .usually_if(why_not(&drawn, &seen, instant))
            .read("gather-futures-unordered.html#select_all-and-select_ok")
            },
        );
    });
}

#[test]
fn cancels_the_slower_mirrors() {
    grade_cases(async |case| {
        let ((mut drawn, instant), tasks) = (working(&case, Responses::Any), Tasks::baseline());
        drawn.add_silent("/silent");
        let clock = Clock::start();
        let _ = fastest_mirror(&drawn.site.client(), &drawn.paths()).await;
        check_nothing_runs_on(&drawn.site, tasks, "At the first page").await;
        let slower = sorted(&drawn.slower_than(instant));
        let stopped = drawn.site.cancelled();
        // Those that end at the same instant may have been cancelled or not.
        let is_slower = |path: &&String| slower.contains(path);
        let stopped = sorted(&stopped.iter().filter(is_slower).collect::<Vec<_>>());
        check(stopped == slower, || {
            let failure = Failure::new(format!(
                "The first page, at {}, should cancel {}; it cancelled {}.",
                in_ms(instant),
                list(&slower),
                list(&stopped)
            ));
            let meaning = if drawn.site.started().len() < drawn.requests.len() {
                Some("that not every mirror was asked, or one that is given twice only once.")
            } else {
                (clock.elapsed() > instant)
                    .then_some("that the answer waited for more than the first page.")
            };
            failure
                .usually_if(meaning)
                .read("gather-futures-unordered.html#select_all-and-select_ok")
        });
    });
}

#[test]
fn returns_all_errors_if_all_mirrors_fail() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Errors);
        drawn.add_extremes(&case, Responses::Errors);
        let clock = Clock::start();
        let seen = fastest_mirror(&drawn.site.client(), &drawn.paths()).await;
        check(seen.is_err(), || {
            Failure::new(format!(
                "All mirrors fail, so there should be errors; the result was {}.",
                seen.describe()
            ))
            .usually("that the page did not come from a mirror.")
            .read("gather-futures-unordered.html#select_all-and-select_ok")
        });
        let errors = seen.unwrap_err();
        let expected = in_either_order(drawn.errors(), &errors, path_of_error);
        check(errors.len() == expected.len(), || {
            let failure = Failure::new(format!(
                "All mirrors fail, so there should be {}; there {} {}: {}.",
                plural(expected.len(), "error"),
                if errors.len() == 1 { "was" } else { "were" },
                errors.len(),
                errors.describe()
            ));
            let all_ended = drawn.site.finished().len() == expected.len();
            let meaning = match errors.len() {
                1 if !all_ended => Some("that the answer stopped at the first error."),
                1 if expected.iter().any(|error| *error != errors[0]) => {
                    Some("that only the last error was kept: `select_ok` returns no other.")
                }
                _ => None,
            };
            failure
                .usually_if(meaning)
                .read("gather-futures-unordered.html#select_all-and-select_ok")
        });
        check(errors == expected, || {
            Failure::new(format!(
                "The errors should be in the order of `mirrors`, {}; they were {}.",
                expected.describe(),
                errors.describe()
            ))
            .usually_if(
                in_completion_order(&errors, &expected, &drawn.times())
                    .then_some("that they are in the order in which they occurred."),
            )
            .read("gather-futures-unordered.html#futuresunordered")
        });
        drawn.site.check_requested(&drawn.paths(), EXERCISES);
        check_overlap(&clock, &drawn.times());
    });
}

#[test]
fn no_mirrors_give_an_empty_list_of_errors() {
    grade(async || {
        let clock = Clock::start();
        let seen = fastest_mirror(&Site::new().client(), &[]).await;
        check(seen == Err(Vec::new()) && clock.elapsed().is_zero(), || {
            Failure::new(format!(
                "No mirrors should give an empty list of errors at 0 ms; at {} the result was {}.",
                in_ms(clock.elapsed()),
                seen.describe()
            ))
            .usually("that the answer assumes at least one mirror.")
            .read("gather-futures-unordered.html#select_all-and-select_ok")
        });
    });
}

#[test]
fn works_with_one_mirror() {
    grade(async || {
        let site = site_failing([40, 20, 10], &[0]);
        let works = fastest_mirror(&site.client(), &["/maps"]).await;
        let fails = fastest_mirror(&site.client(), &["/news"]).await;
        let expected = (Ok(page("/maps")), Err(vec![server_error("/news")]));
        check((&works, &fails) == (&expected.0, &expected.1), || {
            Failure::new(format!(
                "With the mirror /maps alone, which works, the result should be {}; it was {}. With \
                 /news alone, which fails, it should be {}; it was {}.",
                expected.0.describe(),
                works.describe(),
                expected.1.describe(),
                fails.describe()
            ))
            .usually("that the answer assumes at least two mirrors.")
            .read("gather-futures-unordered.html#select_all-and-select_ok")
        });
    });
}

#[test]
fn a_mirror_given_twice_fails_twice() {
    grade(async || {
        let site = site_failing([40, 20, 10], &[0, 1, 2]);
        let mirrors = ["/maps", "/news", "/maps"];
        let seen = fastest_mirror(&site.client(), &mirrors).await;
        let expected = mirrors.map(server_error);
        check(
            seen.as_ref().is_err_and(|errors| *errors == expected),
            || {
                Failure::new(format!(
                "All three of {} fail, one of them given twice: the errors should be {}; the result was {}.",
                mirrors.describe(),
                expected.describe(),
                seen.describe()
            ))
            .usually("that the errors are kept by path, or sorted. Keep the index in the list with each error.")
            .read("gather-futures-unordered.html#futuresunordered")
            },
        );
    });
}

#[test]
fn requests_from_many_mirrors_at_once() {
    grade_cases(async |case| {
        let count = case.size("mirrors", 1..=300) + case.rarely("more mirrors", 1000);
        let (site, mirrors) = many(count);
        let clock = Clock::start();
        let seen = fastest_mirror(&site.client(), &as_strs(&mirrors)).await;
        check_all_in_flight(&site, count);
        check(
            seen == Ok(page("/page/0")) && clock.elapsed() == ms(1),
            || {
                Failure::new(format!(
                    "Of {} /page/0 is the fastest, at 1 ms; at {} the result was {}.",
                    plural(count, "mirror"),
                    in_ms(clock.elapsed()),
                    seen.describe()
                ))
                .usually("that the answer waits for the first in the list, and not for the first to arrive.")
                .read("gather-futures-unordered.html#futuresunordered")
            },
        );
    });
}

#[test]
fn cancels_its_downloads_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (site_failing([10, 40, 20], &[0]), Tasks::baseline());
            let client = site.client();
            (
                async move { fastest_mirror(&client, &PATHS).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| {
            check_nothing_runs_on(&site, tasks, "When the future is dropped").await
        },
    );
}
