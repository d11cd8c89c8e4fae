//! Tests with many random cases, and the smallest case that fails.

mod case;
mod choices;
mod numbers;
mod polls;
mod shrink;
mod values;

use std::panic::Location;

pub use case::Case;
use choices::{Choices, Sequence};
use shrink::Tried;

use crate::drawn::{Drawn, SEED_VARIABLE};
use crate::report::Report;
use crate::run::{Body, Run, pass};

/// How many cases are tried.
const SEEDS: u64 = 200;

/// How many of them are tried if each starts threads.
const SEEDS_WITH_THREADS: u64 = 40;

/// Runs `test` with 200 random cases, and fails with the report of the smallest case that it finds in which the answer
/// is wrong.
///
/// A test *draws* its case: how many items there are, what they are and how long they take, in which order they come,
/// and, with [`Case::join`], [`Case::turns`] and [`Case::drop_somewhere`], when futures are polled and dropped. So an
/// answer has to keep its promises for no items, for one, for a limit and one more, for duplicates, for numbers that do
/// not fit a byte, and in any order of polls. Each run is like one of [`grade`](crate::grade): a fresh runtime, a paused
/// clock, a recorder.
///
/// ```
/// use grading::web::{Responses, Site};
/// use grading::{Case, Failure, check, grade_cases};
/// # use grading::web::{Client, Page, WebError};
/// # async fn fetch_all(client: &Client, paths: &[&str]) -> Vec<Result<Page, WebError>> {
/// #     futures::future::join_all(paths.iter().map(|path| client.get(path))).await
/// # }
///
/// grade_cases(async |case: Case| {
///     let count = case.size("paths", 0..=100);
///     let (site, requests) = Site::drawn(&case, count, Responses::Any);
///     let paths: Vec<_> = requests.iter().map(|request| &*request.path).collect();
///     let outcomes = fetch_all(&site.client(), &paths).await;
///     let in_order = outcomes.iter().eq(requests.iter().map(|request| &request.outcome));
///     check(in_order, || Failure::new("The outcomes should be in the order of `paths`."));
/// });
/// ```
///
/// # A failure
///
/// A case that fails is reduced: the test runs again with fewer and lower choices, as long as it fails in the same way.
/// The report is that of the smallest case found. It shows what was drawn under a name, and the seed of the case, a number
/// from 0 to 199. With the environment variable `GRADING_SEED` set to that number only this case is tried, and reduced
/// again. The smallest case runs once more at the end, so that what an answer prints in it comes last.
///
/// ```text
#[doc = include_str!("../tests/reports/start_all-starts_twenty_at_a_time.txt")]
/// ```
///
/// Two failures are the same if the same [`check`](crate::check) failed and its report has the same meaning
/// ([`Failure::usually`](crate::Failure::usually) and [`Failure::read`](crate::Failure::read)); if the answer panicked in
/// the same line; or if both hang in the same way in virtual time. So a case is never reduced to one that fails for another
/// reason, and a meaning should not contain what was drawn. A failure that is measured in real time (a poll that
/// blocks, a busy loop) is reported with the case as it was drawn, and so is one that ends the process.
///
/// At most 600 smaller cases are tried, and fewer if they make many choices. What is tried follows from the seed alone, so a
/// report is the same each time.
///
/// # Which cases
///
/// The case of the seed 0 is the simplest one: each choice is zero. The others are random, but not uniform: see
/// [`Case::size`] and [`Case::number`].
///
/// A case without names is an order of polls, and nothing else. Its report says so:
///
/// ```text
#[doc = include_str!("../tests/reports/pool-checks_before_it_waits.txt")]
/// ```
///
/// # What is not decided by the case
///
/// In which order tasks are polled that an answer spawns: tokio polls them in the order of their wake-ups. Give what
/// they call some [`turns`](Case::turns). And `tokio::select!` and `join!` without `biased;` choose by themselves with
/// which branch they begin, which no seed repeats.
///
/// # Panics
///
/// It is a whole test, like `grade`, and must not be called inside it. It fails the test for everything that fails a
/// `grade`. It panics if `GRADING_SEED` is not a number.
///
/// # Source
///
/// Reducing the choices instead of the values is the idea of Hypothesis (MacIver and Donaldson, "Test-Case Reduction via
/// Test-Case Generation: Insights from the Hypothesis Reducer", ECOOP 2020), of which MacIver's minithesis is a small model.
#[track_caller]
pub fn grade_cases<F: AsyncFn(Case)>(test: F) {
    grade_seeds(SEEDS, Location::caller().file(), &test);
}

/// As [`grade_cases`], with 40 cases instead of 200, for a test whose cases start threads of the system.
///
/// Starting a thread takes as long as a hundred polls.
///
/// # Panics
///
/// Those of `grade_cases`.
#[track_caller]
pub fn grade_cases_with_threads<F: AsyncFn(Case)>(test: F) {
    grade_seeds(SEEDS_WITH_THREADS, Location::caller().file(), &test);
}

fn grade_seeds<F: AsyncFn(Case)>(seeds: u64, grader: &'static str, test: &F) {
    let body = move |case: Case| -> Body<'_> { Box::pin(async move { test(case).await }) };
    let cases = Cases {
        name: std::any::type_name::<F>(),
        grader,
        seeds,
        body: &body,
    };
    pass(cases.all());
}

/// Runs `body` once, with the case of this seed, which is not reduced if it fails.
pub(crate) fn play_seed<'a>(
    name: &str,
    grader: &'static str,
    seed: u64,
    body: &dyn Fn(Case) -> Body<'a>,
) -> (Result<(), Box<Report>>, Drawn) {
    let drawn = Drawn::new(seed);
    let case = Case::new(Choices::of_seed(seed), drawn.clone());
    let run = Run::of_case(name, grader, drawn.clone());
    (run.play(body(case)), drawn)
}

/// The test is boxed, so that this code is compiled once instead of for every test.
struct Cases<'a> {
    name: &'static str,
    grader: &'static str,
    seeds: u64,
    body: &'a dyn Fn(Case) -> Body<'a>,
}

/// A case that failed.
struct Failed {
    report: Box<Report>,
    made: Sequence,
    drawn: Drawn,
}

impl Cases<'_> {
    fn all(&self) -> Result<(), Box<Report>> {
        for seed in seeds(self.seeds) {
            if let Err(failed) = self.run(seed, Choices::of_seed(seed)) {
                return Err(self.smallest(seed, failed));
            }
        }
        Ok(())
    }

    fn run(&self, seed: u64, choices: Choices) -> Result<(), Failed> {
        let drawn = Drawn::new(seed);
        let case = Case::new(choices, drawn.clone());
        let run = Run::of_case(self.name, self.grader, drawn.clone());
        let verdict = run.play((self.body)(case.clone()));
        verdict.map_err(|report| Failed {
            report,
            made: case.made(),
            drawn,
        })
    }

    /// The report of the smallest case that fails like `first`.
    fn smallest(&self, seed: u64, first: Failed) -> Box<Report> {
        let repeat = |choices: &Sequence| self.run(seed, Choices::repeating(choices.clone()));
        let Some(cause) = first.report.cause.clone() else {
            return first.report_with(false);
        };
        let smallest = shrink::smallest(first.made.clone(), &mut |choices| match repeat(choices) {
            Ok(()) => Tried::Other,
            Err(failed) => match &failed.report.cause {
                Some(other) if *other == cause => Tried::Same(failed.made),
                Some(_) => Tried::Other,
                None => Tried::GiveUp,
            },
        });
        match repeat(&smallest) {
            Err(failed) if failed.report.cause.as_ref() == Some(&cause) => failed.report_with(true),
            // Something that no seed repeats, such as a `select!` without `biased;`, has decided otherwise.
            _ => first.report_with(false),
        }
    }
}

impl Failed {
    fn report_with(mut self, is_smallest: bool) -> Box<Report> {
        self.report.add_case(self.drawn.sentence(is_smallest));
        self.report
    }
}

/// The seeds of a test with so many of them, or the one that the environment names.
pub(crate) fn seeds(count: u64) -> std::ops::Range<u64> {
    let Ok(seed) = std::env::var(SEED_VARIABLE) else {
        return 0..count;
    };
    match seed.parse::<u64>() {
        Ok(seed) if seed < u64::MAX => seed..seed + 1,
        _ => panic!("{SEED_VARIABLE} should be a number that a report has named; it is {seed:?}."),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::HashSet;
    use std::time::Duration;

    use super::*;
    use crate::check::check;
    use crate::clock::ms;
    use crate::failure::Failure;
    use crate::web::{Responses, Site, WebError};

    /// What the report of a test that fails says.
    fn report_of<F: AsyncFn(Case)>(test: F) -> Vec<String> {
        let test = &test;
        let body = move |case: Case| -> Body<'_> { Box::pin(async move { test(case).await }) };
        let cases = Cases {
            name: "gather::exercise::test",
            grader: "exercises/tests/gather.rs",
            seeds: SEEDS,
            body: &body,
        };
        cases.all().expect_err("the test should fail").seen
    }

    /// The values of the smallest case that does not hold.
    fn smallest<F: AsyncFn(&Case) -> bool>(holds: F) -> String {
        let report = report_of(async |case| {
            let holds = holds(&case).await;
            check(holds, || Failure::new("It does not hold."));
        });
        let [seen, case] = &*report else {
            panic!("a report of two sentences: {report:?}");
        };
        assert_eq!(seen, "It does not hold.");
        let values = case
            .strip_prefix("The smallest case found that fails in this way: ")
            .and_then(|values| values.split(". To repeat it").next());
        values.expect("the values").to_owned()
    }

    #[test]
    fn a_size_is_reduced_to_the_first_that_fails() {
        assert_eq!(
            smallest(async |case| case.size("n", 0..=300) <= 100),
            "n = 101"
        );
        assert_eq!(smallest(async |case| case.size("n", 2..=300) < 2), "n = 2");
    }

    #[test]
    fn sizes_that_depend_on_each_other_are_reduced_together() {
        let values = smallest(async |case| {
            let limit = case.size("limit", 1..=70);
            case.size_near("n", limit, 0..=300) <= limit
        });
        assert_eq!(values, "limit = 1, n = 2");
    }

    #[test]
    fn a_list_keeps_only_the_items_that_matter() {
        let values = smallest(async |case| {
            let n = case.size("n", 0..=100);
            let numbers = case.numbers("numbers", n, u64::MAX);
            numbers.iter().all(|number| *number < 256)
        });
        assert_eq!(values, "n = 1, numbers = [256]");
        let values = smallest(async |case| {
            let n = case.size("n", 0..=100);
            let numbers = case.numbers("numbers", n, u64::MAX);
            numbers.iter().collect::<HashSet<_>>().len() == n
        });
        assert_eq!(values, "n = 2, numbers = [0, 0]");
    }

    #[test]
    fn an_order_keeps_only_what_is_out_of_order() {
        let values = smallest(async |case| {
            let n = case.size("n", 0..=40);
            case.permutation("order", n).is_sorted()
        });
        assert_eq!(values, "n = 2, order = [1, 0]");
    }

    #[test]
    fn a_text_and_a_pick_are_reduced_to_the_first_that_fails() {
        let values = smallest(async |case| {
            let n = case.size("n", 0..=40);
            let texts = case.texts("texts", n);
            let mut as_texts = texts.clone();
            as_texts.sort();
            let mut as_numbers = texts;
            as_numbers.sort_by_key(|text| text.parse::<i32>().unwrap_or(0));
            as_texts == as_numbers || *case.pick("kind", &["a", "b", "c"]) == "a"
        });
        assert_eq!(values, r#"n = 2, texts = ["b", "a"], kind = "b""#);
    }

    #[test]
    fn durations_that_are_rounded_are_found() {
        let values = smallest(async |case| {
            let n = case.size("n", 0..=40);
            let times = case.durations("times", n, ms(20));
            times
                .iter()
                .all(|time| time.subsec_nanos() % 1_000_000 == 0)
        });
        assert_eq!(values, "n = 1, times = [1 ns]");
        let values = smallest(async |case| case.duration("time", ms(20)) < ms(10));
        assert_eq!(values, "time = 10 ms");
        let values = smallest(async |case| {
            let n = case.size("n", 0..=40);
            let times = case.whole_ms_each("times", n, 50);
            times.iter().sum::<Duration>() == times.iter().copied().max().unwrap_or_default()
        });
        assert_eq!(values, "n = 2, times = [1 ms, 1 ms]");
    }

    #[test]
    fn a_drawn_site_is_reduced_to_the_responses_that_matter() {
        let values = smallest(async |case| {
            let n = case.size("n", 0..=40);
            let (_, requests) = Site::drawn(case, n, Responses::Any);
            let not_found = |error: &WebError| matches!(error, WebError::NotFound { .. });
            !requests
                .iter()
                .any(|request| request.outcome.as_ref().is_err_and(not_found))
        });
        assert_eq!(values, "n = 1, responses = [/8 (404, 10 ms)]");
        let values = smallest(async |case| {
            let n = case.size("n", 0..=40);
            let (_, requests) = Site::drawn(case, n, Responses::Pages);
            requests.is_sorted_by_key(|request| &request.path)
        });
        assert_eq!(
            values,
            "n = 3, responses = [/8 (10 ms), /9 (10 ms), /10 (10 ms)]"
        );
    }

    #[test]
    fn polls_are_reduced_too() {
        let turns = Cell::new(0);
        let dropped = Cell::new(0);
        report_of(async |case| {
            turns.set(0);
            dropped.set(0);
            for _ in 0..20 {
                turns.set(turns.get() + case.below(4));
                let call = tokio::time::sleep(ms(1));
                dropped.set(dropped.get() + usize::from(case.drop_somewhere(call).await.is_none()));
            }
            check(turns.get() < 5 || dropped.get() == 0, || {
                Failure::new("It does not hold.")
            });
        });
        assert_eq!(
            (turns.get(), dropped.get()),
            (5, 1),
            "the smallest case runs last"
        );
    }

    #[test]
    fn a_number_of_the_polling_order_is_reduced_to_the_first_that_fails() {
        let last = Cell::new(0);
        report_of(async |case| {
            last.set(case.below(1000));
            check(last.get() < 11, || Failure::new("It does not hold."));
        });
        assert_eq!(last.get(), 11);
    }

    #[test]
    fn a_case_is_not_reduced_to_another_failure() {
        let other_check = report_of(async |case| {
            let n = case.size("n", 0..=300);
            check(n != 99, || Failure::new("Another check."));
            check(n < 100, || Failure::new(format!("{n} are too many.")));
        });
        assert_eq!(other_check[0], "100 are too many.");
        let other_meaning = report_of(async |case| {
            let n = case.size("n", 0..=300);
            let meaning = if n == 99 {
                "another mistake."
            } else {
                "a mistake."
            };
            check(n < 99, || {
                Failure::new(format!("{n} are too many.")).usually(meaning)
            });
        });
        assert_eq!(other_meaning[0], "100 are too many.");
        let another_panic = report_of(async |case| {
            let n = case.size("n", 0..=300);
            assert_ne!(n, 99);
            assert!(n < 100, "{n} are too many");
        });
        assert!(
            another_panic[0].contains("100 are too many"),
            "{another_panic:?}"
        );
        let hang = report_of(async |case| {
            let n = case.size("n", 0..=300);
            check(n != 99, || Failure::new("Another failure."));
            if n > 99 {
                std::future::pending::<()>().await;
            }
        });
        assert!(hang[0].starts_with("Hangs: "), "{hang:?}");
        assert!(hang[1].contains("way: n = 100."), "{hang:?}");
    }

    #[test]
    fn a_failure_that_no_seed_repeats_is_reported_as_it_was() {
        let runs = Cell::new(0);
        let report = report_of(async |case| {
            case.size("n", 0..=300);
            runs.set(runs.get() + 1);
            check(runs.get() != 3, || Failure::new("Once."));
        });
        assert_eq!(report[0], "Once.");
        assert!(
            report[1].starts_with("The case that failed: n = "),
            "{report:?}"
        );
    }

    #[test]
    fn as_many_cases_are_tried_as_promised() {
        let runs = Cell::new(0);
        grade_cases(async |_| runs.set(runs.get() + 1));
        assert_eq!(runs.get(), 200);
    }

    #[test]
    fn a_case_that_cannot_be_reduced_ends_the_search() {
        let runs = Cell::new(0);
        report_of(async |case| {
            runs.set(runs.get() + 1);
            let n = case.size("n", 50..=300);
            let numbers = case.numbers("numbers", n, u64::MAX);
            check(numbers.iter().collect::<HashSet<_>>().len() < 30, || {
                Failure::new("No.")
            });
        });
        assert!(runs.get() <= 200 + 600 + 1, "{}", runs.get());
    }

    #[test]
    fn a_report_is_the_same_two_hundred_times() {
        let report = || {
            report_of(async |case| {
                let n = case.size("n", 0..=20);
                let turns = case.below(9);
                check(n < 7 || turns < 3, || {
                    Failure::new(format!("{turns} turns."))
                });
            })
        };
        let first = report();
        let case = "The smallest case found that fails in this way: n = 7";
        assert_eq!(first[0], "3 turns.");
        assert!(first[1].starts_with(case), "{first:?}");
        for _ in 0..200 {
            assert_eq!(report(), first);
        }
    }
}
