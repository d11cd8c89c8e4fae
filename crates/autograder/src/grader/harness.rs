//! What runs one test in a process of its own.
//!
//! The harness reads one line, `<key> <test>`, runs that test on a thread of its name as libtest does,
//! and prints the key once more with the word `passed` or `failed`. The key is new for each run and
//! gone from every place that safe code can read before the test begins, so an answer cannot print
//! it; an answer that ends the process has not printed it either.

use std::fmt::Write as _;

/// What the harness said last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// The test came to its end.
    Passed,
    /// The test ended in a panic.
    Failed,
}

/// The words of the harness in what was printed, and what the answer itself printed before them.
pub(crate) fn word(printed: &str, key: &str) -> (Option<Word>, String) {
    for (said, word) in [("passed", Word::Passed), ("failed", Word::Failed)] {
        if let Some((before, _)) = printed.split_once(&format!("\n{key} {said}\n")) {
            return (Some(word), before.to_owned());
        }
    }
    (None, printed.to_owned())
}

/// The function `main` of a grader with these tests.
pub(super) fn main_of(tests: &[String]) -> String {
    let mut calls = String::new();
    for test in tests {
        write!(calls, "{test:?} => {test}, ").expect("a String takes all that is written");
    }
    MAIN.replace("TESTS", &calls)
}

/// Below the grader's own lines, which keep their numbers.
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
