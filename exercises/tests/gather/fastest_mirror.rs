//! `fastest_mirror`: the first page that arrives, or every error.

use super::*;
use exercises::gather::fastest_mirror;

/// The indices in `PATHS` of the mirrors that fail: one or two of the three.
const SOME_FAIL: [&[usize]; 6] = [&[2], &[0], &[1], &[1, 2], &[0, 2], &[0, 1]];

/// The fastest of `PATHS` that does not fail, and when its page arrives.
fn winner(times: [u64; 3], failing: &[usize]) -> (&'static str, Duration) {
    let successes = (0..3).filter(|n| !failing.contains(n));
    let (time, path) = successes
        .map(|n| (times[n], PATHS[n]))
        .min()
        .expect("one mirror works");
    (path, ms(time))
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
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_with(times);
            let clock = Clock::start();
            let seen = fastest_mirror(&site.client(), &PATHS).await;
            let took = clock.elapsed();
            let (path, instant) = winner(times, &[]);
            check(seen == Ok(page(path)) && took == instant, || {
                let failure = Failure::new(format!(
                    "The page of {path} arrives first, at {}, and this should be the result at \
                     that instant; at {} it was {}.",
                    in_ms(instant),
                    in_ms(took),
                    seen.describe()
                ));
                if site.peak_in_flight() == 1 {
                    failure.usually("that the requests were sent one after the other.")
                } else if site.finished().len() == 3 {
                    failure.usually(
                        "that the answer waited for every mirror before it looked at the outcomes.",
                    )
                } else {
                    failure.usually("that the position in the list decided, and not the time.")
                }
                .read("gather-futures-unordered.html#select_all-and-select_ok")
            });
        });
    }
}

#[test]
fn a_quick_failure_does_not_win() {
    for times in EVERY_ORDER {
        for failing in SOME_FAIL {
            grade(async || {
                let site = site_failing(times, failing);
                let clock = Clock::start();
                let seen = fastest_mirror(&site.client(), &PATHS).await;
                let took = clock.elapsed();
                let (path, instant) = winner(times, failing);
                check(seen == Ok(page(path)) && took == instant, || {
                    Failure::new(format!(
                        "The fastest mirror that works is {path}, at {}; at {} the result was {}.",
                        in_ms(instant),
                        in_ms(took),
                        seen.describe()
                    ))
                    .usually(if site.peak_in_flight() == 1 {
                        "that the requests were sent one after the other."
                    } else if took < instant {
                        "that the first to complete was taken for the first to succeed: a failure \
                         completes too, and is often the quickest."
                    } else {
                        "that the answer kept waiting although it had a page."
                    })
                    .read("gather-futures-unordered.html#select_all-and-select_ok")
                });
            });
        }
    }
}

#[test]
fn cancels_the_slower_mirrors() {
    for times in EVERY_ORDER {
        grade(async || {
            let (site, tasks) = (site_with(times).silent("/silent"), Tasks::baseline());
            let paths = [PATHS[0], "/silent", PATHS[1], PATHS[2]];
            let _ = fastest_mirror(&site.client(), &paths).await;
            check_nothing_runs_on(&site, tasks, "At the first page").await;
            let (fastest, _) = winner(times, &[]);
            let slower: Vec<_> = paths.into_iter().filter(|path| *path != fastest).collect();
            let (slower, stopped) = (sorted(&slower), sorted(&site.cancelled()));
            check(stopped == slower, || {
                Failure::new(format!(
                    "The page of {fastest} should cancel {}; it cancelled {}.",
                    list(&slower),
                    list(&stopped)
                ))
                .usually(
                    "that the answer waited for more than one mirror, or did not use them all.",
                )
                .read("gather-futures-unordered.html#select_all-and-select_ok")
            });
        });
    }
}

#[test]
fn returns_all_errors_if_all_mirrors_fail() {
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_failing(times, &[0, 1, 2]);
            let mirrors = [PATHS[0], "/nowhere", PATHS[1], PATHS[2]];
            let clock = Clock::start();
            let seen = fastest_mirror(&site.client(), &mirrors).await;
            check(seen.is_err(), || {
                Failure::new(format!(
                    "All mirrors fail, so there should be errors; the result was {}.",
                    seen.describe()
                ))
                .usually("that the page did not come from a mirror.")
                .read("gather-futures-unordered.html#select_all-and-select_ok")
            });
            let errors = seen.unwrap_err();
            let [news, maps, mail] = PATHS.map(server_error);
            let expected = [news, not_found("/nowhere"), maps, mail];
            check(errors.len() == 4, || {
                Failure::new(format!(
                    "All mirrors fail, so there should be 4 errors; there were {}: {}.",
                    errors.len(),
                    errors.describe()
                ))
                .usually(
                    "that only the last error was kept (`select_ok` returns no other), or that the \
                     answer stopped at the first.",
                )
                .read("gather-futures-unordered.html#select_all-and-select_ok")
            });
            check(errors == expected, || {
                Failure::new(format!(
                    "The errors should be in the order of `mirrors`, {}; they were {}.",
                    expected.describe(),
                    errors.describe()
                ))
                .usually("that they are in the order in which they occurred.")
                .read("gather-futures-unordered.html#futuresunordered")
            });
            // A mirror without the page responds with 404 after 10 ms.
            let [news, maps, mail] = times;
            check_overlap(&clock, &[news, 10, maps, mail]);
        });
    }
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
            .usually("that the errors are kept or sorted by path. Keep the index in the list with each error.")
            .read("gather-futures-unordered.html#futuresunordered")
            },
        );
    });
}

#[test]
fn requests_from_a_hundred_mirrors_at_once() {
    grade(async || {
        let (site, mirrors) = many(100);
        let clock = Clock::start();
        let seen = fastest_mirror(&site.client(), &as_strs(&mirrors)).await;
        check_all_in_flight(&site, 100);
        check(
            seen == Ok(page("/page/0")) && clock.elapsed() == ms(1),
            || {
                Failure::new(format!(
                    "Of a hundred mirrors /page/0 is the fastest, at 1 ms; at {} the result was {}.",
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
