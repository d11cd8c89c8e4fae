//! `fastest_mirror`: the first success in time, or every error.

use super::*;
use exercises::gather::fastest_mirror;

/// The places in `PATHS` of the mirrors that fail, whenever some fail and some do not.
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
fn asks_all_mirrors_at_once() {
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_with(times);
            let _ = fastest_mirror(&site.client(), &PATHS).await;
            let peak = site.peak_in_flight();
            check(peak == 3, || {
                let miss = Failure::new(format!(
                    "All 3 mirrors should be asked at the same time; there were at most {peak}."
                ));
                if peak == 1 {
                    miss.usually(
                        "that they were asked one after the other, the next when the one before has \
                         failed. That is a fallback chain, which has its uses, but it is not a race.",
                    )
                } else {
                    miss.usually("that something lets in a few at a time, as `buffered(n)` does.")
                }
                .read("gather-as-they-come.html#select_ok")
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
                let miss = Failure::new(format!(
                    "The page of {path} arrives first, at {}, and this should be the result at \
                     that instant; at {} it was {}.",
                    in_ms(instant),
                    in_ms(took),
                    seen.told()
                ));
                if site.peak_in_flight() == 1 {
                    miss.usually("that the mirrors were asked one after the other.")
                } else if site.finished().len() == 3 {
                    miss.usually("that the answer waited for every mirror before it looked.")
                } else {
                    miss.usually("that a place in the list was preferred to speed.")
                }
                .read("gather-as-they-come.html#select_ok")
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
                        seen.told()
                    ))
                    .usually(if site.peak_in_flight() == 1 {
                        "that the mirrors were asked one after the other."
                    } else if took < instant {
                        "that the first to complete was taken for the first to succeed: a failure \
                         completes too, and is often the quickest."
                    } else {
                        "that the answer goes on waiting when it has a page."
                    })
                    .read("gather-as-they-come.html#select_ok")
                });
            });
        }
    }
}

#[test]
fn the_slower_mirrors_are_stopped() {
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
                    "The page of {fastest} should stop {}; it stopped {}.",
                    listed(&slower),
                    listed(&stopped)
                ))
                .usually(
                    "that the answer waited for more than one mirror, or did not ask them all.",
                )
                .read("gather-as-they-come.html#select_ok")
            });
        });
    }
}

#[test]
fn all_errors_when_all_fail() {
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_failing(times, &[0, 1, 2]);
            let mirrors = [PATHS[0], "/nowhere", PATHS[1], PATHS[2]];
            let clock = Clock::start();
            let seen = fastest_mirror(&site.client(), &mirrors).await;
            check(seen.is_err(), || {
                Failure::new(format!("All mirrors fail; the result was {}.", seen.told()))
                    .usually("that the page did not come from a mirror.")
                    .read("gather-as-they-come.html#select_ok")
            });
            let errors = seen.unwrap_err();
            let [news, maps, mail] = PATHS.map(server_error);
            let expected = [news, not_found("/nowhere"), maps, mail];
            check(errors.len() == 4, || {
                Failure::new(format!(
                    "All mirrors fail, so there should be 4 errors; there were {}: {}.",
                    errors.len(),
                    errors.told()
                ))
                .usually(
                    "that only the last error was kept (it is all that `select_ok` gives back), or \
                     that the answer stopped at the first.",
                )
                .read("gather-as-they-come.html#select_ok")
            });
            check(errors == expected, || {
                Failure::new(format!(
                    "The errors should be in the order of `mirrors`, {}; they were {}.",
                    expected.told(),
                    errors.told()
                ))
                .usually("that they were kept in the order in which they came.")
                .read("gather-as-they-come.html#futuresunordered")
            });
            // A mirror without the page says so after 10 ms.
            let [news, maps, mail] = times;
            check_overlap(&clock, &[news, 10, maps, mail]);
        });
    }
}

#[test]
fn no_mirrors_is_an_empty_list_of_errors() {
    grade(async || {
        let clock = Clock::start();
        let seen = fastest_mirror(&Site::new().client(), &[]).await;
        check(seen == Err(Vec::new()) && clock.elapsed().is_zero(), || {
            Failure::new(format!(
                "No mirrors should give an empty list of errors at 0 ms; at {} they gave {}.",
                in_ms(clock.elapsed()),
                seen.told()
            ))
            .usually("that the answer takes it for granted that there is a mirror.")
            .read("gather-as-they-come.html#select_ok")
        });
    });
}

#[test]
fn one_mirror_is_a_race_too() {
    grade(async || {
        let site = site_failing([40, 20, 10], &[0]);
        let works = fastest_mirror(&site.client(), &["/maps"]).await;
        let fails = fastest_mirror(&site.client(), &["/news"]).await;
        let expected = (Ok(page("/maps")), Err(vec![server_error("/news")]));
        check((&works, &fails) == (&expected.0, &expected.1), || {
            Failure::new(format!(
                "/maps works and /news fails: {} and {}; seen: {} and {}.",
                expected.0.told(),
                expected.1.told(),
                works.told(),
                fails.told()
            ))
            .usually("that the answer needs two mirrors to work.")
            .read("gather-as-they-come.html#select_ok")
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
                mirrors.told(),
                expected.told(),
                seen.told()
            ))
            .usually("that the errors are kept or sorted by path. Keep the place in the list beside each one.")
            .read("gather-as-they-come.html#futuresunordered")
            },
        );
    });
}

#[test]
fn a_hundred_mirrors_at_once() {
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
                    seen.told()
                ))
                .usually("that the first in the list is waited for, and not the first that is there.")
                .read("gather-as-they-come.html#futuresunordered")
            },
        );
    });
}

#[test]
fn stops_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (site_failing([10, 40, 20], &[0]), Tasks::baseline());
            let client = site.client();
            (
                async move { fastest_mirror(&client, &PATHS).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| check_nothing_runs_on(&site, tasks, "When it is dropped").await,
    );
}
