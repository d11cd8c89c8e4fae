//! The tests of a queue with a limit.

use exercises::testing::test_queue;

use super::queues::{Fake, Kind};
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
            "lets any of the calls that wait go on first.",
            "",
        ),
        program(
            Kind::LastFirst,
            "lets the call go on first that has begun to wait last.",
            "",
        ),
    ],
    wrong: &[
        program(
            Kind::Stack,
            "it returns the item first that was pushed last.",
            "no test pops two items, and compares both.",
        ),
        program(
            Kind::NoLimit,
            "it has no limit.",
            "no test pushes more items than the capacity.",
        ),
        program(
            Kind::OneMore,
            "it holds one item more than its capacity.",
            "no test looks whether the first `push` above the capacity waits.",
        ),
        program(
            Kind::OneLess,
            "it holds one item less than its capacity, if that is at least 2.",
            "no test fills a queue with a capacity above 1.",
        ),
        program(
            Kind::PopStaysAsleep,
            "a `pop` that waits goes on waiting when an item arrives.",
            "no test pushes an item while a `pop` waits.",
        ),
        program(
            Kind::PushStaysAsleep,
            "a `push` that waits goes on waiting when there is room.",
            "no test pops an item while a `push` waits, and then looks whether the `push` returns.",
        ),
        program(
            Kind::CloseForgets,
            "its items are lost when it is closed.",
            "no test pops an item after `close`.",
        ),
        program(
            Kind::CloseLosesTheLast,
            "it loses its last item when it is closed.",
            "no test closes a queue with several items, and pops all of them.",
        ),
        program(
            Kind::EndsOnce,
            "its `pop` returns `None` once after `close`, and waits forever after that.",
            "no test calls `pop` again after `None`.",
        ),
        program(
            Kind::PushAfterClose,
            "it takes items after it was closed.",
            "no test pushes an item after `close`.",
        ),
        program(
            Kind::CloseLeavesPop,
            "a `pop` that waits goes on waiting when it is closed.",
            "no test calls `close` while a `pop` waits.",
        ),
        program(
            Kind::CloseLeavesPush,
            "a `push` that waits goes on waiting when it is closed.",
            "no test calls `close` while a `push` waits.",
        ),
        program(
            Kind::ClosedPushAdds,
            "a `push` that waits when it is closed returns the error, but adds its item.",
            "no test pops all items after a `push` has failed that was waiting.",
        ),
        program(
            Kind::DroppedPushAdds,
            "the item of a `push` that was dropped while it waited is added as soon as there is room.",
            "no test drops a `push` that waits, and then pops all items.",
        ),
        program(
            Kind::DroppedPopTakes,
            "after a `pop` was dropped while it waited, the next item is lost.",
            "no test drops a `pop` that waits, and then pushes an item and pops it.",
        ),
        program(
            Kind::WokenPopTakes,
            "an item is lost if a `pop` that waited for it is dropped after the item has arrived.",
            "no test drops a `pop` between the `push` that it waited for and its next poll.",
        ),
        program(
            Kind::WaitsLonger,
            "a `push` that waits returns 1 ms after there is room.",
            "no test compares the instant at which a `push` that waits returns.",
        ),
        program(
            Kind::CloseWakesOne,
            "if several calls wait when it is closed, only one of them returns.",
            "no test calls `close` while several calls wait.",
        ),
    ],
    read: "testing-fakes.html#a-time-limit-for-each-wait",
};

#[test]
fn passes_programs_that_keep_the_contract() {
    PROGRAMS.right_ones_pass(async |kind, case| {
        test_queue(|capacity| Fake::new(kind, capacity, &case)).await;
    });
}

#[test]
fn fails_programs_that_break_it() {
    PROGRAMS.wrong_ones_fail(async |kind, case| {
        test_queue(|capacity| Fake::new(kind, capacity, &case)).await;
    });
}
