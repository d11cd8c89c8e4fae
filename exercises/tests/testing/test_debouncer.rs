//! The tests of a debouncer.

use exercises::testing::test_debouncer;

use super::debouncers::{Fake, Kind};
use super::*;

const fn program(kind: Kind, does: &'static str, usually: &'static str) -> Program<Kind> {
    Program {
        kind,
        does,
        usually,
    }
}

const PROGRAMS: Programs<Kind> = Programs {
    right: &[
        program(
            Kind::Right,
            "settles a value at the instant at which the next one arrives.",
            "",
        ),
        program(
            Kind::Replaces,
            "replaces a value that would be settled at the instant at which the next one arrives.",
            "",
        ),
    ],
    wrong: &[
        program(
            Kind::PassesAll,
            "it passes on each value of a burst.",
            "no test pushes two values shortly after each other, and then looks at all that `next` returns.",
        ),
        program(
            Kind::FirstOfBurst,
            "it passes on the first value of a burst, and not the last one.",
            "no test compares the value that follows a burst.",
        ),
        program(
            Kind::Early,
            "it passes on a value 1 ms before it is settled.",
            "no test compares the instant at which `next` returns.",
        ),
        program(
            Kind::Late,
            "it passes on a value 1 ms after it is settled.",
            "no test compares the instant at which `next` returns with `==`.",
        ),
        program(
            Kind::CountsFromTheFirst,
            "it counts the time from the first value of a burst, and not from the last one.",
            "no test has a burst whose last value is settled later than its first value would be.",
        ),
        program(
            Kind::Twice,
            "it returns each value twice.",
            "no test asks for another value after the last one.",
        ),
        program(
            Kind::EndsEarly,
            "its `next` returns `None` while it has no value, although it is not closed.",
            "no test looks whether `next` waits while there is no value.",
        ),
        program(
            Kind::CountsFromNext,
            "it counts the time from the call of `next`.",
            "no test lets time pass between `push` and `next`.",
        ),
        program(
            Kind::LosesOnDrop,
            "it loses a value if the future of `next` is dropped.",
            "no test drops a `next` that waits, for example in a `timeout`, and then calls `next` again.",
        ),
        program(
            Kind::RestartsOnDrop,
            "it counts the time again after the future of `next` was dropped.",
            "no test drops a `next` that waits, and compares the instant at which the following one returns.",
        ),
        program(
            Kind::ForgetsSettled,
            "it forgets a settled value when another value arrives.",
            "no test pushes a value after an earlier one was settled and not yet returned.",
        ),
        program(
            Kind::LastSettledFirst,
            "it returns the settled value first that has arrived last.",
            "no test has two settled values at the same time.",
        ),
        program(
            Kind::CloseForgets,
            "it forgets the value that is not settled when it is closed.",
            "no test calls `close` shortly after `push`.",
        ),
        program(
            Kind::CloseWaits,
            "it returns the last value only when its time is over, although it was closed.",
            "no test compares the instant at which `next` returns after `close`.",
        ),
        program(
            Kind::TakesMoreAfterClose,
            "it takes values that arrive after `close`.",
            "no test pushes a value after `close`.",
        ),
        program(
            Kind::NeverEnds,
            "its `next` waits forever after `close`.",
            "no test calls `next` after `close` until it returns `None`.",
        ),
        program(
            Kind::EndsOnce,
            "its `next` returns `None` once after `close`, and waits forever after that.",
            "no test calls `next` again after `None`.",
        ),
    ],
    read: "testing.html#a-paused-clock",
};

#[test]
fn passes_programs_that_keep_the_contract() {
    PROGRAMS.right_ones_pass(async |kind, case| {
        test_debouncer(|quiet| Fake::new(kind, quiet, &case)).await;
    });
}

#[test]
fn fails_programs_that_break_it() {
    PROGRAMS.wrong_ones_fail(async |kind, case| {
        test_debouncer(|quiet| Fake::new(kind, quiet, &case)).await;
    });
}
