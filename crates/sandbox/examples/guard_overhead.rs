//! The overhead of the runners: starts many short programs directly and through each runner.
//!
//! `cargo build -p sandbox && cargo run -p sandbox --example guard_overhead`

use std::process::Command;
use std::time::{Duration, Instant};

use sandbox::{Cancel, Ended, Guards, InProcess, Job, Limits, Runner};

const JOBS: u32 = 300;

fn main() {
    let direct = mean(|| assert!(Command::new("/bin/true").status().unwrap().success()));
    println!("direct: {direct:?} per start of /bin/true");

    let guard = std::env::current_exe().unwrap().with_file_name("../guard");
    compare(
        "guards",
        &Guards::new(move || Command::new(&guard), 1),
        direct,
    );
    compare("in process", &InProcess, direct);
}

fn compare(name: &str, runner: &dyn Runner, direct: Duration) {
    let limits = Limits {
        wall: Duration::from_secs(10),
        cpu: Duration::from_secs(10),
        memory: 512 << 20,
        output: 1 << 20,
        processes: 10,
        files: 256 << 20,
    };
    let job = Job::new("/bin/true", limits);
    let run = || {
        let finished = runner.run(&job, &Cancel::default(), &mut |_| {}).unwrap();
        assert_eq!(finished.ended, Ended::Exit(0));
    };
    // The first run also starts the guard.
    run();
    let took = mean(run);
    let ratio = took.as_secs_f64() / direct.as_secs_f64();
    println!("{name}: {took:?}, {ratio:.1} times as long");
}

fn mean(run: impl Fn()) -> Duration {
    let start = Instant::now();
    (0..JOBS).for_each(|_| run());
    start.elapsed() / JOBS
}
