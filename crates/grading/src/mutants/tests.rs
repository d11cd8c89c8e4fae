use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;

use super::*;
use crate::clock::ms;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Right,
    WaitsOnce,
    Forgets,
    ForgetsSometimes,
    NeverReturns,
}

/// A cell that keeps a number.
struct Cell {
    kind: Kind,
    case: Case,
    value: u32,
}

impl Cell {
    async fn set(&mut self, value: u32) {
        match self.kind {
            Kind::Right => self.case.turns().await,
            Kind::WaitsOnce => tokio::time::sleep(ms(1)).await,
            Kind::NeverReturns => std::future::pending().await,
            Kind::Forgets => return,
            Kind::ForgetsSometimes if self.case.below(2) == 1 => return,
            Kind::ForgetsSometimes => {}
        }
        self.value = value;
    }
}

const fn program(kind: Kind, does: &'static str) -> Program<Kind> {
    Program {
        kind,
        does,
        usually: "no test reads the value.",
    }
}

const RIGHT: &[Program<Kind>] = &[
    program(Kind::Right, "takes no time."),
    program(Kind::WaitsOnce, "takes 1 ms."),
];

const FORGETS: Program<Kind> = program(Kind::Forgets, "it forgets the value.");

fn graded<F: AsyncFn(Cell)>(wrong: &'static [Program<Kind>], tests: F) -> [Option<String>; 2] {
    let programs = Programs {
        right: RIGHT,
        wrong,
        read: "testing.html",
    };
    let tests = |kind, case| -> Body<'_> {
        let value = 0;
        Box::pin(tests(Cell { kind, case, value }))
    };
    let name = "testing::test_cell::passes::{{closure}}";
    let grader = "exercises/tests/testing.rs";
    [
        programs.grade_right(name, grader, &tests),
        programs.grade_wrong(name, grader, &tests),
    ]
    .map(|graded| graded.err().map(|report| report.to_string()))
}

#[track_caller]
fn assert_says(report: &Option<String>, parts: &[&str]) {
    let report = report.as_deref().expect("a report");
    let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(words.contains(part), "{part:?} should be in {report}");
    }
}

async fn good_tests(mut cell: Cell) {
    let set = tokio::time::timeout(ms(1_000), cell.set(7)).await;
    assert!(set.is_ok(), "it does not return");
    assert_eq!(cell.value, 7);
}

#[test]
fn good_tests_pass() {
    let wrong = const { &[FORGETS, program(Kind::NeverReturns, "it never returns.")] };
    assert_eq!(graded(wrong, good_tests), [None, None]);
}

#[test]
fn the_first_wrong_program_that_passes_is_named() {
    let wrong = const {
        &[
            program(Kind::NeverReturns, "it never returns."),
            FORGETS,
            program(Kind::Forgets, "it forgets again."),
        ]
    };
    let [right, wrong] = graded(wrong, async |mut cell| {
        let set = tokio::time::timeout(ms(1_000), cell.set(7)).await;
        assert!(set.is_ok());
    });
    assert_eq!(right, None);
    let parts = [
        "Your tests pass this wrong program: it forgets the value.",
        "They find 1 of 3 wrong programs; this is the first of the others.",
        "This usually means that no test reads the value.",
        "Read on: book/testing.html",
    ];
    assert_says(&wrong, &parts);
    assert!(!wrong.unwrap_or_default().contains("again"));
}

#[test]
fn tests_that_return_at_once_find_nothing() {
    let [right, wrong] = graded(&[FORGETS], async |_| {});
    assert_eq!(right, None);
    assert_says(&wrong, &["They find 0 of 1 wrong programs"]);
}

#[test]
fn tests_that_always_panic_fail_a_right_program_in_both() {
    let reports = graded(&[FORGETS], async |_| panic!("it is wrong"));
    for report in reports {
        let parts = [
            "Your tests fail a program that keeps the contract: ",
            "mutants/tests.rs:",
            ": it is wrong. It takes no time.",
            "more than the contract promises",
        ];
        assert_says(&report, &parts);
        assert!(!report.unwrap_or_default().contains("GRADING_SEED"));
    }
}

#[test]
fn a_right_program_that_is_not_the_first_must_pass_too() {
    let [right, _] = graded(&[FORGETS], async |mut cell| {
        cell.set(7).now_or_never();
        tokio::task::yield_now().await;
        assert!(cell.kind != Kind::WaitsOnce, "too late");
    });
    assert_says(&right, &["too late. It takes 1 ms."]);
}

#[test]
fn tests_that_depend_on_the_order_name_their_seeds() {
    let [right, _] = graded(&[FORGETS], async |mut cell| {
        assert!(cell.set(7).now_or_never().is_some(), "it is pending");
    });
    let parts = [
        "it is pending",
        "They fail with ",
        " of 200 seeds.",
        "GRADING_SEED=",
        "how often a future is pending",
    ];
    assert_says(&right, &parts);
}

#[test]
fn tests_that_find_a_wrong_program_only_sometimes_name_a_seed() {
    let wrong = const {
        &[program(
            Kind::ForgetsSometimes,
            "it forgets some of the values.",
        )]
    };
    let [_, report] = graded(wrong, good_tests);
    let parts = [
        "pass this wrong program with ",
        " of 20 seeds: it forgets",
        "GRADING_SEED=",
    ];
    assert_says(&report, &parts);
}

#[test]
fn tests_that_never_end_with_a_wrong_program_need_a_limit() {
    let wrong = const { &[program(Kind::NeverReturns, "it never returns.")] };
    let [right, wrong] = graded(wrong, async |mut cell| cell.set(7).await);
    assert_eq!(right, None);
    let parts = [
        "Your tests never end with this wrong program: it never returns.",
        "They find 0 of 1 wrong programs",
        "`tokio::time::timeout` around each wait",
    ];
    assert_says(&wrong, &parts);
}

#[test]
fn each_wait_may_have_a_limit_of_days() {
    let days = std::time::Duration::from_secs(3 * 24 * 60 * 60);
    let wrong = const { &[program(Kind::NeverReturns, "it never returns.")] };
    let reports = graded(wrong, async |mut cell| {
        for _ in 0..200 {
            let nothing = tokio::time::timeout(days, std::future::pending::<()>()).await;
            assert!(nothing.is_err());
        }
        let set = tokio::time::timeout(days, cell.set(7)).await;
        assert!(set.is_ok(), "it never returns");
    });
    assert_eq!(reports, [None, None]);
}

#[test]
fn the_clock_may_advance_often() {
    let reports = graded(&[FORGETS], async |mut cell| {
        for value in 0..20_000 {
            tokio::time::sleep(ms(1)).await;
            cell.set(value).await;
            assert_eq!(cell.value, value);
        }
    });
    assert_eq!(reports, [None, None]);
}

#[test]
fn tests_that_never_end_with_a_right_program_hang() {
    for report in graded(&[FORGETS], async |_| std::future::pending().await) {
        assert_says(
            &report,
            &["Hangs: ", "with a program that keeps the contract"],
        );
    }
}

#[test]
fn a_stub_is_not_started() {
    for report in graded(&[FORGETS], async |_| todo!()) {
        assert_says(&report, &["Not started: `test_cell` reaches "]);
    }
}

#[test]
fn a_panic_that_stays_in_a_task_is_shown() {
    let [right, wrong] = graded(&[FORGETS], async |mut cell| {
        let _ = tokio::time::timeout(ms(1_000), cell.set(7)).await;
        let value = cell.value;
        let _ = tokio::spawn(async move { assert_eq!(value, 7) }).await;
    });
    assert_eq!(right, None);
    let parts = [
        "pass this wrong program: it forgets the value. A task of theirs has panicked at ",
        "left: 0",
        "an assertion is in a task whose result is ignored",
    ];
    assert_says(&wrong, &parts);
}

#[test]
fn a_panic_that_is_caught_finds_nothing() {
    let [_, wrong] = graded(&[FORGETS], async |cell| {
        let _ = AssertUnwindSafe(good_tests(cell)).catch_unwind().await;
    });
    assert_says(&wrong, &["Your tests pass this wrong program"]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests that sleep are found")]
fn tests_that_sleep_in_real_time_are_found() {
    for report in graded(&[FORGETS], async |cell| {
        std::thread::sleep(ms(8));
        good_tests(cell).await;
    }) {
        let parts = [
            "Your tests should take no real time; they sleep for about 10 ms of it in each run.",
            "`std::thread::sleep`",
        ];
        assert_says(&report, &parts);
    }
    let [right, _] = graded(&[FORGETS], async |cell| {
        tokio::time::resume();
        tokio::time::sleep(ms(8)).await;
        good_tests(cell).await;
    });
    assert_says(&right, &["they sleep for about 10 ms"]);
}

#[test]
fn tests_that_count_their_calls_are_found() {
    let calls = AtomicUsize::new(0);
    let [_, report] = graded(&[FORGETS], async |_| {
        let right = RIGHT.len() + MEASURED as usize;
        let in_all = right + 1;
        let call = calls.fetch_add(1, Ordering::Relaxed);
        assert!(call % in_all != in_all - 1, "a guess");
    });
    assert!(report.is_some());
}

#[test]
fn a_report_is_the_same_each_time() {
    let report = || {
        graded(&[FORGETS], async |mut cell| {
            assert!(cell.set(7).now_or_never().is_some(), "it is pending");
        })
    };
    let first = report();
    for _ in 0..20 {
        assert_eq!(report(), first);
    }
}
