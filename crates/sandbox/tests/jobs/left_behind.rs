//! Programs that exit while other processes of theirs still run.

use std::fs;
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process};
use sandbox::{Cancel, Ended, InProcess, run_to_text};

use crate::support::{DEADLINE, guards, script, with_each_runner};

#[track_caller]
fn leaves(text: &str, others: usize) {
    let script = script(text);
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::Exit(3));
        assert_eq!(ran.finished.left_behind, others, "{text:?}");
    });
}

#[test_cache::test]
fn kills_nothing_when_all_children_have_exited() {
    leaves("true & wait; exit 3", 0);
}

#[test_cache::test]
fn kills_a_child() {
    leaves("sleep $NAP & exit 3", 1);
}

#[test_cache::test]
fn kills_grandchildren() {
    leaves("(sleep $NAP & sleep $NAP &); exit 3", 2);
}

#[test_cache::test]
fn kills_a_child_in_its_own_session() {
    leaves("setsid sleep $NAP & exit 3", 1);
}

#[test_cache::test]
fn kills_a_stopped_child() {
    // In its own session: the system continues processes that are left stopped in an orphaned group.
    let text = "
        setsid sh -c 'kill -STOP $$; sleep $NAP' &
        until grep -q 'T (stopped)' /proc/$!/status; do sleep 0.01; done
        exit 3";
    leaves(text, 1);
}

#[test_cache::test]
fn kills_a_child_that_keeps_calling_exec() {
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again");
    // At most 20000 times, in case it is not killed.
    fs::write(&again, "[ $1 -gt 0 ] && exec sh \"$AGAIN\" $(($1 - 1))").unwrap();
    let script = script("setsid sh \"$AGAIN\" 20000 & sleep 0.05; exit 3");
    let job = script.job().env("AGAIN", &again);
    with_each_runner(|runner| {
        for _ in 0..10 {
            let finished = script.run_job(runner, &job).finished;
            assert_eq!(finished.ended, Ended::Exit(3));
            assert_eq!(finished.left_behind, 1);
        }
    });
}

#[test_cache::test]
fn kills_a_child_without_an_environment() {
    leaves("env -i /bin/sleep $NAP & exit 3", 1);
}

#[test_cache::test]
fn kills_a_grandchild_that_holds_stdout_open() {
    let script = script("sleep $NAP & echo done; exit 3");
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::Exit(3));
        assert_eq!(ran.stdout, "done\n");
    });
}

/// Leaves a sleeping grandchild in its own session and without an environment.
const UNTRACEABLE: &str = "
    (env -i setsid /bin/sh -c 'echo > \"$1\"; exec /bin/sleep $2' sh \"$SEEN\" $NAP &)
    until [ -s \"$SEEN\" ]; do sleep 0.01; done
    echo done; exit 3";

#[test_cache::test]
fn guards_kill_an_untraceable_grandchild() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(UNTRACEABLE);
    let job = script.job().env("SEEN", folder.path().join("seen"));
    let finished = script.run_job(&guards(), &job).finished;
    assert_eq!(finished.ended, Ended::Exit(3));
    assert_eq!(finished.left_behind, 1);
}

#[test_cache::test]
fn an_untraceable_process_does_not_block_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(UNTRACEABLE);
    let job = script.job().env("SEEN", folder.path().join("seen"));
    let started = Instant::now();
    let ran = run_to_text(&InProcess, &job, &Cancel::default()).unwrap();
    let took = started.elapsed();
    assert_eq!(ran.finished.ended, Ended::Exit(3));
    assert_eq!(ran.stdout, "done\n");
    assert!(took < DEADLINE, "{took:?}");
    // It still holds standard output.
    let escaped = script.alive();
    for &pid in &escaped {
        kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    }
    assert_eq!(escaped.len(), 1);
}

#[test_cache::test]
fn kills_a_chain_of_short_lived_processes() {
    // At most 3000 generations, in case they are not killed.
    let script = script("f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & }; }; f 3000; exit 3");
    script.expect_end(&guards(), Ended::Exit(3));
}

#[test_cache::test]
fn kills_processes_that_multiply() {
    let text =
        "f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & f $(($1 - 1)) & }; sleep $NAP; }; f 7 & exit 3";
    let script = script(text).limits(|limits| {
        limits.processes = 1000;
        limits.memory = 8 << 30;
    });
    let ran = script.expect_end(&guards(), Ended::Exit(3));
    assert!(ran.finished.left_behind > 0);
}

#[test_cache::test]
fn reaps_orphans_while_the_job_runs() {
    let text = "
        for n in 1 2 3 4 5; do (true &); done
        until [ \"$(cat /proc/$PPID/task/*/children | tr -d ' ')\" = $$ ]; do sleep 0.01; done
        exit 3";
    script(text).expect_end(&guards(), Ended::Exit(3));
}

#[test_cache::test]
fn the_next_job_reports_no_leftovers() {
    let guards = guards();
    let left = script("sleep $NAP & exit 3").expect_end(&guards, Ended::Exit(3));
    let next = script("exit 0").expect_end(&guards, Ended::Exit(0));
    assert_eq!(
        (left.finished.left_behind, next.finished.left_behind),
        (1, 0)
    );
}
