//! Programs that leave processes behind.

use std::fs;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use sandbox::{Cancel, Ended, InProcess, run_to_text};

use crate::support::{BOUND, each, guards, script};

#[track_caller]
fn leaves(text: &str, others: usize) {
    let script = script(text);
    each(|runner| {
        let ran = script.ends(runner, Ended::Exit(3));
        assert_eq!(ran.finished.left_behind, others, "{text:?}");
    });
}

#[test_cache::test]
fn nothing() {
    leaves("true & wait; exit 3", 0);
}

#[test_cache::test]
fn a_child() {
    leaves("sleep $NAP & exit 3", 1);
}

#[test_cache::test]
fn a_grandchild() {
    leaves("(sleep $NAP & sleep $NAP &); exit 3", 2);
}

#[test_cache::test]
fn a_child_in_a_session_of_its_own() {
    leaves("setsid sleep $NAP & exit 3", 1);
}

#[test_cache::test]
fn a_child_that_has_stopped() {
    // In a session of its own: the system wakes up who is left stopped in the group.
    let text = "
        setsid sh -c 'kill -STOP $$; sleep $NAP' &
        until grep -q 'T (stopped)' /proc/$!/status; do sleep 0.01; done
        exit 3";
    leaves(text, 1);
}

#[test_cache::test]
fn a_child_that_is_always_becoming_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again");
    // 20000 times and not more, in case nobody catches it.
    fs::write(&again, "[ $1 -gt 0 ] && exec sh \"$AGAIN\" $(($1 - 1))").unwrap();
    let script = script("setsid sh \"$AGAIN\" 20000 & sleep 0.05; exit 3");
    let job = script.job().env("AGAIN", &again);
    each(|runner| {
        for _ in 0..10 {
            let finished = script.run_job(runner, &job).finished;
            assert_eq!(finished.ended, Ended::Exit(3));
            assert_eq!(finished.left_behind, 1);
        }
    });
}

#[test_cache::test]
fn a_child_without_an_environment() {
    leaves("env -i /bin/sleep $NAP & exit 3", 1);
}

#[test_cache::test]
fn a_grandchild_that_holds_standard_output() {
    let script = script("sleep $NAP & echo done; exit 3");
    each(|runner| {
        let ran = script.ends(runner, Ended::Exit(3));
        assert_eq!(ran.stdout, "done\n");
    });
}

/// Leaves a grandchild in a session of its own and without an environment, and ends once that naps.
const NO_SIGN: &str = "
    (env -i setsid /bin/sh -c 'echo > \"$1\"; exec /bin/sleep $2' sh \"$SEEN\" $NAP &)
    until [ -s \"$SEEN\" ]; do sleep 0.01; done
    echo done; exit 3";

#[test_cache::test]
fn a_grandchild_with_no_sign_of_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(NO_SIGN);
    let job = script.job().env("SEEN", folder.path().join("seen"));
    let finished = script.run_job(&guards(), &job).finished;
    assert_eq!(finished.ended, Ended::Exit(3));
    assert_eq!(finished.left_behind, 1);
}

#[test_cache::test]
fn who_cannot_be_found_does_not_hold_up_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(NO_SIGN);
    let job = script.job().env("SEEN", folder.path().join("seen"));
    let started = Instant::now();
    let ran = run_to_text(&InProcess, &job, &Cancel::default()).unwrap();
    let took = started.elapsed();
    assert_eq!(ran.finished.ended, Ended::Exit(3));
    assert_eq!(ran.stdout, "done\n");
    assert!(took < BOUND, "{took:?}");
    // It still holds standard output.
    let escaped = script.alive();
    for &pid in &escaped {
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    }
    assert_eq!(escaped.len(), 1);
}

#[test_cache::test]
fn a_process_that_always_runs_on() {
    // 3000 generations and not more, in case nobody catches it.
    let script = script("f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & }; }; f 3000; exit 3");
    script.ends(&guards(), Ended::Exit(3));
}

#[test_cache::test]
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

#[test_cache::test]
fn who_has_ended_does_not_stay_in_the_list_of_processes() {
    let text = "
        for n in 1 2 3 4 5; do (true &); done
        until [ \"$(cat /proc/$PPID/task/*/children | tr -d ' ')\" = $$ ]; do sleep 0.01; done
        exit 3";
    script(text).ends(&guards(), Ended::Exit(3));
}

#[test_cache::test]
fn the_next_job_is_not_told() {
    let guards = guards();
    let left = script("sleep $NAP & exit 3").ends(&guards, Ended::Exit(3));
    let next = script("exit 0").ends(&guards, Ended::Exit(0));
    assert_eq!(
        (left.finished.left_behind, next.finished.left_behind),
        (1, 0)
    );
}
