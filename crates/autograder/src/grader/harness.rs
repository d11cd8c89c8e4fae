//! Runs one test in a process of its own.
//!
//! The harness reads one line, `<key> <test>`, runs that test on a thread with the test's name, as libtest does,
//! and prints the key again, followed by `passed` or `failed`. Each run has a new key, and before the test starts,
//! the key is removed from every place that safe code can read. So an answer cannot print it; an answer that ends
//! the process has not printed it either.

use std::fmt::Write as _;

/// The result that the harness reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HarnessResult {
    /// The test returned.
    Passed,
    /// The test panicked.
    Failed,
}

/// The harness's result in the output of a test, and what the answer itself printed before it.
pub(crate) fn parse_result(printed: &str, key: &str) -> (Option<HarnessResult>, String) {
    let results = [
        ("passed", HarnessResult::Passed),
        ("failed", HarnessResult::Failed),
    ];
    for (word, result) in results {
        if let Some((before, _)) = printed.split_once(&format!("\n{key} {word}\n")) {
            return (Some(result), before.to_owned());
        }
    }
    (None, printed.to_owned())
}

/// The `main` function of a grader with these tests.
pub(super) fn main_of(tests: &[String]) -> String {
    let mut calls = String::new();
    for test in tests {
        write!(calls, "{test:?} => {test}, ").expect("a String accepts everything that is written");
    }
    MAIN.replace("TESTS", &calls)
}

/// On one line, below the grader's own lines, whose numbers do not change.
pub(crate) const MAIN: &str = "
fn main() { \
let (key, name) = { \
let mut line = String::new(); \
std::io::stdin().read_line(&mut line).expect(\"the key and the test are on standard input\"); \
let (key, name) = line.trim().split_once(' ').expect(\"a key and a test\"); \
(key.to_owned(), name.to_owned()) }; \
let test: fn() = match &*name { TESTS _ => panic!(\"there is no test {name}\") }; \
let run = std::thread::Builder::new().name(name).spawn(test).expect(\"a thread\"); \
let word = if run.join().is_ok() { \"passed\" } else { \"failed\" }; \
println!(\"\\n{key} {word}\"); \
std::process::exit(if word == \"passed\" { 0 } else { 101 }); \
}
";
