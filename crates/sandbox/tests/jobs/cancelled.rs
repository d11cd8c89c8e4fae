//! Cancelled jobs.

use std::thread;

use sandbox::{Cancel, Ended, Guards, Runner};

use crate::support::{guard, script, wait_until, with_each_runner};

#[test_cache::test]
fn cancels_a_running_job() {
    let script = script("trap '' TERM; echo started; sleep $NAP & sleep $NAP");
    with_each_runner(|runner| {
        let cancel = Cancel::default();
        let finished = runner
            .run(&script.job(), &cancel, &mut |_| cancel.cancel())
            .unwrap();
        assert_eq!(finished.ended, Ended::Cancelled);
        assert_eq!(script.alive(), [0; 0]);
        assert!(cancel.is_cancelled());
    });
}

#[test_cache::test]
fn cancels_a_job_before_it_starts() {
    let script = script("sleep $NAP");
    let cancel = Cancel::default();
    cancel.cancel();
    with_each_runner(|runner| {
        let finished = runner.run(&script.job(), &cancel, &mut |_| {}).unwrap();
        assert_eq!(finished.ended, Ended::Cancelled);
    });
}

#[test_cache::test]
fn cancels_a_queued_job() {
    let guards = Guards::new(guard, 1);
    let (first, second) = (script("sleep $NAP"), script("sleep $NAP"));
    let (first_cancel, second_cancel) = (Cancel::default(), Cancel::default());
    thread::scope(|scope| {
        let one = scope.spawn(|| guards.run(&first.job(), &first_cancel, &mut |_| {}));
        wait_until("the first job runs", || !first.alive().is_empty());
        let two = scope.spawn(|| guards.run(&second.job(), &second_cancel, &mut |_| {}));
        second_cancel.cancel();
        assert_eq!(two.join().unwrap().unwrap().ended, Ended::Cancelled);
        assert!(!first.alive().is_empty());
        first_cancel.cancel();
        assert_eq!(one.join().unwrap().unwrap().ended, Ended::Cancelled);
    });
    assert_eq!(first.alive(), [0; 0]);
}

#[test_cache::test]
fn does_not_cancel_the_next_job() {
    let guards = Guards::new(guard, 1);
    let ended = script("echo started; exit 3");
    for _ in 0..20 {
        let cancel = Cancel::default();
        // Most of these cancellations arrive too late.
        guards
            .run(&ended.job(), &cancel, &mut |_| cancel.cancel())
            .unwrap();
        ended.expect_end(&guards, Ended::Exit(3));
    }
}
