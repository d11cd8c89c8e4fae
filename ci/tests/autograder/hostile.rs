//! Hostile answers: each gets a verdict that names what it did, within the limits, and leaves no process behind.

use std::time::{Duration, Instant};

use autograder::TEST_LIMITS;
use autograder::verdict::{Outcome, State};
use sandbox::{Cancel, Limits};

use crate::hostile_answers::{Hostile, TABLE, hostile};
use crate::workbook::Workbook;

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
        files: 8 << 20,
        ..TEST_LIMITS
    };
    // The first one waits until the libraries are built.
    let autograder = workbook.autograder().with_limits(limits);
    let start = Instant::now();
    let verdict = autograder
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
    for test in &exercise.tests {
        for text in [&test.report, &test.timeline_text, &test.output] {
            assert_eq!(
                text.chars().find(drives_a_terminal),
                None,
                "{name}: {text:?}"
            );
        }
    }
    // The limit of a test is 4 s. The rest is for compiling, and for a busy machine.
    assert!(took < Duration::from_secs(60), "{name} took {took:?}");
    assert_eq!(left_behind(&mark), Vec::<String>::new(), "{name}");
}

/// Whether a terminal does not show this character, but executes it or shows others in another order.
fn drives_a_terminal(character: &char) -> bool {
    let reorders = ['\u{202e}', '\u{2066}'].contains(character);
    reorders || (character.is_control() && !['\n', '\t'].contains(character))
}

#[test_cache::test]
fn the_messages_of_the_compiler_do_not_drive_a_terminal() {
    let workbook = Workbook::new();
    for text in [
        "compile_error!(\"\\u{1b}[2J\\u{1b}]0;solved\\u{7}\\u{202e}\");",
        "#[deprecated = \"\\u{1b}[2J\\u{9b}2J\"] fn old() {} pub fn new() { old(); true }",
        "pub fn new() -> u32 { \"\u{1b}[2J\u{9b}2J\" } // \u{202e}",
    ] {
        workbook.write("exercises/src/demo.rs", text);
        let verdict = workbook.grade("demo");
        assert!(!verdict.errors.is_empty(), "{text}");
        for message in verdict.errors.iter().chain(&verdict.warnings) {
            for text in [&message.message, &message.rendered] {
                assert_eq!(text.chars().find(drives_a_terminal), None, "{text:?}");
            }
        }
    }
}

const KILLS_ITS_SUPERVISOR: &str = "std::process::Command::new(\"sh\").args([\"-c\", \"read -r pid name state \
     parent rest < /proc/$PPID/stat; kill -9 $parent\"]).status().unwrap(); \
     std::thread::sleep(std::time::Duration::from_secs(9)); number * 2";

/// Where signals are confined, the supervisor lives on, and the answer hangs.
#[test_cache::test]
fn an_answer_that_kills_its_supervisor_is_not_solved() {
    let name = "kills its supervisor";
    let expected = if sandbox::confinement().signals {
        hostile(
            name,
            KILLS_ITS_SUPERVISOR,
            State::Hangs,
            |outcome| outcome == Outcome::Hangs,
            "Hangs: ",
        )
    } else {
        hostile(
            name,
            KILLS_ITS_SUPERVISOR,
            State::Failing,
            |outcome| outcome == Outcome::KilledItsSupervisor,
            "the process that supervises the test",
        )
    };
    check_verdict(&Workbook::new(), &expected);
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
