//! What guarding costs: many short programs, started plainly and through the runners.
//!
//! `cargo build -p sandbox && cargo run -p sandbox --example cost_of_a_guard`

use std::process::Command;
use std::time::{Duration, Instant};

use sandbox::{Cancel, Ended, Guards, InProcess, Job, Limits, Runner};

const JOBS: u32 = 300;

fn main() {
    let plain = mean(|| assert!(Command::new("/bin/true").status().unwrap().success()));
    println!("plain: {plain:?} for each start of /bin/true");

    let guard = std::env::current_exe().unwrap().with_file_name("../guard");
    compare(
        "guards",
        &Guards::new(move || Command::new(&guard), 1),
        plain,
    );
    compare("in process", &InProcess, plain);
}

fn compare(name: &str, runner: &dyn Runner, plain: Duration) {
    let limits = Limits {
        wall: Duration::from_secs(10),
        cpu: Duration::from_secs(10),
        memory: 512 << 20,
        output: 1 << 20,
        processes: 10,
    };
    let job = Job::new("/bin/true", limits);
    let run = || {
        let finished = runner.run(&job, &Cancel::default(), &mut |_| {}).unwrap();
        assert_eq!(finished.ended, Ended::Exit(0));
    };
    // The first one also starts the guard.
    run();
    let took = mean(run);
    let ratio = took.as_secs_f64() / plain.as_secs_f64();
    println!("{name}: {took:?}, {ratio:.1} times as long");
}

fn mean(run: impl Fn()) -> Duration {
    let start = Instant::now();
    (0..JOBS).for_each(|_| run());
    start.elapsed() / JOBS
}
