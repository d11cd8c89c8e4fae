//! `settle_with_budget`: every outcome, up to the failure that spends the budget.

use super::*;
use exercises::errors::{Settled, settle_with_budget};
use grading::web::{DrawnRequest, Responses, Site, WebError};

#[path = "settle_with_budget_mistakes.rs"]
mod mistakes;

/// A site, the requests to make of it, and how many failures are allowed.
struct Drawn {
    site: Site,
    requests: Vec<DrawnRequest>,
    budget: usize,
}

impl Drawn {
    /// A budget that may be spent.
    fn new(case: &Case) -> Self {
        let (site, requests) = Self::requests(case, 0..=600);
        let failing = failures(&requests).len();
        let budget = case.size_near("budget", failing, 1..=failing + 2);
        Self {
            site,
            requests,
            budget,
        }
    }

    /// A budget that is larger than the number of failures.
    fn never_spent(case: &Case) -> Self {
        let (site, requests) = Self::requests(case, 0..=300);
        let failing = failures(&requests).len();
        let budget = match case.pick(
            "budget",
            &["is larger than the failures", "is the largest number"],
        ) {
            &"is larger than the failures" => failing + case.size("by", 1..=300),
            _ => usize::MAX,
        };
        Self {
            site,
            requests,
            budget,
        }
    }

    fn requests(case: &Case, counts: std::ops::RangeInclusive<usize>) -> (Site, Vec<DrawnRequest>) {
        let count = case.size("paths", counts);
        let kinds = [Responses::Any, Responses::Errors];
        Site::drawn(case, count, *case.pick("kinds of responses", &kinds))
    }

    fn paths(&self) -> Vec<&str> {
        paths(&self.requests)
    }

    fn times(&self) -> Vec<Duration> {
        let requests = self.requests.iter();
        requests.map(|request| request.latency).collect()
    }

    /// When the budget is spent.
    fn spent(&self) -> Option<Duration> {
        let mut times = failures(&self.requests);
        times.sort();
        times.get(self.budget.checked_sub(1)?).copied()
    }

    /// When the answer should return.
    fn end(&self) -> Duration {
        let last = || self.times().into_iter().max().unwrap_or_default();
        self.spent().unwrap_or_else(last)
    }

    /// Otherwise the budget is to blame, and no path.
    async fn check_something_was_downloaded(&self) {
        let nothing = self.site.started().is_empty() && !self.requests.is_empty();
        let client = self.site.client();
        let with_less = match nothing {
            true => settle_with_budget(&client, &self.paths(), self.requests.len() + 1).await,
            false => Settled::default(),
        };
        check(!nothing, || {
            Failure::new(format!(
                "With a budget of {}, {} should be started; none was.",
                self.budget,
                count_of("download", self.requests.len())
            ))
            .usually_if(
                (with_less == all_ended(&self.requests))
                    .then_some("that the budget is kept in a type which is too small for it."),
            )
            .read(BUDGET)
        });
    }

    async fn settle(&self) -> Settled {
        settle_with_budget(&self.site.client(), &self.paths(), self.budget).await
    }
}

fn paths(requests: &[DrawnRequest]) -> Vec<&str> {
    requests.iter().map(|request| &*request.path).collect()
}

/// When each failure occurs, in input order.
fn failures(requests: &[DrawnRequest]) -> Vec<Duration> {
    let failing = requests.iter().filter(|request| request.outcome.is_err());
    failing.map(|request| request.latency).collect()
}

/// `pages [/8], failures [/9 with 404], cancelled []`
fn described(settled: &Settled) -> String {
    let pages = settled.pages.iter().map(|page| page.path.clone());
    let failures = settled.failures.iter().map(|(path, error)| {
        let status = match error {
            WebError::NotFound { .. } => 404,
            WebError::ServerError { .. } => 500,
        };
        format!("{path} with {status}")
    });
    let cancelled = settled.cancelled.iter().cloned();
    format!(
        "pages {}, failures {}, cancelled {}",
        list(pages),
        list(failures),
        list(cancelled)
    )
}

/// What should come of `requests` if everything ends.
fn all_ended(requests: &[DrawnRequest]) -> Settled {
    let mut settled = Settled::default();
    for request in requests {
        match request.outcome.clone() {
            Ok(page) => settled.pages.push(page),
            Err(error) => settled.failures.push((request.path.clone(), error)),
        }
    }
    settled
}

/// The same lists, each sorted.
fn sorted(settled: &Settled) -> [Vec<String>; 3] {
    let pages = settled.pages.iter().map(|page| format!("{page:?}"));
    let failures = settled
        .failures
        .iter()
        .map(|failure| format!("{failure:?}"));
    let mut lists = [
        pages.collect::<Vec<_>>(),
        failures.collect(),
        settled.cancelled.clone(),
    ];
    for list in &mut lists {
        list.sort();
    }
    lists
}

/// The lists of an answer, from which [`Rest::fits`] takes what belongs to each request.
#[derive(Clone, Copy)]
struct Rest<'a> {
    pages: &'a [grading::web::Page],
    failures: &'a [(String, WebError)],
    cancelled: &'a [String],
}

impl<'a> Rest<'a> {
    fn of(settled: &'a Settled) -> Self {
        Self {
            pages: &settled.pages,
            failures: &settled.failures,
            cancelled: &settled.cancelled,
        }
    }

    /// Whether each of `requests` is the next one in one of the lists, as its instant allows. The budget is spent at `end`.
    fn fits(mut self, requests: &[DrawnRequest], end: Option<Duration>) -> bool {
        let Some((request, rest)) = requests.split_first() else {
            return self.pages.is_empty() && self.failures.is_empty() && self.cancelled.is_empty();
        };
        let late = end.is_some_and(|end| request.latency >= end);
        if late && self.cancelled.first() == Some(&request.path) {
            let cancelled = &self.cancelled[1..];
            let others = Self { cancelled, ..self };
            if others.fits(rest, end) {
                return true;
            }
        }
        if end.is_some_and(|end| request.latency > end) {
            return false;
        }
        let is_next = match &request.outcome {
            Ok(page) => self.pages.split_off_first() == Some(page),
            Err(error) => {
                let next = self.failures.split_off_first();
                next.is_some_and(|(path, seen)| (path, seen) == (&request.path, error))
            }
        };
        is_next && self.fits(rest, end)
    }
}

#[test]
fn downloads_overlap() {
    grade_cases(async |case| {
        let (drawn, clock) = (Drawn::never_spent(&case), Clock::start());
        drawn.settle().await;
        drawn.check_something_was_downloaded().await;
        drawn.site.check_requested(&drawn.paths(), POLICIES);
        check_overlap(clock.elapsed(), &drawn.times());
    });
}

#[test]
fn an_unspent_budget_stops_nothing() {
    grade_cases(async |case| {
        let drawn = Drawn::never_spent(&case);
        let (seen, expected) = (drawn.settle().await, all_ended(&drawn.requests));
        check(seen == expected, || {
            let failure = Failure::new(format!(
                "{} and a budget of {} should stop nothing, and the result should be {}; it was {}.",
                count_of("failure", expected.failures.len()),
                drawn.budget,
                described(&expected),
                described(&seen)
            ));
            let count = |settled: &Settled| settled.pages.len() + settled.failures.len();
            if sorted(&seen) == sorted(&expected) {
                failure
                    .usually("that the lists are in completion order. Keep the index of its path with each outcome.")
                    .read("gather-futures-unordered.html#keep-the-index")
            } else if !drawn.site.cancelled().is_empty() {
                failure
                    .usually("that the answer stopped too early.")
                    .read(BUDGET)
            } else if count(&seen) + seen.cancelled.len() < count(&expected) {
                failure
                    .usually("that an outcome is lost, as `flatten`, `ok` or a map with the path as the key lose it.")
                    .read("errors-pitfalls.html#flatten-hides-errors")
            } else {
                failure.read(BUDGET)
            }
        });
    });
}

#[test]
fn a_slow_download_is_waited_for() {
    grade_cases(async |case| {
        let site = Site::new().page("/slow", SLOW).broken("/bonn", ms(10));
        let mut paths = ["/slow", "/bonn"];
        if *case.pick("the slow one is the last", &[false, true]) {
            paths.reverse();
        }
        let clock = Clock::start();
        let seen = settle_with_budget(&site.client(), &paths, 2).await;
        let took = clock.elapsed();
        check(took == SLOW && seen.pages.len() == 1, || {
            Failure::new(format!(
                "With a budget of 2 and one failure, a page that takes {} should be waited for; at {} there were {}.",
                in_ms(SLOW),
                in_ms(took),
                described(&seen)
            ))
            .read(BUDGET)
        });
    });
}

#[test]
fn stops_at_the_instant_of_the_last_failure() {
    grade_cases(async |case| {
        let (drawn, clock) = (Drawn::new(&case), Clock::start());
        let settled = drawn.settle().await;
        let (took, end) = (clock.elapsed(), drawn.end());
        let expected = drawn.budget.min(failures(&drawn.requests).len());
        let seen = settled.failures.len();
        if (took, seen) == (end, expected) {
            return;
        }
        let usually = mistakes::of_another_instant().await;
        check(took == end, || {
            Failure::new(format!(
                "With {} and a budget of {}, it should return at {}; it returned at {}.",
                count_of("failure", failures(&drawn.requests).len()),
                drawn.budget,
                in_ms(end),
                in_ms(took)
            ))
            .usually_if(usually)
            .read(BUDGET)
        });
        check(false, || {
            let usually = usually.unwrap_or(if seen < expected {
                "that a failure is not returned, such as the one that spends the budget."
            } else if mistakes::shares_outcomes(&drawn, &settled) {
                "that equal paths share an outcome, as in a map with the path as the key."
            } else {
                "that failures are returned which came after the one that spends the budget."
            });
            Failure::new(format!(
                "With a budget of {}, there should be {}; there were {seen}.",
                drawn.budget,
                count_of("failure", expected)
            ))
            .usually(usually)
            .read(BUDGET)
        });
    });
}

#[test]
fn nothing_is_running_when_it_returns() {
    grade_cases(async |case| {
        let (drawn, tasks) = (Drawn::new(&case), Tasks::baseline());
        drawn.settle().await;
        let at_once = drawn.site.in_flight();
        let left = tasks.left_behind().await;
        let later = drawn.site.in_flight();
        check((later, left) == (0, 0), || {
            Failure::new(format!(
                "When it has returned, no download should be running; still running: {}.",
                count_of("download", later.max(left))
            ))
            .usually(
                "that the downloads were spawned, and their handles dropped: that stops no task. A future in a \
                 `FuturesUnordered` is cancelled when the set is dropped.",
            )
            .read(RUNS_ON)
        });
        check(at_once == 0, || {
            Failure::new(format!(
                "When it returns, every download should be cancelled; {} ended only after that.",
                count_of("download", at_once)
            ))
            .usually(
                "that the tasks were aborted and not waited for. `abort`, and dropping a `JoinSet`, only request it.",
            )
            .read("tasks-joinset.html#aborted-tasks-are-not-gone-at-once")
        });
    });
}

#[test]
fn every_path_is_in_one_list_in_input_order() {
    grade_cases(async |case| {
        let drawn = Drawn::new(&case);
        let seen = drawn.settle().await;
        let count = seen.pages.len() + seen.failures.len() + seen.cancelled.len();
        check(count == drawn.requests.len(), || {
            let failure = Failure::new(format!(
                "Each path should be in one of the lists, {} in all; there are {}.",
                drawn.requests.len(),
                described(&seen)
            ));
            if count < drawn.requests.len() && only_repeated_are_left_out(&drawn.paths(), &seen) {
                failure.usually(
                    "that a path is looked up in the lists: one that is given twice is there already when its other download \
                     is cancelled.",
                )
            } else if seen.cancelled.is_empty() && count < drawn.requests.len() {
                failure.usually("that the cancelled downloads are left out.")
            } else {
                failure.usually("that a path is left out, or is in two lists.")
            }
            .read(BUDGET)
        });
        check(Rest::of(&seen).fits(&drawn.requests, drawn.spent()), || {
            Failure::new(format!(
                "Each list should be in the order of {}, and what ended before {} should not be cancelled; there are {}.",
                list(drawn.paths().iter().map(ToString::to_string)),
                in_ms(drawn.end()),
                described(&seen)
            ))
            .usually_if(mistakes::of_lists(&drawn, &seen))
            .read(BUDGET)
        });
    });
}

/// Whether each path that is in the lists less often than it was given is given twice, and in one of them.
fn only_repeated_are_left_out(paths: &[&str], seen: &Settled) -> bool {
    let pages = seen.pages.iter().map(|page| &page.path);
    let failures = seen.failures.iter().map(|(path, _)| path);
    let listed: Vec<_> = pages.chain(failures).chain(&seen.cancelled).collect();
    paths
        .iter()
        .all(|path| listed.iter().any(|other| other == path))
}

#[test]
fn a_budget_of_zero_starts_nothing() {
    grade_cases(async |case| {
        let (site, requests) = Drawn::requests(&case, 0..=40);
        let clock = Clock::start();
        let seen = settle_with_budget(&site.client(), &paths(&requests), 0).await;
        let started = site.started();
        check(started.is_empty() && clock.elapsed().is_zero(), || {
            Failure::new(format!(
                "With a budget of 0, no download should be started; {} started.",
                count_of("download", started.len())
            ))
            .usually("that the budget is checked only after a download has ended.")
            .read(BUDGET)
        });
        check(seen.cancelled == paths(&requests), || {
            Failure::new(format!(
                "With a budget of 0, all of {} should be in `cancelled`; there are {}.",
                list(paths(&requests).iter().map(ToString::to_string)),
                described(&seen)
            ))
            .usually("that paths that were not started are left out.")
            .read(BUDGET)
        });
    });
}

#[test]
fn cancels_its_downloads_when_dropped() {
    drop_at_every_await(
        async || {
            let site = Site::new()
                .broken("/bonn", ms(10))
                .page("/oslo", ms(20))
                .broken("/porto", ms(30))
                .page("/lyon", ms(40));
            let (client, tasks) = (site.client(), Tasks::baseline());
            let paths = ["/oslo", "/bonn", "/lyon", "/porto"];
            (
                async move { settle_with_budget(&client, &paths, 2).await },
                (site, tasks),
            )
        },
        async |(site, tasks)| {
            let left = tasks.left_behind().await.max(site.in_flight());
            check(left == 0, || {
                Failure::new(format!(
                    "When the future is dropped, every download should be cancelled; still running: {}.",
                    count_of("download", left)
                ))
                .usually("that the downloads were spawned: dropping the handle of a task does not stop it.")
                .read(RUNS_ON)
            });
        },
    );
}
