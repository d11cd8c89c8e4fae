//! For the tests, which start and kill it: without arguments a guard; with a time limit in seconds and a command,
//! a host that runs that command as a job.

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
    let this = env::current_exe().expect("the path of this program is known");
    let guards = Guards::new(move || Command::new(&this), 1);
    let limits = Limits {
        wall: Duration::from_secs(seconds),
        cpu: Duration::from_secs(60),
        memory: 512 << 20,
        output: 4 << 20,
        processes: 20,
        files: 256 << 20,
    };
    let job = Job::new(program, limits).args(args);
    let ran = guards.run(&job, &Cancel::default(), &mut |output| {
        if let Output::Stdout(bytes) = output {
            let mut stdout = io::stdout();
            // Fails if the test no longer reads.
            let _ = stdout.write_all(&bytes).and_then(|()| stdout.flush());
        }
    });
    ExitCode::from(u8::from(ran.is_err()))
}
