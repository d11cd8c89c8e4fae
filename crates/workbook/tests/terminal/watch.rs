//! `watch` in a real terminal.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::screen::Terminal;
use crate::workbook::Workbook;

const KEYS: &str = "h hint  n next  p previous  l list  r reset  s solution  q quit";

#[test_cache::test]
fn grades_saved_answers() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("· not started");
    terminal.shows("demo/double");
    workbook.answer("number + 1", "todo!()");
    terminal.shows("✗ failing 2 of 3 tests");
    terminal.shows("of_many came out wrong.");
    workbook.answer("error", "todo!()");
    terminal.shows("✗ does not compile");
    terminal.shows("And 1 more error. Fix this one first.");
    workbook.answer("number * 2 // right", "todo!()");
    terminal.shows("✓ solved");
    terminal.shows("1 of 3 solved");
    terminal.shows("Press n to continue with demo/triple");
    terminal.press("n");
    terminal.shows("demo/triple  Three times");
    terminal.shows("· not started");
    terminal.press("q");
    assert_eq!(terminal.ends().exit_code(), 1);
    assert!(terminal.contents().contains("1 of 3 exercises solved."));
}

#[test_cache::test]
fn notices_an_editor_that_saves_by_renaming() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("· not started");
    for (body, state) in [
        ("number + 1", "✗ failing"),
        ("number * 2 // right", "✓ solved"),
    ] {
        let answer = workbook
            .read("exercises/stubs/demo.rs")
            .replacen("todo!()", body, 1);
        workbook.write("exercises/src/.demo.rs.new", &answer);
        let new = workbook.path("exercises/src/.demo.rs.new");
        fs::rename(new, workbook.path("exercises/src/demo.rs")).expect("renamed");
        terminal.shows(state);
    }
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn polling_notices_saved_answers() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch --poll");
    terminal.shows("· not started");
    workbook.answer("number + 1", "todo!()");
    terminal.shows("✗ failing");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn saving_cancels_the_grading_that_runs() {
    let workbook = Workbook::new();
    workbook.answer("loop {}", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("Testing: 1 of 3 ...");
    workbook.answer("number * 2 // right", "todo!()");
    terminal.shows("✓ solved");
    workbook.answer("loop {}", "todo!()");
    terminal.shows("Testing: 1 of 3 ...");
    // Quitting works during a grading, too.
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn every_key_does_what_its_label_says() {
    let workbook = Workbook::new();
    workbook.answer("number + 1", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch demo");
    terminal.shows(KEYS);
    terminal.press("h");
    terminal.shows("Hint 1 of 2 for demo/double");
    terminal.press("h");
    terminal.shows("`number * 2`");
    terminal.shows("There are no more hints.");
    terminal.press("l");
    terminal.shows("➜ double  Twice a number");
    terminal.press("\x1b");
    terminal.shows("✗ failing");
    terminal.press("p");
    terminal.shows("other-one/half");
    terminal.shows("· not started");
    terminal.press("n");
    terminal.shows("✗ failing");

    terminal.press("s");
    terminal.shows("Show the solution anyway? y/n");
    terminal.press("n");
    terminal.shows(KEYS);
    terminal.press("sy");
    terminal.shows("+     number * 2 // right");

    terminal.press("r");
    terminal.shows("Replace your answer with the stub? A backup is saved. y/n");
    terminal.press("x");
    terminal.shows(KEYS);
    assert!(
        workbook
            .read("exercises/src/demo.rs")
            .contains("number + 1")
    );
    terminal.press("ry");
    terminal.shows("The stub of demo/double is back.");
    terminal.shows(KEYS);
    terminal.press("x");
    terminal.shows("· not started");
    assert!(
        !workbook
            .read("exercises/src/demo.rs")
            .contains("number + 1")
    );
    terminal.press("q");
    terminal.ends();
    workbook.run("reset demo/double --undo").exits_with(0);
    assert!(
        workbook
            .read("exercises/src/demo.rs")
            .contains("number + 1")
    );
}

#[test_cache::test]
fn restores_the_terminal_at_ctrl_c() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows(KEYS);
    assert!(!terminal.edits_lines(), "keys are read one by one");
    terminal.press("\x03");
    assert_eq!(terminal.ends().exit_code(), 130);
}

#[test_cache::test]
fn restores_the_terminal_at_a_termination_signal() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows(KEYS);
    let process = terminal.child.process_id().expect("it runs").to_string();
    let killed = Command::new("kill").arg(process).status();
    assert!(killed.is_ok_and(|status| status.success()));
    assert_eq!(terminal.ends().exit_code(), 130);
}

#[test_cache::test]
fn restores_the_terminal_after_a_panic() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows(KEYS);
    workbook.answer("the tool panics", "todo!()");
    assert_eq!(terminal.ends().exit_code(), 2);
    assert!(
        terminal.contents().contains("on request"),
        "{}",
        terminal.contents()
    );
    assert!(terminal.contents().contains("The grader crashed."));
}

#[test_cache::test]
fn goes_on_watching_after_an_error() {
    let workbook = Workbook::new();
    workbook.answer("no compiler", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("https://rustup.rs");
    workbook.answer("number + 1", "todo!()");
    terminal.shows("✗ failing");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn scrolls_a_long_report() {
    let workbook = Workbook::new();
    workbook.answer("println!(); one more", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("✗ failing");
    terminal.resize(12);
    terminal.shows("↑↓ more");
    terminal.hides("A known wrong answer");
    terminal.press("   ");
    terminal.shows("fails in the same way: Adds one.");
    terminal.shows("demo/double");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn a_tiny_terminal_shows_something_of_the_exercise() {
    let workbook = Workbook::new();
    workbook.answer("number + 1", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("✗ failing");
    terminal.resize_to(5, 20);
    terminal.shows("demo/double");
    terminal.shows("✗ failing");
    terminal.shows("h hint");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn a_served_session_follows_the_exercise_that_is_saved() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "");
    terminal.shows("demo/double  Twice a number");
    workbook.answer("todo!()", "number + 1");
    terminal.shows("demo/triple");
    terminal.shows("✗ failing");
    workbook.write(
        "exercises/src/other_one.rs",
        "pub fn half(n: u32) -> u32 {\n n / 2 // right\n}\n",
    );
    terminal.shows("other-one/half");
    terminal.shows("✓ solved");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn builds_serves_and_watches_without_a_command() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "");
    terminal.shows(KEYS);
    terminal.shows("o page");
    terminal.shows("http://127.0.0.1:");
    terminal.shows("/#key=");
    assert!(workbook.path("book/index.html").is_file());
    // Opening the book does not count as work on an exercise.
    terminal.shows("· not started");
    assert!(!workbook.path(".workbook/progress.json").exists());
    workbook.answer("number * 2 // right", "todo!()");
    terminal.shows("✓ solved");
    terminal.press("q");
    assert_eq!(terminal.ends().exit_code(), 1);
    // The former content of the terminal is back.
    assert!(terminal.contents().contains("Open the workbook at"));
}

#[test_cache::test]
fn prints_plain_lines_without_a_terminal_until_all_is_solved() {
    let workbook = Workbook::new();
    let mut tool = workbook.tool();
    let mut tool = tool
        .arg("watch")
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut lines = BufReader::new(tool.stdout.take().expect("piped")).lines();
    let mut until = |text: &str| {
        let found = lines
            .by_ref()
            .map(|line| line.expect("UTF-8"))
            .find(|line| {
                assert!(!line.contains('\x1b'), "{line:?}");
                line.contains(text)
            });
        assert!(found.is_some(), "{text}");
    };
    until("demo/double: · not started");
    workbook.answer("number * 2 // right", "todo!()");
    until("demo/double: ✓ solved");
    until("Continuing with demo/triple.");
    until("demo/triple: · not started");
    workbook.write(
        "exercises/src/other_one.rs",
        "pub fn half(n: u32) -> u32 {\n n / 2 // right\n}\n",
    );
    workbook.answer("number * 2 // right", "number * 3 // right");
    until("Continuing with other-one/half.");
    until("All exercises are solved.");
    assert_eq!(tool.wait().expect("it ends").code(), Some(0));
}
