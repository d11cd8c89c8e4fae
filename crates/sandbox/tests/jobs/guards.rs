//! Guards that are reused, killed or stopped, and commands that are not guards.

use std::fs;
use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sandbox::{Cancel, Ended, Error, Guards, Runner, run_to_text};

use crate::support::{guard, guards, script};

/// Guards that run one at a time, with a count of those that were started.
fn counted() -> (Guards, Arc<AtomicUsize>) {
    let started = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&started);
    let command = move || {
        count.fetch_add(1, Ordering::Relaxed);
        guard()
    };
    (Guards::new(command, 1), started)
}

#[test_cache::test]
fn one_guard_runs_two_hundred_jobs() {
    let (guards, started) = counted();
    let script = script("exit 3");
    for _ in 0..200 {
        let ran = run_to_text(&guards, &script.job(), &Cancel::default()).unwrap();
        assert_eq!(ran.finished.ended, Ended::Exit(3));
    }
    assert_eq!(started.load(Ordering::Relaxed), 1);
}

#[test_cache::test]
fn a_job_that_kills_its_guard_is_killed() {
    let (guards, started) = counted();
    script("exit 3").expect_end(&guards, Ended::Exit(3));
    for text in [
        "kill -9 $PPID; sleep $NAP",
        "setsid sleep $NAP & (setsid sleep $NAP &); kill -9 $PPID; sleep $NAP",
        "(env -i /bin/sleep $NAP &); kill -9 $PPID; sleep $NAP",
        "kill -9 $PPID",
        // A stopped guard does not supervise. What it has adopted is still found.
        "kill -STOP $PPID; sleep $NAP",
        "(env -i setsid /bin/sleep $NAP &); sleep 0.1; kill -STOP $PPID; sleep $NAP",
    ] {
        let before = started.load(Ordering::Relaxed);
        script(text).expect_end(&guards, Ended::Lost);
        script("exit 3").expect_end(&guards, Ended::Exit(3));
        assert_eq!(started.load(Ordering::Relaxed), before + 1);
    }
}

#[test_cache::test]
fn a_guard_killed_by_its_first_job_reports_a_lost_job() {
    script("kill -9 $PPID").expect_end(&guards(), Ended::Lost);
}

#[test_cache::test]
fn runs_no_more_jobs_at_once_than_allowed() {
    let folder = tempfile::tempdir().unwrap();
    // Each job waits until two have started, and prints how many run now.
    let text = "
        cd \"$FOLDER\"; touch now-$$ ever-$$
        until [ $(ls ever-* | wc -l) -ge 2 ]; do sleep 0.01; done
        ls now-* | wc -l; sleep 0.05; rm now-$$";
    let script = script(text);
    let job = script.job().env("FOLDER", folder.path());
    let guards = guards();
    let run = || run_to_text(&guards, &job, &Cancel::default()).unwrap();
    thread::scope(|scope| {
        let runs: Vec<_> = (0..6).map(|_| scope.spawn(run)).collect();
        for run in runs {
            let ran = run.join().unwrap();
            assert_eq!(ran.finished.ended, Ended::Exit(0), "{ran:?}");
            assert!(["1\n", "2\n"].contains(&&*ran.stdout), "{ran:?}");
        }
    });
    let ever = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(ever, 6);
}

#[test_cache::test]
fn guards_exit_when_they_are_dropped() {
    let script = script("exit 3");
    let nap = script.nap.clone();
    let named = move || {
        let mut command = guard();
        // The environment of a guard cannot be read.
        command.arg0(&nap);
        command
    };
    let guards = Guards::new(named, 1);
    run_to_text(&guards, &script.job(), &Cancel::default()).unwrap();
    assert_eq!(script.alive().len(), 1, "the guard waits for another job");
    drop(guards);
    assert_eq!(script.alive(), [0; 0]);
}

#[test_cache::test]
fn a_panic_in_the_output_callback_ends_the_job() {
    let guards = guards();
    let script = script("echo started; sleep $NAP");
    let run = || {
        guards.run(&script.job(), &Cancel::default(), &mut |_| {
            panic!("on purpose")
        })
    };
    assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    assert_eq!(script.alive(), [0; 0]);
    self::script("exit 3").expect_end(&guards, Ended::Exit(3));
}

#[test_cache::test]
fn a_command_that_is_not_a_guard_is_an_error() {
    for command in ["/bin/true", "/bin/cat", "/missing/guard"] {
        let guards = Guards::new(move || Command::new(command), 1);
        let ran = guards.run(&script("exit 3").job(), &Cancel::default(), &mut |_| {});
        assert!(matches!(ran, Err(Error::NoGuard(_))), "{ran:?}");
    }
}
