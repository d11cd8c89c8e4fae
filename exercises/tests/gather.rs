//! Grades the chapter `gather`: one module for each exercise, one test for each promise of its
//! contract.
//!
//! Time is virtual. A download of 40 ms takes 40 ms to the nanosecond and no real time at all, so
//! every duration below is compared exactly.

use std::time::Duration;

use grading::web::{Page, Responses, Site, WebError};
use grading::{Clock, Failure, Tasks, check, drop_at_every_await, grade, grade_cases, ms};

use describe::{Describe, in_ms, list, numbers, plural, quoted_if_empty};
use drawn::{Drawn, in_either_order, path_of, path_of_error};

#[path = "gather/describe.rs"]
mod describe;
#[path = "gather/drawn.rs"]
mod drawn;

#[path = "gather/fastest_mirror.rs"]
mod fastest_mirror;
#[path = "gather/fetch_all.rs"]
mod fetch_all;
#[path = "gather/fetch_or_fail.rs"]
mod fetch_or_fail;
#[path = "gather/settle.rs"]
mod settle;
#[path = "gather/user_page.rs"]
mod user_page;
#[path = "gather/with_progress.rs"]
mod with_progress;

const EXERCISES: &str = "gather-exercises.html#exercises";

const PATHS: [&str; 3] = ["/news", "/maps", "/mail"];

/// How many milliseconds each of `PATHS` takes, in every order in which they can arrive. No sum of
/// these times is one of them, so a wrong total tells where it comes from. In the first order,
/// completion order, input order and "all at the end" are three different things.
const EVERY_ORDER: [[u64; 3]; 6] = [
    [20, 40, 10],
    [40, 20, 10],
    [10, 40, 20],
    [40, 10, 20],
    [20, 10, 40],
    [10, 20, 40],
];

/// A site where `PATHS` take these times.
fn site_with(times: [u64; 3]) -> Site {
    site_failing(times, &[])
}

/// A site where `PATHS` take these times, and those at the indices `failing` fail.
fn site_failing(times: [u64; 3], failing: &[usize]) -> Site {
    (0..3).fold(Site::new(), |site, n| {
        let time = ms(times[n]);
        if failing.contains(&n) {
            site.broken(PATHS[n], time)
        } else {
            site.page(PATHS[n], time)
        }
    })
}

/// `count` paths, and a site on which they take 1 to 1000 ms, no two the same if there are at most 1000.
fn many(count: usize) -> (Site, Vec<String>) {
    let paths: Vec<_> = (0..count).map(|n| format!("/page/{n}")).collect();
    let numbered = paths.iter().zip(0..);
    let site = numbered.fold(Site::new(), |site, (path, n)| {
        site.page(path, ms(n * 617 % 1000 + 1))
    });
    (site, paths)
}

/// What the site returns for `path`.
fn page(path: &str) -> Page {
    let body = format!("body of {path}");
    let path = path.to_owned();
    Page { path, body }
}

fn server_error(path: &str) -> WebError {
    let path = path.to_owned();
    WebError::ServerError { path }
}

fn not_found(path: &str) -> WebError {
    let path = path.to_owned();
    WebError::NotFound { path }
}

/// Downloads at the same time take as long as the slowest of them.
fn check_overlap(clock: &Clock, times: &[u64]) {
    let took = clock.elapsed();
    let longest = ms(times.iter().copied().max().unwrap_or(0));
    check(took == longest, || {
        let failure = Failure::new(format!(
            "Downloads of {} ms should overlap and take {}, as long as the slowest; they took {}.",
            numbers(times),
            in_ms(longest),
            in_ms(took)
        ));
        if took == ms(times.iter().sum()) {
            failure.usually(
                "that they ran one after the other. Creating a future does not start it: it makes \
                 progress only while it is polled, so all of them have to be awaited together.",
            )
            .read("gather-pitfalls.html#futures-are-lazy")
        } else if took < longest {
            failure
                .usually("that some of them were not waited for.")
                .read("gather.html#join_all")
        } else {
            failure.read("gather.html#join_all")
        }
    });
}

/// Each of `paths` was downloaded to its end, as often as it is given, and nothing else was.
fn check_downloaded(site: &Site, paths: &[&str]) {
    let finished = site.finished();
    check(sorted(&finished) == sorted(paths), || {
        let failure = Failure::new(format!(
            "The downloads {} should have finished, and no others; these have: {}.",
            paths.describe(),
            finished.describe()
        ));
        if finished.iter().any(|path| !paths.contains(&path.as_str())) {
            failure.usually("that something else was downloaded as well.")
        } else if !site.cancelled().is_empty() {
            failure.usually("that a download was dropped before it had ended.")
        } else if finished.len() > paths.len() {
            failure.usually("that a path was requested more often than it is given.")
        } else {
            failure.usually("that a path was left out.")
        }
        .read(EXERCISES)
    });
}

/// As many downloads are in flight at the same time as there are paths.
fn check_all_in_flight(site: &Site, count: usize) {
    let peak = site.peak_in_flight();
    check(peak == count, || {
        let failure = Failure::new(format!(
            "{} should be in flight at the same time; there were at most {peak}.",
            plural(count, "download")
        ));
        match peak {
            0 => failure
                .usually("that no download was awaited.")
                .read("gather-pitfalls.html#futures-are-lazy"),
            1 => failure
                .usually("that they ran one after the other.")
                .read("gather-pitfalls.html#futures-are-lazy"),
            _ => failure
                .usually("that something limits them to a few at a time, as `buffered(n)` does.")
                .read("gather-futures-unordered.html#buffered-and-buffer_unordered"),
        }
    });
}

/// The results are in the order of their paths.
fn check_input_order<T: PartialEq + Describe>(seen: &[T], expected: &[T], times: &[u64]) {
    check(seen == expected, || {
        let failure = Failure::new(format!(
            "Downloads of {} ms should return {}; they returned {}.",
            numbers(times),
            expected.describe(),
            seen.describe()
        ));
        if in_completion_order(seen, expected, times) {
            failure.usually(
                "that the results are in the order in which they finished. Keep the index of its path \
                 with each result, or use a function that keeps the input order.",
            )
            .read("gather-futures-unordered.html#futuresunordered")
        } else if same_items(seen, expected) {
            failure
                .usually("that a result is in the place of another.")
                .read("gather.html#join_all")
        } else {
            failure
                .usually("that a result is lost, or takes the place of another.")
                .read("gather.html#join_all")
        }
    });
}

/// Whether `seen` is `expected`, sorted by time.
fn in_completion_order<T: PartialEq>(seen: &[T], expected: &[T], times: &[u64]) -> bool {
    let time_of = |result: &T| {
        let mut timed = expected.iter().zip(times);
        timed
            .find(|(other, _)| *other == result)
            .map(|(_, time)| *time)
    };
    same_items(seen, expected) && seen.is_sorted_by_key(time_of)
}

/// Nothing that the answer started keeps running.
async fn check_nothing_runs_on(site: &Site, tasks: Tasks, when: &str) {
    let left = tasks.left_behind().await;
    let running = site.in_flight();
    check((left, running) == (0, 0), || {
        let failure = Failure::new(format!(
            "{when}, everything should stop; still running: {}, {}.",
            plural(running, "download"),
            plural(left, "task")
        ));
        if left == 0 {
            failure
        } else {
            failure.usually(
                "that the downloads were spawned: dropping the handle of a task does not stop it. A \
                 future that is awaited in place is cancelled when it is dropped.",
            )
        }
        .read("gather-pitfalls.html#spawned-tasks-run-on")
    });
}

fn as_strs(paths: &[String]) -> Vec<&str> {
    paths.iter().map(String::as_str).collect()
}

/// Whether both have the same items, in any order.
fn same_items<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    let count = |items: &[T], item| items.iter().filter(|other| *other == item).count();
    a.len() == b.len() && a.iter().all(|item| count(a, item) == count(b, item))
}

fn sorted<T: ToString>(paths: &[T]) -> Vec<String> {
    let mut paths: Vec<_> = paths.iter().map(ToString::to_string).collect();
    paths.sort();
    paths
}
