//! `fetch_all`: all downloads at once, outcomes in input order.

use super::*;
use exercises::gather::fetch_all;

#[test]
fn downloads_overlap() {
    for times in EVERY_ORDER {
        grade(async || {
            let site = site_with(times);
            let clock = Clock::start();
            fetch_all(&site.client(), &PATHS).await;
            check_overlap(&clock, &times);
            check_downloaded(&site, &PATHS);
        });
    }
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        drawn.add_extremes(&case, Responses::Any);
        let clock = Clock::start();
        fetch_all(&drawn.site.client(), &drawn.paths()).await;
        drawn.site.check_requested(&drawn.paths(), EXERCISES);
        check_overlap(&clock, &drawn.times());
    });
}

#[test]
fn keeps_the_order_of_paths() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case, 1..=40, Responses::Pages);
        let outcomes = fetch_all(&drawn.site.client(), &drawn.paths()).await;
        check_input_order(&outcomes, &drawn.outcomes(), &drawn.times());
    });
}

#[test]
fn a_failure_keeps_its_place() {
    grade_cases(async |case| {
        let mut drawn = Drawn::new(&case, 1..=40, Responses::Any);
        drawn.add_extremes(&case, Responses::Any);
        let outcomes = fetch_all(&drawn.site.client(), &drawn.paths()).await;
        let expected = in_either_order(drawn.outcomes(), &outcomes, path_of);
        check(outcomes == expected, || {
            let failure = Failure::new(format!(
                "There should be one outcome for each path, {}; there were {}.",
                expected.describe(),
                outcomes.describe()
            ));
            if in_completion_order(&outcomes, &expected, &drawn.times()) {
                failure
                    .usually("that they are in the order in which they ended.")
                    .read("gather-futures-unordered.html#futuresunordered")
            } else if outcomes.len() < expected.len() {
                failure.usually("that failures were left out, or that the first one ended the whole download.")
                    .read("gather-try-join.html#collect-every-outcome")
            } else {
                failure.read("gather-try-join.html#collect-every-outcome")
            }
        });
        check(drawn.site.cancelled().is_empty(), || {
            Failure::new(format!(
                "A failure should cancel nothing; it cancelled {}.",
                drawn.site.cancelled().describe()
            ))
            .usually("that the answer fails fast where it should collect every outcome.")
            .read("gather-try-join.html#collect-every-outcome")
        });
    });
}

#[test]
fn a_path_given_twice_is_downloaded_twice() {
    grade(async || {
        let site = site_with([40, 20, 10]);
        let paths = ["/maps", "/news", "/maps"];
        let outcomes = fetch_all(&site.client(), &paths).await;
        check_input_order(&outcomes, &paths.map(|path| Ok(page(path))), &[20, 40, 20]);
        check_downloaded(&site, &paths);
    });
}

#[test]
fn handles_one_path_and_none() {
    for (paths, times) in [(&PATHS[1..2], &[20][..]), (&[], &[])] {
        grade(async || {
            let site = site_with([40, 20, 10]);
            let clock = Clock::start();
            let outcomes = fetch_all(&site.client(), paths).await;
            let expected: Vec<_> = paths.iter().map(|path| Ok(page(path))).collect();
            check_input_order(&outcomes, &expected, times);
            check_overlap(&clock, times);
        });
    }
}

#[test]
fn starts_a_thousand_downloads_at_once() {
    grade(async || {
        let (site, paths) = many(1100);
        let clock = Clock::start();
        let outcomes = fetch_all(&site.client(), &as_strs(&paths)).await;
        check_all_in_flight(&site, 1100);
        let took = clock.elapsed();
        let in_order = outcomes.iter().flatten().map(|page| &page.path).eq(&paths);
        check(took == ms(1000) && in_order, || {
            let failure = Failure::new(format!(
                "1100 downloads of 1 to 1000 ms should take 1000 ms and return their pages in \
                 the order of `paths`; they took {} and {} in order.",
                in_ms(took),
                if in_order { "were" } else { "were not" }
            ));
            if took == ms(1000) {
                failure
                    .usually(
                        "that they are in another order, perhaps in the order in which they ended.",
                    )
                    .read("gather-futures-unordered.html#futuresunordered")
            } else {
                failure
                    .usually("that some of them started late, or were not awaited.")
                    .read("gather.html#join_all")
            }
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
                async move { fetch_all(&client, &PATHS).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| {
            check_nothing_runs_on(&site, tasks, "When the future is dropped").await
        },
    );
}
