//! What is reported of the cases that fail. Each ignored test is a small grader with a wrong answer; the tests above it run
//! it in a process of its own.

#[path = "answers/many_downloads.rs"]
mod downloads;

#[path = "support/child.rs"]
mod child;
#[path = "support/seeded.rs"]
mod seeded;

use child::assert_reports;
use grading::web::{Responses, Site};
use grading::{Case, Failure, check, grade_cases};
use seeded::with_seed;

#[test_cache::test]
fn the_smallest_case_and_its_values_are_reported() {
    assert_reports("start_all::starts_twenty_at_a_time");
    assert_reports("start_all::sorts_by_path");
    assert_reports("start_all::tries_again");
    assert_reports("start_all::shares_requests");
    assert_reports("start_all::requests_another_page");
}

#[cfg(target_os = "linux")] // Elsewhere a report does not tell what the thread does.
#[test_cache::test]
fn a_hang_and_a_panic_are_reported_with_their_case() {
    assert_reports("start_all::waits_for_a_first_path");
    assert_reports("start_all::indexes_an_empty_list");
    assert_reports("start_all::never_returns_for_one_path");
}

#[test_cache::test]
fn a_stub_has_no_case() {
    assert_reports("start_all::a_stub");
}

#[test]
fn the_variable_repeats_a_case_and_reduces_it_again() {
    for test in [
        "start_all::starts_twenty_at_a_time",
        "start_all::sorts_by_path",
    ] {
        let file = format!(
            "{}/tests/reports/{}.txt",
            env!("CARGO_MANIFEST_DIR"),
            test.replace("::", "-")
        );
        let report = std::fs::read_to_string(file).expect("the report exists");
        let seed = report
            .split_once("GRADING_SEED=")
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .expect("the report names a seed");
        let repeated = with_seed(test, seed);
        assert_eq!(String::from_utf8_lossy(&repeated.stderr), report);
        let simplest = with_seed(test, "0");
        assert!(simplest.status.success(), "no path is no problem");
    }
}

mod start_all {
    use super::*;

    async fn paths_of(case: &Case, responses: Responses) -> (Site, Vec<String>) {
        let count = case.size("paths", 0..=300);
        let (site, requests) = Site::drawn(case, count, responses);
        let paths = requests.into_iter().map(|request| request.path);
        (site, paths.collect())
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn starts_twenty_at_a_time() {
        grade_cases(async |case| {
            let (site, paths) = paths_of(&case, Responses::Pages).await;
            downloads::twenty_at_a_time(&site.client(), &paths).await;
            let (peak, count) = (site.peak_in_flight(), paths.len());
            check(peak == count, || {
                Failure::new(format!(
                    "All {count} downloads should be in flight at the same time; there were at most {peak}."
                ))
                .usually("that something limits them to a few at a time, as `buffered(n)` does.")
                .read("gather-futures-unordered.html#buffered-and-buffer_unordered")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn sorts_by_path() {
        grade_cases(async |case| {
            let (site, paths) = paths_of(&case, Responses::Pages).await;
            let pages = downloads::sorted_by_path(&site.client(), &paths).await;
            let seen: Vec<_> = pages.iter().map(|page| &page.path).collect();
            check(seen == Vec::from_iter(&paths), || {
                Failure::new("The pages should be in the order of `paths`; they were not.")
            });
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn tries_again() {
        grade_cases(async |case| {
            let (site, paths) = paths_of(&case, Responses::Any).await;
            downloads::twice_after_an_error(&site.client(), &paths).await;
            site.check_requested(&paths, "gather-exercises.html#exercises");
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn shares_requests() {
        grade_cases(async |case| {
            let (site, mut paths) = paths_of(&case, Responses::Any).await;
            let given = paths.clone();
            paths.sort();
            paths.dedup();
            downloads::in_turn(&site.client(), &paths).await;
            site.check_requested(&given, "gather-exercises.html#exercises");
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn requests_another_page() {
        grade_cases(async |case| {
            let (site, paths) = paths_of(&case, Responses::Any).await;
            downloads::in_turn(&site.client(), &["/".to_owned()]).await;
            downloads::in_turn(&site.client(), &paths).await;
            site.check_requested(&paths, "gather-exercises.html#exercises");
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn waits_for_a_first_path() {
        grade_cases(async |case| {
            let (_, paths) = paths_of(&case, Responses::Any).await;
            if paths.len() < 2 {
                std::future::pending::<()>().await;
            }
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn indexes_an_empty_list() {
        grade_cases(async |case| {
            let (site, paths) = paths_of(&case, Responses::Any).await;
            let _ = downloads::first(&site.client(), &paths).await;
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn never_returns_for_one_path() {
        grade_cases(async |case| {
            let (_, paths) = paths_of(&case, Responses::Pages).await;
            while paths.len() == 1 {
                std::hint::spin_loop();
            }
        });
    }

    #[test]
    #[ignore = "fails; another test checks its report"]
    fn a_stub() {
        grade_cases(async |case| {
            case.size("paths", 0..=3);
            downloads::stub().await;
        });
    }
}
