//! Programs that exceed a limit.

use std::time::Duration;

use sandbox::{Ended, Limit};

use crate::support::{guards, script, with_each_runner};

#[track_caller]
fn cpu(text: &str) {
    let limit = Duration::from_millis(300);
    let script = script(text).limits(|limits| limits.cpu = limit);
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::LimitExceeded(Limit::Cpu));
        assert!(ran.finished.cpu > limit, "{:?}", ran.finished);
    });
}

#[track_caller]
fn wall(text: &str) {
    let limit = Duration::from_millis(300);
    let script = script(text).limits(|limits| limits.wall = limit);
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::LimitExceeded(Limit::Wall));
        assert!(ran.finished.took >= limit, "{:?}", ran.finished);
    });
}

#[track_caller]
fn memory(text: &str) {
    let limit = 256 << 20;
    let script = script(text).limits(|limits| limits.memory = limit);
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::LimitExceeded(Limit::Memory));
        let peak = ran.finished.peak_memory;
        assert!((limit..limit * 4).contains(&peak), "{peak} bytes");
    });
}

#[test_cache::test]
fn stops_a_busy_loop() {
    cpu("while :; do :; done");
}

#[test_cache::test]
fn counts_cpu_time_of_children() {
    cpu("for n in 1 2 3; do (while :; do :; done) & done; wait");
}

#[test_cache::test]
fn counts_cpu_time_of_short_lived_children() {
    cpu("while :; do /bin/true; done");
}

#[test_cache::test]
fn counts_cpu_time_of_short_lived_orphans() {
    // Each spins for some milliseconds and starts the next one. At most 1000, in case they are not stopped.
    let text = "
        f() {
            n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); done
            [ $1 -gt 0 ] && { f $(($1 - 1)) & }
        }
        (f 1000 &); sleep $NAP";
    let script = script(text).limits(|limits| limits.cpu = Duration::from_millis(500));
    script.expect_end(&guards(), Ended::LimitExceeded(Limit::Cpu));
}

#[test_cache::test]
fn stops_a_sleeping_program() {
    wall("sleep $NAP");
}

#[test_cache::test]
fn stops_a_program_that_ignores_signals() {
    wall("trap '' TERM INT HUP QUIT; while :; do sleep $NAP; done");
}

#[test_cache::test]
fn stops_a_program_that_has_stopped_itself() {
    wall("kill -STOP $$; sleep $NAP");
}

#[test_cache::test]
fn stops_processes_in_their_own_sessions() {
    wall("setsid sleep $NAP & setsid sh -c 'setsid sleep $NAP & wait' & wait");
}

#[test_cache::test]
fn stops_a_program_that_uses_too_much_memory() {
    // Less than four times the limit, however late it is checked.
    memory("exec dd if=/dev/zero of=/dev/null bs=900M");
}

#[test_cache::test]
fn adds_up_the_memory_of_all_processes() {
    memory("for n in 1 2 3 4 5; do dd if=/dev/zero of=/dev/null bs=100M & done; wait");
}

#[test_cache::test]
fn stops_a_fork_bomb() {
    // At most 511 processes, in case they are not stopped.
    let text = "f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & f $(($1 - 1)) & }; sleep $NAP; }; f 8";
    let script = script(text).limits(|limits| limits.processes = 20);
    with_each_runner(|runner| {
        script.expect_end(runner, Ended::LimitExceeded(Limit::Processes));
    });
}

#[test_cache::test]
fn allows_as_many_processes_as_the_limit() {
    let text = "for n in 1 2 3; do (sleep 0.2) & done; wait; exit 6";
    let script = script(text).limits(|limits| limits.processes = 7);
    with_each_runner(|runner| {
        script.expect_end(runner, Ended::Exit(6));
    });
}

#[test_cache::test]
fn stops_a_program_that_prints_too_much() {
    let limit = 100_000;
    let stdout = script("yes").limits(|limits| limits.output = limit);
    let stderr = script("yes >&2").limits(|limits| limits.output = limit);
    with_each_runner(|runner| {
        let (one, other) = (
            stdout.expect_end(runner, Ended::LimitExceeded(Limit::Output)),
            stderr.expect_end(runner, Ended::LimitExceeded(Limit::Output)),
        );
        assert_eq!(one.stdout, "y\n".repeat(50_000));
        assert_eq!(other.stderr, "y\n".repeat(50_000));
    });
}

#[test_cache::test]
fn allows_output_up_to_the_limit_and_no_byte_more() {
    let just = |text| script(text).limits(|limits| limits.output = 70_000);
    let exact = just("head -c 70000 /dev/zero; head -c 70000 /dev/zero >&2");
    let more = just("head -c 70001 /dev/zero");
    with_each_runner(|runner| {
        let ran = exact.expect_end(runner, Ended::Exit(0));
        assert_eq!((ran.stdout.len(), ran.stderr.len()), (70_000, 70_000));
        let ran = more.expect_end(runner, Ended::LimitExceeded(Limit::Output));
        assert_eq!(ran.stdout.len(), 70_000);
    });
}
