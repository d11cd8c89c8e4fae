//! What `settle_with_budget` does with the usual mistakes, so that a report names a mistake only if it explains what
//! was seen.

use super::*;

/// What is requested, and after how many ms which status arrives. With a budget of 3, each mistake ends at another
/// instant.
const PROBE: [(&str, u64, u32); 14] = [
    ("/slow", 90, 200),
    ("/a", 10, 404),
    ("/b", 15, 200),
    ("/c", 20, 500),
    ("/d", 25, 200),
    ("/e", 30, 500),
    ("/page", 35, 200),
    ("/f", 40, 404),
    ("/g", 50, 500),
    ("/h", 55, 200),
    ("/i", 60, 404),
    ("/j", 70, 500),
    ("/k", 80, 404),
    ("/slowest", 100, 200),
];

const BUDGET_OF_PROBE: usize = 3;

/// The mistake that explains when the answer returns, if there is one.
pub(super) async fn of_another_instant() -> Option<&'static str> {
    let site = PROBE
        .iter()
        .fold(Site::new(), |site, (path, time, status)| match status {
            200 => site.page(path, ms(*time)),
            404 => site.missing(path, ms(*time)),
            _ => site.broken(path, ms(*time)),
        });
    let (clock, paths) = (Clock::start(), PROBE.map(|(path, ..)| path));
    settle_with_budget(&site.client(), &paths, BUDGET_OF_PROBE).await;
    let seen = clock.elapsed();

    let by_time = by_time();
    let nth = |count: usize, statuses: &[u32]| {
        let counted = by_time
            .iter()
            .filter(|(.., status)| statuses.contains(status));
        counted.map(|(_, time, _)| *time).nth(count - 1)
    };
    let last = by_time.last().map(|(_, time, _)| *time);
    let failures = [404, 500];
    let mistakes = [
        (
            "that it takes one failure more to stop.",
            nth(BUDGET_OF_PROBE + 1, &failures),
        ),
        (
            "that it stops one failure too early.",
            nth(BUDGET_OF_PROBE - 1, &failures),
        ),
        ("that the first failure stops it.", nth(1, &failures)),
        (
            "that a 404 is not counted as a failure.",
            nth(BUDGET_OF_PROBE, &[500]),
        ),
        (
            "that only a 404 is counted as a failure.",
            nth(BUDGET_OF_PROBE, &[404]),
        ),
        (
            "that failures in a row are counted, and a page sets the count to zero.",
            in_a_row(),
        ),
        (
            "that the failures are counted when all downloads have ended. A budget is checked at each failure.",
            last,
        ),
        (
            "that the outcomes are awaited in the order of `paths`, so that a slow download hides the failures of those \
             that come after it.",
            in_order(),
        ),
    ];
    let mistakes = mistakes.map(|(meaning, time)| (meaning, [time.map(ms)]));
    explained(&[Some(seen)], mistakes)
}

fn by_time() -> Vec<(&'static str, u64, u32)> {
    let mut probe = PROBE.to_vec();
    probe.sort_by_key(|(_, time, _)| *time);
    probe
}

/// When there are for the first time as many failures as the budget allows, without a page between them.
fn in_a_row() -> Option<u64> {
    let mut count = 0;
    let probe = by_time();
    let last = probe.iter().find(|(.., status)| {
        count = if *status == 200 { 0 } else { count + 1 };
        count == BUDGET_OF_PROBE
    });
    last.map(|(_, time, _)| *time)
}

/// When a loop over the downloads in the order of [`PROBE`] has seen the last failure that the budget allows.
fn in_order() -> Option<u64> {
    let mut latest = 0;
    let seen = PROBE.iter().map(|(_, time, status)| {
        latest = latest.max(*time);
        (latest, *status)
    });
    let failures = seen.filter(|(_, status)| *status != 200);
    failures.map(|(latest, _)| latest).nth(BUDGET_OF_PROBE - 1)
}

/// Why the lists of `seen` are not what they should be, although each path is in one of them.
pub(super) fn of_lists(drawn: &Drawn, seen: &Settled) -> Option<&'static str> {
    let end = drawn.spent();
    let ended = drawn
        .requests
        .iter()
        .filter(|request| end.is_none_or(|end| request.latency < end));
    let (pages, failures): (Vec<_>, Vec<_>) = ended.partition(|request| request.outcome.is_ok());
    let is_cancelled = |request: &&DrawnRequest| seen.cancelled.contains(&request.path);
    let position = |path: &str| {
        drawn
            .requests
            .iter()
            .position(|request| request.path == path)
    };
    let mut in_order = seen.clone();
    in_order.pages.sort_by_key(|page| position(&page.path));
    in_order.failures.sort_by_key(|(path, _)| position(path));
    in_order.cancelled.sort_by_key(|path| position(path));
    if Rest::of(&in_order).fits(&drawn.requests, end) {
        Some("that a list is in completion order. Keep the index of its path with each outcome.")
    } else if pages.iter().any(is_cancelled) {
        Some("that pages that have arrived are listed as cancelled.")
    } else if failures.iter().any(is_cancelled) {
        Some("that failures are listed as cancelled.")
    } else {
        None
    }
}

/// Whether a path has failed more often than it was downloaded.
pub(super) fn shares_outcomes(drawn: &Drawn, seen: &Settled) -> bool {
    let finished = drawn.site.finished();
    seen.failures.iter().any(|(path, _)| {
        let failed = seen.failures.iter().filter(|(other, _)| other == path);
        failed.count() > finished.iter().filter(|other| *other == path).count()
    })
}
