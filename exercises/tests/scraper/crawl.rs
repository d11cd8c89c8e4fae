//! `crawl`: each page once, whatever fails.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::*;
use exercises::scraper::crawl as answer;

#[path = "crawl_model.rs"]
mod model;
#[path = "crawl_script.rs"]
mod script;
#[path = "crawl_site.rs"]
mod site;

use model::Mistake;
use script::{Script, difference, limits, probes};
use site::{Ending, Site};

/// Compares what the answer does with what the contract says.
async fn check_script(script: &Script) -> Site {
    let site = Site::default();
    let seen = script.run(&site).await;
    let expected = script.expected(None);
    if seen != expected {
        let cause = cause().await;
        check(false, || {
            Failure::new(format!(
                "{} {}.",
                script.told(seen.calls.len().max(expected.calls.len()) - 1),
                difference(&seen, &expected)
            ))
            .usually_if(cause.map(Mistake::meaning))
            .read(cause.map_or(FRONTIER, Mistake::page))
        });
    }
    site
}

/// The one mistake that explains what the answer does with a few fixed scripts.
async fn cause() -> Option<Mistake> {
    let probes = probes();
    let mut seen = Vec::new();
    for script in &probes {
        seen.push(script.run(&Site::default()).await);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = probes.iter().map(|script| script.expected(Some(**mistake)));
        outcomes.eq(seen.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

/// Some URLs of a small site, so that many are linked several times.
fn urls(case: &Case, name: &str, count: usize) -> Vec<String> {
    let numbers = case.numbers(name, count, 40);
    numbers.into_iter().map(url).collect()
}

/// Texts that are as similar as two URLs can be, and one that is empty.
fn url(number: u64) -> String {
    let page = number / 6;
    match number % 6 {
        _ if number >= 39 => String::new(),
        0 => format!("/p{page}"),
        1 => format!("/p{page}/"),
        2 => format!("/P{page}"),
        3 => format!("/p{page}?a"),
        4 => format!("/p{page}?"),
        _ => format!("/p{page} "),
    }
}

/// A crawl of a site with so many links, in which pages may fail as `failures` says.
fn drawn(case: &Case, failures: &[&str], pages: usize) -> Script {
    let concurrency = case.size("concurrency", 1..=5);
    let count = case.size("start pages", 0..=4);
    let start = urls(case, "start", count);
    let steps = case.size("pages with links", 0..=12);
    let mut endings = Vec::new();
    for _ in 0..steps {
        let which = case.size("the page that ends", 0..=4);
        let ending = match *case.pick("it ends with", failures) {
            "an error" => Ending::Error(case.text("error")),
            "a panic" => Ending::Panic,
            "a panic with a number" => Ending::PanicWithNumber,
            _ => {
                let count = case.size("links", 0..=4);
                Ending::Links(urls(case, "to", count))
            }
        };
        endings.push((which, ending));
    }
    // What is found by then has no links.
    endings.resize(steps + 45, (0, Ending::Links(Vec::new())));
    Script {
        start,
        limits: limits(concurrency, pages),
        steps: endings,
        stop_before: None,
        wait: ms(1),
    }
}

#[test]
fn fetches_each_page_once() {
    grade_cases(async |case| {
        let mut script = drawn(&case, &["links"], usize::MAX);
        script.wait += case.long_time("the first page takes longer by");
        check_script(&script).await;
    });
}

#[test]
fn a_fragment_is_no_other_page() {
    grade_cases(async |case| {
        let mut script = drawn(&case, &["links"], usize::MAX);
        let fragments: [&str; 4] = ["", "#", "#top", "#a#b"];
        let mut with_fragment = |url: &mut String| {
            let fragment: &&str = case.pick("fragment", &fragments);
            url.push_str(fragment);
        };
        script.start.iter_mut().for_each(&mut with_fragment);
        for (_, ending) in &mut script.steps {
            if let Ending::Links(links) = ending {
                links.iter_mut().for_each(&mut with_fragment);
            }
        }
        check_script(&script).await;
    });
}

#[test]
fn failures_are_recorded_and_end_nothing() {
    grade_cases(async |case| {
        let script = drawn(&case, &["links", "an error"], usize::MAX);
        check_script(&script).await;
    });
}

#[test]
fn a_panic_ends_no_other_page() {
    grade_cases(async |case| {
        let failures = ["links", "a panic", "an error", "a panic with a number"];
        let script = drawn(&case, &failures, usize::MAX);
        check_script(&script).await;
    });
}

#[test]
fn fetches_at_most_so_many_pages() {
    grade_cases(async |case| {
        let pages = case.size("pages", 0..=20);
        let script = drawn(&case, &["links", "an error", "a panic"], pages);
        check_script(&script).await;
    });
}

#[test]
fn stop_returns_what_has_ended() {
    grade_cases(async |case| {
        let mut script = drawn(&case, &["links", "an error"], usize::MAX);
        script.stop_before = Some(case.size("stopped after pages", 0..=8));
        let site = check_script(&script).await;
        let open = site.gauge.now();
        check(open == 0, || {
            Failure::new(format!(
                "{} When it has returned, no fetch should be in progress; {} are.",
                script.told(script.stop_before.unwrap_or(0)),
                open
            ))
            .usually("that tasks are detached, or aborted and not awaited. `JoinSet::shutdown` aborts its tasks and waits until they are gone.")
            .read(JOINSET)
        });
    });
}

#[test]
fn a_stop_in_fetch_starts_no_other_page() {
    grade_cases(async |case| {
        let count = case.size("start pages", 1..=20);
        let concurrency = case.size_near("concurrency", count, 1..=20);
        let start = (0..count).map(|page| format!("/{page}")).collect();
        let stops_at = 1 + case.size("the call of `fetch` that stops is 1 +", 0..=19);
        let (calls, stop) = (Arc::new(Mutex::new(0)), CancellationToken::new());
        let (called, stopping) = (Arc::clone(&calls), stop.clone());
        let fetch = move |_url: String| -> BoxFuture<'static, Result<Vec<String>, String>> {
            let mut called = lock(&called);
            *called += 1;
            if *called == stops_at {
                stopping.cancel();
            }
            Box::pin(async {
                sleep(ms(5)).await;
                Ok(Vec::new())
            })
        };
        let crawl = answer(start, limits(concurrency, usize::MAX), stop, fetch);
        let returned = timeout(LONG, crawl).await.is_ok();
        let (calls, expected) = (*lock(&calls), count.min(stops_at));
        check(returned && calls == expected, || {
            Failure::new(format!(
                "The crawl has {} and a concurrency of {concurrency}, and call {stops_at} of `fetch` cancels `stop`. `fetch` should \
                 be called {}, and the crawl should return; `fetch` was called {}, and the crawl {}.",
                plural(count, "page"),
                times(expected),
                times(calls),
                if returned { "returned" } else { "did not return" }
            ))
            .usually("that `stop` is looked at once for several fetches, and not before each of them.")
            .read(STOP)
        });
    });
}

#[test]
fn fetches_as_many_as_allowed() {
    grade_cases(async |case| {
        let pages = case.size("start pages", 1..=300);
        let concurrency = case.size_near("concurrency", pages, 1..=300);
        let start: Vec<_> = (0..pages).map(|page| format!("/{page}")).collect();
        let (calls, called) = (Arc::new(Mutex::new(0)), Gauge::new());
        let (counted, in_flight) = (Arc::clone(&calls), called.clone());
        let fetch = move |_url: String| -> BoxFuture<'static, Result<Vec<String>, String>> {
            *lock(&counted) += 1;
            let in_flight = in_flight.enter();
            Box::pin(async move {
                let _in_flight = in_flight;
                sleep(ms(5)).await;
                Ok(Vec::new())
            })
        };
        let stop = CancellationToken::new();
        let crawl = answer(start, limits(concurrency, usize::MAX), stop, fetch);
        let visits = timeout(LONG, crawl).await.unwrap_or_default().len();
        let (peak, expected) = (called.peak(), pages.min(concurrency));
        check(peak == expected && visits == pages, || {
            Failure::new(format!(
                "Of {} with a concurrency of {concurrency}, {expected} should be fetched at the same time, and all be in the result; \
                 {} fetched at the same time, and {visits} are in the result.",
                plural(pages, "page"),
                grading::were(peak)
            ))
            .usually_if((peak < expected).then_some(
                "that a number in the code limits the fetches, and not `concurrency` alone.",
            ))
            .read("tasks-tasktracker.html#limit-the-number-of-tasks-in-a-joinset")
        });
    });
}

#[test]
fn pages_that_end_together_lose_nothing() {
    grade_cases(async |case| {
        let count = case.size("pages of the site", 1..=40);
        let concurrency = case.size("concurrency", 1..=40);
        let targets = case.numbers("links", 3 * count, count as u64 - 1);
        let waits = case.whole_ms_each("pages take", count, 3);
        let site: BTreeMap<String, (Duration, Vec<String>)> = (0..count)
            .map(|page| {
                let links = targets[3 * page..3 * page + 3].iter();
                let links = links.map(|target| format!("/{target}")).collect();
                (format!("/{page}"), (waits[page], links))
            })
            .collect();
        let expected = reachable(&site, "/0");
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (shared, called, gauge) = (Arc::new(site), Arc::clone(&calls), Gauge::new());
        let in_flight = gauge.clone();
        let fetch = move |url: String| -> BoxFuture<'static, Result<Vec<String>, String>> {
            lock(&called).push(url.clone());
            let (site, in_flight) = (Arc::clone(&shared), in_flight.enter());
            Box::pin(async move {
                let _in_flight = in_flight;
                let (wait, links) = site.get(&url).cloned().unwrap_or_default();
                take(wait).await;
                Ok(links)
            })
        };
        let start = vec!["/0".to_owned()];
        let crawl = answer(
            start,
            limits(concurrency, usize::MAX),
            CancellationToken::new(),
            fetch,
        );
        let visits = timeout(LONG, crawl).await.unwrap_or_default();
        let visited: BTreeSet<_> = visits.into_keys().collect();
        let mut calls = lock(&calls).clone();
        calls.sort_unstable();
        let once: Vec<_> = expected.iter().cloned().collect();
        let peak = gauge.peak();
        check(peak <= concurrency, || {
            Failure::new(format!(
                "At most {concurrency} pages should be fetched at the same time; {peak} were."
            ))
            .usually("that every page that is found is fetched at once.")
            .read("tasks-tasktracker.html#limit-the-number-of-tasks-in-a-joinset")
        });
        check(calls == once && visited == expected, || {
            Failure::new(format!(
                "{} should be fetched once each; there were {} calls of `fetch`, and the result has {}.",
                plural(once.len(), "page"),
                calls.len(),
                plural(visited.len(), "page")
            ))
            .read(EMPTY_QUEUE)
        });
    });
}

/// The pages that a site links to, directly or not.
fn reachable(site: &BTreeMap<String, (Duration, Vec<String>)>, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([from.to_owned()]);
    let mut rest = vec![from.to_owned()];
    while let Some(page) = rest.pop() {
        for link in site.get(&page).into_iter().flat_map(|(_, links)| links) {
            if found.insert(link.clone()) {
                rest.push(link.clone());
            }
        }
    }
    found
}

#[test]
fn fetches_nothing_more_when_it_is_dropped() {
    drop_at_every_await(
        async || {
            let calls = Arc::new(Mutex::new(0));
            let gauge = Gauge::new();
            let tasks = Tasks::baseline();
            let (called, in_flight) = (Arc::clone(&calls), gauge.clone());
            let fetch = move |url: String| -> BoxFuture<'static, Result<Vec<String>, String>> {
                *lock(&called) += 1;
                let in_flight = in_flight.enter();
                Box::pin(async move {
                    let _in_flight = in_flight;
                    sleep(ms(10)).await;
                    Ok(match url.as_str() {
                        "/0" => vec!["/1".to_owned(), "/2".to_owned(), "/3".to_owned()],
                        _ => vec!["/4".to_owned()],
                    })
                })
            };
            let start = vec!["/0".to_owned()];
            let crawl = answer(start, limits(2, 10), CancellationToken::new(), fetch);
            (crawl, (calls, gauge, tasks))
        },
        async |(calls, gauge, tasks)| {
            let (before, open) = (*lock(&calls), gauge.now());
            check(open == 0, || {
                Failure::new(format!(
                    "When the future is dropped, no fetch should be in progress; {open} are."
                ))
                .usually("that the fetches are tasks whose handles are dropped, which detaches them. Dropping a `JoinSet` aborts its \
                          tasks.")
                .read(RUNS_ON)
            });
            sleep(ms(100)).await;
            let after = *lock(&calls);
            check(before == after, || {
                Failure::new(format!(
                    "When the future is dropped, `fetch` should not be called again; it was called {}.",
                    times(after - before)
                ))
                .usually("that a task crawls, which runs on when the future is dropped.")
                .read(RUNS_ON)
            });
            tasks.check_none_left_behind().await;
        },
    );
}
