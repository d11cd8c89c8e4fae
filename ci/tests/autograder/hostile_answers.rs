//! Answers that try to get around the grader, and what each must be told.

use autograder::verdict::{Limit, Outcome, State};

/// An answer, and the state, the outcome and a phrase of the report that it must get.
pub struct Hostile {
    pub name: &'static str,
    pub body: &'static str,
    pub state: State,
    pub outcome: fn(Outcome) -> bool,
    pub report: &'static str,
}

pub const fn hostile(
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
pub const TABLE: &[Hostile] = &[
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
        "polled again and again",
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
        "has a thread-local value that panics at the end of its thread",
        "struct Loud; impl Drop for Loud { fn drop(&mut self) { panic!(\"late\") } } \
         std::thread_local!(static LOUD: Loud = const { Loud }); LOUD.with(|_| ()); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::Crashed { signal: 6 },
        "A thread-local value of the answer panicked",
    ),
    hostile(
        "panics with a value that panics",
        "struct Loud; impl Drop for Loud { fn drop(&mut self) { panic!(\"again\") } } \
         drop(std::thread::spawn(|| std::panic::panic_any(Loud))); \
         std::thread::sleep(std::time::Duration::from_millis(200)); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::Crashed { signal: 6 },
        "panicked when it was dropped",
    ),
    hostile(
        "panics in a function that must not unwind",
        "extern \"C\" fn loud() { panic!(\"here\") } loud(); number * 2",
        State::Failing,
        |outcome| outcome == Outcome::Crashed { signal: 6 },
        "in an `extern \"C\"` function",
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
        "fills the disk",
        "for name in 0..99 { std::fs::write(name.to_string(), vec![1; 1 << 20]).unwrap(); } \
         std::thread::sleep(std::time::Duration::from_secs(9)); number * 2",
        State::Failing,
        |outcome| {
            outcome
                == Outcome::LimitExceeded {
                    limit: Limit::Files,
                }
        },
        "more than 8 MiB to files",
    ),
    hostile(
        "fills one file",
        "std::fs::write(\"a\", vec![1; 5 << 20]).unwrap(); let mut file = \
         std::fs::File::options().append(true).open(\"a\").unwrap(); std::io::Write::write_all(&mut file, \
         &vec![1; 5 << 20]).unwrap(); std::thread::sleep(std::time::Duration::from_secs(9)); number * 2",
        State::Failing,
        |outcome| {
            outcome
                == Outcome::LimitExceeded {
                    limit: Limit::Files,
                }
        },
        "more than 8 MiB to files",
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
        "panics with escape sequences",
        "panic!(\"\\u{1b}[2J\\u{1b}]0;solved\\u{7}\\u{202e}\")",
        State::Failing,
        |outcome| outcome == Outcome::Failed,
        "␛[2J␛]0;solved␇<U+202E>",
    ),
    hostile(
        "prints escape sequences",
        "print!(\"\\u{1b}[2J\\u{9b}2J\"); eprint!(\"\\u{1b}]0;solved\\u{7}\\u{2066}\"); number",
        State::Failing,
        |outcome| outcome == Outcome::Failed,
        "",
    ),
    hostile(
        "names a lane with escape sequences",
        "use timeline::InLane; async { number }.in_lane(\"\\u{1b}[2J\\u{202e}\").await",
        State::Failing,
        |outcome| outcome == Outcome::Failed,
        "",
    ),
    hostile(
        "exits after escape sequences",
        "eprint!(\"\\u{1b}[2J\\r\\u{202e}\"); std::process::exit(3)",
        State::Failing,
        |outcome| outcome == Outcome::Exited { code: 3 },
        "␛[2J␍<U+202E>",
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
