//! Well-behaved programs.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use sandbox::{Cancel, Ended, Error, Job, Output, run_to_text};

use crate::support::{script, wide, with_each_runner};

#[test_cache::test]
fn reports_the_exit_code_or_signal() {
    let (exit, signal) = (script("exit 7"), script("kill -SEGV $$"));
    with_each_runner(|runner| {
        exit.expect_end(runner, Ended::Exit(7));
        signal.expect_end(runner, Ended::Signal(11));
    });
}

#[test_cache::test]
fn separates_stdout_and_stderr() {
    let script = script("echo out; echo err >&2");
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::Exit(0));
        assert_eq!((&*ran.stdout, &*ran.stderr), ("out\n", "err\n"));
    });
}

#[test_cache::test]
fn a_program_may_close_its_streams() {
    let script = script("exec <&- >&- 2>&-; sleep 0.2; exit 4");
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::Exit(4));
        assert!(ran.finished.took >= Duration::from_millis(200));
    });
}

#[test_cache::test]
fn delivers_output_while_the_program_runs() {
    let folder = tempfile::tempdir().unwrap();
    let seen = folder.path().join("seen");
    // Ends only once its first line has been seen.
    let script = script("echo first; until [ -e \"$SEEN\" ]; do sleep 0.01; done; echo second");
    let job = script.job().env("SEEN", &seen);
    with_each_runner(|runner| {
        let mut printed = Vec::new();
        let take = &mut |output| {
            if let Output::Stdout(bytes) = output {
                printed.extend(bytes);
                fs::write(&seen, "").unwrap();
            }
        };
        let finished = runner.run(&job, &Cancel::default(), take).unwrap();
        assert_eq!(finished.ended, Ended::Exit(0));
        assert_eq!(printed, b"first\nsecond\n");
        fs::remove_file(&seen).unwrap();
    });
}

#[test_cache::test]
fn sets_folder_arguments_and_environment() {
    let folder = tempfile::tempdir().unwrap();
    let invalid_utf8 = OsStr::from_bytes(b"a\xffb");
    let text = "pwd; echo ${HOME-none} $GIVEN; printf %s \"$0\" | wc -c";
    let job = Job::new("/bin/sh", wide())
        .args(["-c", text])
        .arg(invalid_utf8)
        .folder(folder.path())
        .env("GIVEN", "given")
        .env_remove("HOME");
    let real = fs::canonicalize(folder.path()).unwrap();
    let expected = format!("{}\nnone given\n3\n", real.display());
    with_each_runner(|runner| {
        let ran = run_to_text(runner, &job, &Cancel::default()).unwrap();
        assert_eq!(ran.stdout, expected, "{}", ran.stderr);
    });
}

#[test_cache::test]
fn sets_rlimits() {
    // They are set shortly after the start.
    let text = "
        until [ \"$(cat /proc/self/oom_score_adj)\" = 1000 ]; do :; done
        until [ \"$(ulimit -t)\" != unlimited ]; do :; done
        ulimit -c; ulimit -t; ulimit -v";
    let script = script(text);
    with_each_runner(|runner| {
        let ran = script.expect_end(runner, Ended::Exit(0));
        let addresses = (4 * (512 << 20) + (4_u64 << 30)) / 1024;
        assert_eq!(ran.stdout, format!("0\n62\n{addresses}\n"));
    });
}

#[test_cache::test]
fn reports_resource_usage() {
    let script = script("n=0; while [ $n -lt 300000 ]; do n=$((n + 1)); done; sleep 0.1");
    with_each_runner(|runner| {
        let finished = script.expect_end(runner, Ended::Exit(0)).finished;
        assert!(finished.cpu > Duration::ZERO, "{finished:?}");
        assert!(finished.peak_memory > 100 << 10, "{finished:?}");
        assert!(finished.took >= Duration::from_millis(100), "{finished:?}");
    });
}

#[test_cache::test]
fn names_the_program_that_cannot_be_started() {
    let job = Job::new("/missing/program", wide());
    with_each_runner(|runner| {
        match runner.run(&job, &Cancel::default(), &mut |_| {}) {
            Err(Error::NotStarted { program, source }) => {
                assert_eq!(program, "/missing/program");
                assert_eq!(source.kind(), ErrorKind::NotFound);
            }
            other => panic!("{other:?}"),
        }
        // The runner still works.
        script("exit 3").expect_end(runner, Ended::Exit(3));
    });
}
