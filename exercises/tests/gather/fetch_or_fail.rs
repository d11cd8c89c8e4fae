//! `fetch_or_fail`: all pages, or the first error in time.

use super::*;
use exercises::gather::fetch_or_fail;
use grading::Case;

#[test]
fn downloads_overlap() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Pages);
        drawn.add_extremes(&case, Responses::Pages);
        let clock = Clock::start();
        let _ = fetch_or_fail(&drawn.site.client(), &drawn.paths()).await;
        drawn.site.check_requested(&drawn.paths(), EXERCISES);
        check_overlap(&clock, &drawn.times());
    });
}

#[test]
fn keeps_the_order_of_paths() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Pages);
        drawn.add_extremes(&case, Responses::Pages);
        let pages = check_ok(fetch_or_fail(&drawn.site.client(), &drawn.paths()).await);
        let expected = in_either_order(drawn.pages(), &pages, |page| &page.path);
        check_input_order(&pages, &expected, &drawn.times());
    });
}

/// Longer than any drawn time
const SLOW: Duration = ms(300);

/// Some requests of which at least one fails, and when the first one does. The last request takes longer than any other.
fn failing(case: &Case) -> (Drawn, Duration) {
    let mut drawn = Drawn::new(case, 1..=40, Responses::Any);
    let instant = drawn.first_error().unwrap_or_else(|| {
        let time = case.whole_ms("/last fails after", 50);
        drawn.add_broken("/last", time);
        time
    });
    drawn.add_page("/slow", SLOW);
    (drawn, instant)
}

/// When an answer that looks at one path after another sees an error.
fn seen_in_input_order(drawn: &Drawn) -> Duration {
    let mut latest = Duration::ZERO;
    for request in &drawn.requests {
        latest = latest.max(request.latency);
        if request.outcome.is_err() {
            break;
        }
    }
    latest
}

#[test]
fn returns_at_the_first_error() {
    grade_cases(async |case| {
        let (drawn, instant) = failing(&case);
        let clock = Clock::start();
        let seen = fetch_or_fail(&drawn.site.client(), &drawn.paths()).await;
        let took = clock.elapsed();
        let is_first = match &seen {
            Ok(_) => false,
            Err(error) => drawn.has(&Err(error.clone()), instant),
        };
        check(is_first && took == instant, || {
            let failure = Failure::new(format!(
                "The first error occurs at {}, and this should be the result at that instant; at {} it was {}.",
                in_ms(instant),
                in_ms(took),
                seen.describe()
            ));
            if seen.is_ok() {
                failure.usually("that the error is lost, perhaps because it is of another kind.")
            } else if drawn.site.started().len() > drawn.requests.len() {
                failure.usually("that a request is made again after it has failed.")
            } else if took == SLOW && drawn.site.started().len() == drawn.requests.len() {
                failure
                    .usually("that the answer waited for every download although one had failed.")
            } else if took == seen_in_input_order(&drawn) {
                failure.usually(
                    "that the answer looks at the outcomes in the order of `paths`: it sees an \
                     error only when every download before it has ended.",
                )
            } else {
                failure
            }
            .read("gather-try-join.html#try_join")
        });
    });
}

#[test]
fn cancels_the_rest_at_the_first_error() {
    grade_cases(async |case| {
        let ((drawn, instant), tasks) = (failing(&case), Tasks::baseline());
        let clock = Clock::start();
        let _ = fetch_or_fail(&drawn.site.client(), &drawn.paths()).await;
        check_nothing_runs_on(&drawn.site, tasks, "At the first error").await;
        let rest = sorted(&drawn.slower_than(instant));
        let stopped = drawn.site.cancelled();
        // Those that end at the same instant may have been cancelled or not.
        let slower = |path: &&String| rest.contains(path);
        let stopped = sorted(&stopped.iter().filter(slower).collect::<Vec<_>>());
        check(stopped == rest && clock.elapsed() == instant, || {
            let failure = Failure::new(format!(
                "The error at {} should cancel {} at that instant; by {} it had cancelled {}.",
                in_ms(instant),
                list(&rest),
                in_ms(clock.elapsed()),
                list(&stopped)
            ));
            if drawn.site.started().len() < drawn.requests.len() {
                failure.usually("that not every download had been started.")
            } else {
                failure
            }
            .read("gather-try-join.html#try_join")
        });
    });
}

#[test]
fn fails_as_fast_with_many_paths() {
    grade_cases(async |case| {
        let count = case.size("paths", 1..=100) + case.rarely("more paths", 1000);
        let broken = count - 1 - case.size("paths after the one that fails", 0..=count - 1);
        let paths: Vec<_> = (0..count).map(|n| format!("/page/{n}")).collect();
        let site = paths.iter().zip(0..).fold(Site::new(), |site, (path, n)| {
            if n == broken {
                site.broken(path, ms(10))
            } else {
                site.page(path, ms(20))
            }
        });
        let clock = Clock::start();
        let seen = fetch_or_fail(&site.client(), &as_strs(&paths)).await;
        check_all_in_flight(&site, count);
        let path = &paths[broken];
        let expected = Err(server_error(path));
        check(seen == expected && clock.elapsed() == ms(10), || {
            let returned = match &seen {
                Ok(pages) => plural(pages.len(), "page"),
                Err(error) => error.describe(),
            };
            let failure = Failure::new(format!(
                "Of {}, {path} fails at 10 ms, and this should be the result at that instant; at {} \
                 it was {returned}.",
                plural(count, "path"),
                in_ms(clock.elapsed())
            ));
            if count <= 30 || clock.elapsed() != ms(20) || seen != expected {
                failure.read("gather-try-join.html#try_join")
            } else {
                failure.usually(
                    "that the answer looks at the results in input order, as `try_join_all` does with \
                     more than 30 futures: it sees an error only when all downloads before it have ended.",
                )
                .read("gather-futures-unordered.html#try_join_all-with-more-than-30-futures")
            }
        });
    });
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
        .read("gather-try-join.html#try_join")
    });
    outcome.unwrap_or_default()
}
