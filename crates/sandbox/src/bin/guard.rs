//! A guard; or a host that runs a job, given the seconds it may take and its command. The tests start
//! and kill both.

use std::env;
use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::time::Duration;

use sandbox::{Cancel, Guards, Job, Limits, Output, Runner};

fn main() -> ExitCode {
    let mut args = env::args_os().skip(1);
    let Some(seconds) = args.next() else {
        return sandbox::guard_main();
    };
    let seconds = seconds.to_str().and_then(|text| text.parse().ok());
    let seconds = seconds.expect("the first argument is a number of seconds");
    let program = args.next().expect("the second argument is a program");
    let this = env::current_exe().expect("a program knows where it lies");
    let guards = Guards::new(move || Command::new(&this), 1);
    let limits = Limits {
        wall: Duration::from_secs(seconds),
        cpu: Duration::from_secs(60),
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
