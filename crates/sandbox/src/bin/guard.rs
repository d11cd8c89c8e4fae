//! A guard, and with arguments a host that runs them as a job: what the tests start and kill.

use std::env;
use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::time::Duration;

use sandbox::{Cancel, Guards, Job, Limits, Output, Runner};

fn main() -> ExitCode {
    let mut args = env::args_os().skip(1);
    let Some(program) = args.next() else {
        return sandbox::guard_main();
    };
    let this = env::current_exe().expect("a program knows where it lies");
    let guards = Guards::new(move || Command::new(&this), 1);
    let limits = Limits {
        wall: Duration::from_secs(2),
        cpu: Duration::from_secs(2),
        memory: 512 << 20,
        output: 4 << 20,
        processes: 20,
    };
    let job = Job::new(program, limits).args(args);
    let ran = guards.run(&job, &Cancel::default(), &mut |output| {
        if let Output::Stdout(bytes) = output {
            let mut stdout = io::stdout();
            // The test may listen no more.
            let _ = stdout.write_all(&bytes).and_then(|()| stdout.flush());
        }
    });
    ExitCode::from(u8::from(ran.is_err()))
}
