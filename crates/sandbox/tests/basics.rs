//! What a well-behaved program may expect.

use std::process::Command;
use std::time::Duration;

use sandbox::{Cancel, Ended, Guards, InProcess, Job, Limits, Runner, run_to_text};

fn limits() -> Limits {
    Limits {
        wall: Duration::from_secs(30),
        cpu: Duration::from_secs(30),
        memory: 512 << 20,
        output: 4 << 20,
        processes: 20,
    }
}

fn each_runner(test: impl Fn(&dyn Runner)) {
    test(&Guards::of_cores(|| {
        Command::new(env!("CARGO_BIN_EXE_guard"))
    }));
    test(&InProcess);
}

#[test]
fn says_how_it_ended_and_what_it_printed() {
    each_runner(|runner| {
        let job = Job::new("/bin/sh", limits())
            .args(["-c", "cat; echo no >&2; exit 7"])
            .stdin("yes");
        let ran = run_to_text(runner, &job, &Cancel::default()).unwrap();
        assert_eq!(ran.finished.ended, Ended::Exit(7));
        assert_eq!((&*ran.stdout, &*ran.stderr), ("yes", "no\n"));
    });
}
