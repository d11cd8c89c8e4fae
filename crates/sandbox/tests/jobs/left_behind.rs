//! Programs that leave processes behind.

use std::time::{Duration, Instant};

use sandbox::{Ended, InProcess};

use crate::support::{each, guards, script};

#[track_caller]
fn leaves(text: &str, others: usize) {
    let script = script(text);
    each(|runner| {
        let ran = script.ends(runner, Ended::Exit(3));
        assert_eq!(ran.finished.left_behind, others, "{text:?}");
    });
}

#[test]
fn nothing() {
    leaves("true & wait; exit 3", 0);
}

#[test]
fn a_child() {
    leaves("sleep $NAP & exit 3", 1);
}

#[test]
fn a_grandchild() {
    leaves("(sleep $NAP & sleep $NAP &); exit 3", 2);
}

#[test]
fn a_child_in_a_session_of_its_own() {
    leaves("setsid sleep $NAP & exit 3", 1);
}

#[test]
fn a_child_that_has_stopped() {
    // In a session of its own: the system wakes up who is left stopped in the group.
    let text = "
        setsid sh -c 'kill -STOP $$; sleep $NAP' &
        until grep -q 'T (stopped)' /proc/$!/status; do sleep 0.01; done
        exit 3";
    leaves(text, 1);
}

#[test]
fn a_child_without_an_environment() {
    leaves("env -i /bin/sleep $NAP & exit 3", 1);
}

#[test]
fn a_grandchild_that_holds_standard_output() {
    let script = script("sleep $NAP & echo done; exit 3");
    each(|runner| {
        let ran = script.ends(runner, Ended::Exit(3));
        assert_eq!(ran.stdout, "done\n");
    });
}

#[test]
fn a_grandchild_with_no_sign_of_where_it_comes_from() {
    let script = script("(env -i setsid /bin/sleep $NAP &); exit 3");
    let ran = script.ends(&guards(), Ended::Exit(3));
    assert_eq!(ran.finished.left_behind, 1);
}

#[test]
fn a_process_that_always_runs_on() {
    // 3000 generations and not more, in case nobody catches it.
    let script = script("f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & }; }; f 3000; exit 3");
    script.ends(&guards(), Ended::Exit(3));
}

#[test]
fn many_that_multiply() {
    let text =
        "f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & f $(($1 - 1)) & }; sleep $NAP; }; f 7 & exit 3";
    let script = script(text).limits(|limits| {
        limits.processes = 1000;
        limits.memory = 8 << 30;
    });
    let ran = script.ends(&guards(), Ended::Exit(3));
    assert!(ran.finished.left_behind > 0);
}

#[test]
fn who_cannot_be_found_does_not_hold_up_the_run() {
    // Found by nobody but a guard; it lives a minute, and waiting for it would take as long.
    let script = script("(env -i setsid sleep 60 &); echo done; exit 3");
    let started = Instant::now();
    let ran = script.ends(&InProcess, Ended::Exit(3));
    assert_eq!(ran.stdout, "done\n");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn the_next_job_is_not_told() {
    let guards = guards();
    let left = script("sleep $NAP & exit 3").ends(&guards, Ended::Exit(3));
    let next = script("exit 0").ends(&guards, Ended::Exit(0));
    assert_eq!(
        (left.finished.left_behind, next.finished.left_behind),
        (1, 0)
    );
}
