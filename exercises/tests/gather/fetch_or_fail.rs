//! `fetch_or_fail`: all pages, or the first error in time.

use super::*;
use exercises::gather::fetch_or_fail;

#[test]
fn downloads_overlap() {
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_with(times);
            let clock = Clock::start();
            let _ = fetch_or_fail(&site.client(), &PATHS).await;
            check_overlap(&clock, &times);
            check_downloaded(&site, &PATHS);
        });
    }
}

#[test]
fn keeps_the_order_of_paths() {
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_with(times);
            let pages = fetch_or_fail(&site.client(), &PATHS).await;
            check_input_order(&check_ok(pages), &PATHS.map(page), &times);
        });
    }
}

/// Some of `PATHS` fail; a slow path does not.
struct FailingPage {
    times: [u64; 3],
    failing: &'static [usize],
}

const WITH_SLOW: [&str; 4] = [PATHS[0], PATHS[1], PATHS[2], "/slow"];

fn every_failure() -> impl Iterator<Item = FailingPage> {
    const FAILING: [&[usize]; 7] = [&[1], &[0], &[2], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]];
    EVERY_ORDER
        .into_iter()
        .flat_map(|times| FAILING.map(|failing| FailingPage { times, failing }))
}

impl FailingPage {
    fn site(&self) -> Site {
        site_failing(self.times, self.failing).page("/slow", ms(100))
    }

    /// The path that fails first, and when.
    fn first(&self) -> (&'static str, Duration) {
        let failures = self.failing.iter().map(|&n| (self.times[n], PATHS[n]));
        let (time, path) = failures.min().expect("a case has a failure");
        (path, ms(time))
    }

    /// When an answer that looks at one path after another sees a failure.
    fn seen_in_input_order(&self) -> Duration {
        ms(*self.times[..=self.failing[0]]
            .iter()
            .max()
            .expect("a case has a failure"))
    }

    fn still_running_at(&self, instant: Duration) -> Vec<String> {
        let times = self.times.into_iter().chain([100]);
        let running = WITH_SLOW
            .iter()
            .zip(times)
            .filter(|(_, time)| ms(*time) > instant);
        sorted(&running.map(|(path, _)| *path).collect::<Vec<_>>())
    }
}

#[test]
fn returns_at_the_first_error() {
    for case in every_failure() {
        grade(async || {
            let site = case.site();
            let clock = Clock::start();
            let seen = fetch_or_fail(&site.client(), &WITH_SLOW).await;
            let took = clock.elapsed();
            let (path, instant) = case.first();
            check(seen == Err(server_error(path)) && took == instant, || {
                let failure = Failure::new(format!(
                    "{path} fails first, at {}, and this should be the result at that instant; at \
                     {} it was {}.",
                    in_ms(instant),
                    in_ms(took),
                    seen.describe()
                ));
                if took == ms(100) {
                    failure.usually("that the answer waited for every download before it looked at the outcomes.")
                } else if took == case.seen_in_input_order() {
                    failure.usually(
                        "that the answer looks at the outcomes in the order of `paths`: it sees an \
                         error only when every download before it has ended.",
                    )
                } else {
                    failure.usually("that the error is returned late, is lost, or is replaced by another one.")
                }
                .read("gather-try-join.html#try_join")
            });
        });
    }
}

#[test]
fn cancels_the_rest_at_the_first_error() {
    for case in every_failure() {
        grade(async || {
            let (site, tasks) = (case.site(), Tasks::baseline());
            let clock = Clock::start();
            let _ = fetch_or_fail(&site.client(), &WITH_SLOW).await;
            check_nothing_runs_on(&site, tasks, "At the first error").await;
            let (_, instant) = case.first();
            let rest = case.still_running_at(instant);
            let stopped = sorted(&site.cancelled());
            check(stopped == rest && clock.elapsed() == instant, || {
                Failure::new(format!(
                    "The error at {} should cancel {} at that instant; by {} it had cancelled {}.",
                    in_ms(instant),
                    list(&rest),
                    in_ms(clock.elapsed()),
                    list(&stopped)
                ))
                .usually(
                    "that the error was seen late, or that not every download had been started.",
                )
                .read("gather-try-join.html#try_join")
            });
        });
    }
}

#[test]
fn fails_as_fast_with_many_paths() {
    for count in [30, 31, 1000] {
        grade(async || {
            let paths: Vec<_> = (0..count).map(|n| format!("/page/{n}")).collect();
            let (last, pages) = paths.split_last().unwrap();
            let site = pages
                .iter()
                .fold(Site::new(), |site, path| site.page(path, ms(20)))
                .broken(last, ms(10));
            let clock = Clock::start();
            let seen = fetch_or_fail(&site.client(), &as_strs(&paths)).await;
            let expected = Err(server_error(last));
            check(seen == expected && clock.elapsed() == ms(10), || {
                let returned = match &seen {
                    Ok(pages) => counted(pages.len(), "page"),
                    Err(error) => error.describe(),
                };
                let failure = Failure::new(format!(
                    "The last of {count} paths, {last}, fails at 10 ms, and this should be the result \
                     at that instant; at {} it was {returned}.",
                    in_ms(clock.elapsed())
                ));
                if clock.elapsed() == ms(10) {
                    failure
                        .usually("that the error is lost, or is replaced by another one.")
                        .read("gather-try-join.html#try_join")
                } else if count == 30 {
                    failure
                        .usually(
                            "that the error stayed unseen until all the other downloads had ended.",
                        )
                        .read("gather-try-join.html#try_join")
                } else {
                    failure.usually(
                        "that the answer uses `try_join_all`: with more than 30 futures, it looks at \
                         the results in input order, so it sees the error last.",
                    )
                    .read("gather-futures-unordered.html#try_join_all-with-more-than-30-futures")
                }
            });
            check_all_in_flight(&site, count);
        });
    }
}

#[test]
fn handles_one_path_and_none() {
    for (paths, times) in [(&PATHS[1..2], &[20][..]), (&[], &[])] {
        grade(async || {
            let site = site_with([40, 20, 10]);
            let clock = Clock::start();
            let pages = check_ok(fetch_or_fail(&site.client(), paths).await);
            let expected: Vec<_> = paths.iter().map(|path| page(path)).collect();
            check_input_order(&pages, &expected, times);
            check_overlap(&clock, times);
        });
    }
}

#[test]
fn a_path_given_twice_is_downloaded_twice() {
    grade(async || {
        let site = site_with([40, 20, 10]);
        let paths = ["/maps", "/news", "/maps"];
        let pages = check_ok(fetch_or_fail(&site.client(), &paths).await);
        check_input_order(&pages, &paths.map(page), &[20, 40, 20]);
        check_downloaded(&site, &paths);
    });
}

#[test]
fn cancels_its_downloads_when_dropped() {
    drop_at_every_await(
        async || {
            let (site, tasks) = (site_failing([10, 20, 40], &[2]), Tasks::baseline());
            let client = site.client();
            (
                async move { fetch_or_fail(&client, &PATHS).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| {
            check_nothing_runs_on(&site, tasks, "When the future is dropped").await
        },
    );
}

/// No download fails, so there must be pages.
fn check_ok(outcome: Result<Vec<Page>, WebError>) -> Vec<Page> {
    check(outcome.is_ok(), || {
        Failure::new(format!(
            "No download fails, so there should be pages; there was {}.",
            outcome.describe()
        ))
        .usually("that the answer does not request the paths it was given.")
        .read("gather-try-join.html#try_join")
    });
    outcome.unwrap_or_default()
}
