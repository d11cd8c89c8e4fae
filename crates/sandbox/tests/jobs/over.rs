//! Programs that go over a limit.

use std::time::Duration;

use sandbox::{Ended, Limit};

use crate::support::{each, guards, script};

#[track_caller]
fn cpu(text: &str) {
    let limit = Duration::from_millis(300);
    let script = script(text).limits(|limits| limits.cpu = limit);
    each(|runner| {
        let ran = script.ends(runner, Ended::Over(Limit::Cpu));
        assert!(ran.finished.cpu > limit, "{:?}", ran.finished);
    });
}

#[track_caller]
fn wall(text: &str) {
    let limit = Duration::from_millis(300);
    let script = script(text).limits(|limits| limits.wall = limit);
    each(|runner| {
        let ran = script.ends(runner, Ended::Over(Limit::Wall));
        assert!(ran.finished.took >= limit, "{:?}", ran.finished);
    });
}

#[track_caller]
fn memory(text: &str) {
    let limit = 256 << 20;
    let script = script(text).limits(|limits| limits.memory = limit);
    each(|runner| {
        let ran = script.ends(runner, Ended::Over(Limit::Memory));
        let peak = ran.finished.peak_memory;
        assert!((limit..limit * 4).contains(&peak), "{peak} bytes");
    });
}

#[test_cache::test]
fn spins() {
    cpu("while :; do :; done");
}

#[test_cache::test]
fn lets_others_spin() {
    cpu("for n in 1 2 3; do (while :; do :; done) & done; wait");
}

#[test_cache::test]
fn spins_in_children_that_end_soon() {
    cpu("while :; do /bin/true; done");
}

#[test_cache::test]
fn spins_in_orphans_that_end_soon() {
    // Each spins for some milliseconds and starts the next one. 1000 and not more, in case nobody
    // stops them.
    let text = "
        f() {
            n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); done
            [ $1 -gt 0 ] && { f $(($1 - 1)) & }
        }
        (f 1000 &); sleep $NAP";
    let script = script(text).limits(|limits| limits.cpu = Duration::from_millis(500));
    script.ends(&guards(), Ended::Over(Limit::Cpu));
}

#[test_cache::test]
fn sleeps() {
    wall("sleep $NAP");
}

#[test_cache::test]
fn does_not_listen_to_signals() {
    wall("trap '' TERM INT HUP QUIT; while :; do sleep $NAP; done");
}

#[test_cache::test]
fn stops_itself() {
    wall("kill -STOP $$; sleep $NAP");
}

#[test_cache::test]
fn sleeps_in_sessions_of_their_own() {
    wall("setsid sleep $NAP & setsid sh -c 'setsid sleep $NAP & wait' & wait");
}

#[test_cache::test]
fn eats_memory() {
    // Less than four times the limit, however late it is looked at.
    memory("exec dd if=/dev/zero of=/dev/null bs=900M");
}

#[test_cache::test]
fn eats_memory_together() {
    memory("for n in 1 2 3 4 5; do dd if=/dev/zero of=/dev/null bs=100M & done; wait");
}

#[test_cache::test]
fn multiplies() {
    // 511 processes and not more, in case nobody stops them.
    let text = "f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & f $(($1 - 1)) & }; sleep $NAP; }; f 8";
    let script = script(text).limits(|limits| limits.processes = 20);
    each(|runner| {
        script.ends(runner, Ended::Over(Limit::Processes));
    });
}

#[test_cache::test]
fn has_as_many_processes_as_it_may() {
    let text = "for n in 1 2 3; do (sleep 0.2) & done; wait; exit 6";
    let script = script(text).limits(|limits| limits.processes = 7);
    each(|runner| {
        script.ends(runner, Ended::Exit(6));
    });
}

#[test_cache::test]
fn floods() {
    let limit = 100_000;
    let stdout = script("yes").limits(|limits| limits.output = limit);
    let stderr = script("yes >&2").limits(|limits| limits.output = limit);
    each(|runner| {
        let (one, other) = (
            stdout.ends(runner, Ended::Over(Limit::Output)),
            stderr.ends(runner, Ended::Over(Limit::Output)),
        );
        assert_eq!(one.stdout, "y\n".repeat(50_000));
        assert_eq!(other.stderr, "y\n".repeat(50_000));
    });
}

#[test_cache::test]
fn prints_as_much_as_it_may_and_one_byte_more() {
    let just = |text| script(text).limits(|limits| limits.output = 70_000);
    let exact = just("head -c 70000 /dev/zero; head -c 70000 /dev/zero >&2");
    let more = just("head -c 70001 /dev/zero");
    each(|runner| {
        let ran = exact.ends(runner, Ended::Exit(0));
        assert_eq!((ran.stdout.len(), ran.stderr.len()), (70_000, 70_000));
        let ran = more.ends(runner, Ended::Over(Limit::Output));
        assert_eq!(ran.stdout.len(), 70_000);
    });
}
