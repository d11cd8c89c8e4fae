//! Hostile answers: each gets a verdict that names what it did, within the limits, and leaves no process behind.

use std::time::{Duration, Instant};

use autograder::TEST_LIMITS;
use autograder::verdict::{Limit, Outcome, State};
use sandbox::{Cancel, Limits};

use crate::workbook::Workbook;

/// An answer, and the state, the outcome and a phrase of the report that it must get.
struct Hostile {
    name: &'static str,
    body: &'static str,
    state: State,
    outcome: fn(Outcome) -> bool,
    report: &'static str,
}

const fn hostile(
    name: &'static str,
    body: &'static str,
    state: State,
    outcome: fn(Outcome) -> bool,
    report: &'static str,
) -> Hostile {
    Hostile {
        name,
        body,
        state,
        outcome,
        report,
    }
}

/// Processes that are meant to outlive their parents have a mark on their command line, by which they are found.
const TABLE: &[Hostile] = &[
    hostile(
        "exits as if it had succeeded",
        "std::process::exit(0)",
        State::Failing,
        |outcome| outcome == Outcome::Exited { code: 0 },
        "exit code 0, before the test was over",
    ),
    hostile(
        "exits as libtest does when a test fails",
        "std::process::exit(101)",
        State::Failing,
        |outcome| outcome == Outcome::Exited { code: 101 },
        "std::process::exit",
    ),
    hostile(
        "exits from another thread, between two runs",
        "std::thread::spawn(|| { std::thread::sleep(std::time::Duration::from_millis(1)); \
         std::process::exit(0) }); std::thread::sleep(std::time::Duration::from_millis(50)); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::Exited { code: 0 },
        "before the test was over",
    ),
    hostile(
        "prints what libtest prints",
        "println!(\"\\nrunning 1 test\\ntest double::of_one ... ok\\n\\ntest result: ok. 1 passed; 0 \
         failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n\"); std::process::exit(0)",
        State::Failing,
        |outcome| outcome == Outcome::Exited { code: 0 },
        "before the test was over",
    ),
    hostile(
        "prints the result of the harness with a forged key",
        "println!(\"\\n00000000000000000000000000000000 passed\"); std::process::exit(0)",
        State::Failing,
        |outcome| outcome == Outcome::Exited { code: 0 },
        "before the test was over",
    ),
    hostile(
        "replaces the panic hook and panics",
        "std::panic::set_hook(Box::new(|_| {})); panic!(\"unseen\")",
        State::Failing,
        |outcome| outcome == Outcome::Failed,
        "",
    ),
    hostile(
        "floods standard output",
        "loop { println!(\"{}\", \"ab\".repeat(4000)); }",
        State::Failing,
        |outcome| {
            outcome
                == Outcome::LimitExceeded {
                    limit: Limit::Output,
                }
        },
        "printed more than 1024 KiB",
    ),
    hostile(
        "floods standard error",
        "loop { eprintln!(\"{}\", \"ab\".repeat(4000)); }",
        State::Failing,
        |outcome| {
            outcome
                == Outcome::LimitExceeded {
                    limit: Limit::Output,
                }
        },
        "printed more than 1024 KiB",
    ),
    hostile(
        "allocates memory in a loop",
        "let mut all = Vec::new(); loop { all.push(vec![1u8; 1 << 20]); }",
        State::Failing,
        |outcome| {
            outcome
                == Outcome::LimitExceeded {
                    limit: Limit::Memory,
                }
        },
        "more than 64 MiB of memory",
    ),
    hostile(
        "allocates more memory than is available",
        "let all: Vec<u8> = Vec::with_capacity(isize::MAX as usize); all.len() as u32",
        State::Failing,
        |outcome| matches!(outcome, Outcome::Crashed { signal: 6 }),
        "asked for more memory than is available",
    ),
    hostile(
        "busy-waits",
        "loop { std::hint::spin_loop() }",
        State::Hangs,
        |outcome| outcome == Outcome::Hangs,
        "Hangs: ",
    ),
    hostile(
        "busy-waits on ten threads",
        "for _ in 0..10 { std::thread::spawn(|| loop { std::hint::spin_loop() }); } loop {}",
        State::Hangs,
        |outcome| outcome == Outcome::Hangs,
        "Hangs: ",
    ),
    hostile(
        "waits forever",
        "std::future::pending().await",
        State::Hangs,
        |outcome| outcome == Outcome::Hangs,
        "nothing happened",
    ),
    hostile(
        "yields forever",
        "loop { tokio::task::yield_now().await }",
        State::Hangs,
        |outcome| outcome == Outcome::Hangs,
        "polled 200,000 times",
    ),
    hostile(
        "locks a mutex twice",
        "let lock = std::sync::Mutex::new(number); let a = lock.lock().unwrap(); let b = \
         lock.lock().unwrap(); *a + *b",
        State::Hangs,
        |outcome| outcome == Outcome::Hangs,
        "Hangs: ",
    ),
    hostile(
        "keeps standard output locked",
        "std::thread::spawn(|| { let _kept = std::io::stdout().lock(); loop { std::thread::park() } }); \
         std::thread::sleep(std::time::Duration::from_millis(20)); number * 2",
        State::Hangs,
        |outcome| outcome == Outcome::Hangs,
        "Hangs: the test was still running",
    ),
    hostile(
        "aborts",
        "std::process::abort()",
        State::Failing,
        |outcome| outcome == Outcome::Crashed { signal: 6 },
        "std::process::abort",
    ),
    hostile(
        "overflows its stack",
        "fn deep(n: u32) -> u32 { if n == u32::MAX { 0 } else { 1 + deep(std::hint::black_box(n)) } } \
         deep(number)",
        State::Failing,
        |outcome| matches!(outcome, Outcome::Crashed { .. }),
        "overflowed its stack",
    ),
    hostile(
        "panics while it panics",
        "struct Loud; impl Drop for Loud { fn drop(&mut self) { panic!(\"again\") } } let _loud = Loud; \
         panic!(\"once\")",
        State::Failing,
        |outcome| outcome == Outcome::Failed,
        "a `drop` panicked as well",
    ),
    hostile(
        "panics while it panics, on another thread",
        "struct Loud; impl Drop for Loud { fn drop(&mut self) { panic!(\"again\") } } \
         std::thread::spawn(|| { let _loud = Loud; panic!(\"once\") }).join().unwrap(); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::Crashed { signal: 6 },
        "panicked while it was panicking",
    ),
    hostile(
        "kills itself with a signal",
        "let me = std::process::id().to_string(); \
         std::process::Command::new(\"kill\").args([\"-9\", &me]).status().unwrap(); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::Crashed { signal: 9 },
        "signal 9",
    ),
    hostile(
        "kills its supervisor",
        "std::process::Command::new(\"sh\").args([\"-c\", \"read -r pid name state parent rest < \
         /proc/$PPID/stat; kill -9 $parent\"]).status().unwrap(); \
         std::thread::sleep(std::time::Duration::from_secs(9)); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::KilledItsSupervisor,
        "the process that supervises the test",
    ),
    hostile(
        "leaves a process behind",
        "std::process::Command::new(\"sleep\").arg(\"300.MARK\").spawn().unwrap(); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::LeftProcesses { count: 1 },
        "a process that the answer had started still ran",
    ),
    hostile(
        "leaves a process behind in a new session with an empty environment",
        "std::process::Command::new(\"setsid\").args([\"-f\", \"sleep\", \
         \"300.MARK\"]).env_clear().status().unwrap(); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::LeftProcesses { count: 1 },
        "still ran, and had to be stopped",
    ),
    hostile(
        "starts many processes",
        "for _ in 0..64 { \
         std::process::Command::new(\"sleep\").arg(\"300.MARK\").spawn().unwrap(); } \
         std::thread::sleep(std::time::Duration::from_secs(9)); number * 2",
        State::Failing,
        |outcome| {
            outcome
                == Outcome::LimitExceeded {
                    limit: Limit::Processes,
                }
        },
        "more than 8 processes",
    ),
    hostile(
        "stops itself",
        "let me = std::process::id().to_string(); std::process::Command::new(\"kill\").args([\"-STOP\", \
         &me]).status().unwrap(); number * 2",
        State::Hangs,
        |outcome| outcome == Outcome::Hangs,
        "Hangs: the test was still running",
    ),
    hostile(
        "pretends not to have been started",
        "eprintln!(\"Not started: `double`\"); std::process::exit(101)",
        State::Failing,
        |outcome| outcome == Outcome::Exited { code: 101 },
        "before the test was over",
    ),
    hostile(
        "reaches todo",
        "todo!()",
        State::NotStarted,
        |outcome| outcome == Outcome::NotStarted,
        "Not started: `double` reaches todo!() at exercises/src/demo.rs:1",
    ),
    hostile(
        "is correct",
        "number * 2",
        State::Solved,
        Outcome::passed,
        "",
    ),
];

#[test_cache::test]
fn each_hostile_answer_gets_its_verdict() {
    // Most of the time is spent waiting for answers that hang.
    const CONCURRENCY: usize = 4;
    std::thread::scope(|scope| {
        for first in 0..CONCURRENCY {
            scope.spawn(move || {
                let workbook = Workbook::new();
                let rows = TABLE.iter().skip(first).step_by(CONCURRENCY);
                rows.for_each(|row| check_verdict(&workbook, row));
            });
        }
    });
}

fn check_verdict(workbook: &Workbook, hostile: &Hostile) {
    let Hostile {
        name,
        state,
        outcome,
        report,
        ..
    } = hostile;
    // A mark that no other process on this machine has.
    let mark = format!("{}{}", std::process::id(), name.len());
    let body = hostile.body.replace("MARK", &mark);
    let answer = format!("pub async fn double(number: u32) -> u32 {{ {body} }}\n");
    workbook.write("exercises/src/demo.rs", &answer);
    let limits = Limits {
        wall: Duration::from_secs(4),
        // On a slow machine, filling more memory would take longer than the watchdog allows for a poll.
        memory: 64 << 20,
        ..TEST_LIMITS
    };
    let start = Instant::now();
    let verdict = workbook
        .autograder()
        .with_limits(limits)
        .grade("demo", None, &Cancel::default(), &mut |_| {})
        .expect("only the answer can be at fault");
    let took = start.elapsed();
    assert_eq!(verdict.errors, [], "{name}: it compiles");
    let [exercise] = &*verdict.exercises else {
        panic!("{name}: there is one exercise");
    };
    // If both tests hang, it depends on the number of cores which of them is run.
    let test = exercise.tests.iter().find(|test| outcome(test.outcome));
    let test = test.unwrap_or_else(|| panic!("{name}: {exercise:#?}"));
    assert_eq!(exercise.state, *state, "{name}: {exercise:#?}");
    assert!(test.report.contains(report), "{name}: {}", test.report);
    assert_eq!(exercise.tests.len(), 2, "{name}: each test has a verdict");
    // The limit of a test is 4 s. The rest is for compiling, and for a busy machine.
    assert!(took < Duration::from_secs(60), "{name} took {took:?}");
    assert_eq!(left_behind(&mark), Vec::<String>::new(), "{name}");
}

/// The processes with the mark that still run.
fn left_behind(mark: &str) -> Vec<String> {
    let mark = format!("300.{mark}");
    let mut found = Vec::new();
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(&mark) && line.starts_with("sleep") {
            found.push(line);
        }
    }
    found
}
