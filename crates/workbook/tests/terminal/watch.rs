//! Watching, in a real terminal.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::screen::Terminal;
use crate::workbook::Workbook;

const KEYS: &str = "h hint  n next  p previous  l list  r reset  s solution  q quit";

#[test_cache::test]
fn what_is_saved_is_graded() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("· not started");
    terminal.shows("demo/double");
    workbook.answer("number + 1", "todo!()");
    terminal.shows("✗ failing 2 of 3 tests");
    terminal.shows("of_many came out wrong.");
    workbook.answer("error", "todo!()");
    terminal.shows("✗ does not compile");
    terminal.shows("And 1 more error: mend this one first.");
    workbook.answer("number * 2 // right", "todo!()");
    terminal.shows("✓ solved");
    terminal.shows("1 of 3 solved");
    terminal.shows("Press n to go on with demo/triple");
    terminal.press("n");
    terminal.shows("demo/triple  Three times");
    terminal.shows("· not started");
    terminal.press("q");
    assert_eq!(terminal.ends().exit_code(), 1);
    assert!(terminal.contents().contains("1 of 3 exercises solved."));
}

#[test_cache::test]
fn an_editor_that_saves_by_renaming_is_noticed() {
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
fn polling_notices_it_too() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch --poll");
    terminal.shows("· not started");
    workbook.answer("number + 1", "todo!()");
    terminal.shows("✗ failing");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn saving_stops_a_grading_that_runs() {
    let workbook = Workbook::new();
    workbook.answer("loop {}", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("Testing: 1 of 3 ...");
    workbook.answer("number * 2 // right", "todo!()");
    terminal.shows("✓ solved");
    workbook.answer("loop {}", "todo!()");
    terminal.shows("Testing: 1 of 3 ...");
    // It can be left, too, while it runs.
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn every_key_does_what_it_says() {
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
    terminal.shows("Show the solution all the same? y/n");
    terminal.press("n");
    terminal.shows(KEYS);
    terminal.press("sy");
    terminal.shows("+     number * 2 // right");

    terminal.press("r");
    terminal.shows("Put the stub back? Your answer is kept. y/n");
    terminal.press("x");
    terminal.shows(KEYS);
    assert!(
        workbook
            .read("exercises/src/demo.rs")
            .contains("number + 1")
    );
    terminal.press("ry");
    terminal.shows("demo/double is as it was in the beginning.");
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
fn the_terminal_is_given_back_at_ctrl_c() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows(KEYS);
    assert!(!terminal.edits_lines(), "keys are read one by one");
    terminal.press("\x03");
    assert_eq!(terminal.ends().exit_code(), 130);
}

#[test_cache::test]
fn the_terminal_is_given_back_when_the_tool_is_told_to_end() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows(KEYS);
    let process = terminal.child.process_id().expect("it runs").to_string();
    let killed = Command::new("kill").arg(process).status();
    assert!(killed.is_ok_and(|status| status.success()));
    assert_eq!(terminal.ends().exit_code(), 130);
}

#[test_cache::test]
fn the_terminal_is_given_back_when_the_tool_panics() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows(KEYS);
    workbook.answer("the tool panics", "todo!()");
    assert_eq!(terminal.ends().exit_code(), 2);
    assert!(
        terminal.contents().contains("as it was told"),
        "{}",
        terminal.contents()
    );
    assert!(terminal.contents().contains("The grader broke down"));
}

#[test_cache::test]
fn what_stands_in_the_way_is_said_and_watched() {
    let workbook = Workbook::new();
    workbook.answer("no compiler", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("Install Rust from rustup.rs");
    workbook.answer("number + 1", "todo!()");
    terminal.shows("✗ failing");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn a_report_that_does_not_fit_can_be_scrolled() {
    let workbook = Workbook::new();
    workbook.answer("println!(); one more", "todo!()");
    let mut terminal = Terminal::new(&workbook, "watch");
    terminal.shows("✗ failing");
    terminal.resize(12);
    terminal.shows("↑↓ more");
    terminal.hides("A mistake that looks like this");
    terminal.press("   ");
    terminal.shows("A mistake that looks like this: Adds one.");
    terminal.shows("demo/double");
    terminal.press("q");
    terminal.ends();
}

#[test_cache::test]
fn without_a_command_the_book_is_built_and_served_and_watched() {
    let workbook = Workbook::new();
    let mut terminal = Terminal::new(&workbook, "");
    terminal.shows(KEYS);
    terminal.shows("o page");
    terminal.shows("http://127.0.0.1:");
    terminal.shows("/#key=");
    assert!(workbook.path("book/index.html").is_file());
    // Who opens the book to read is not at work on an exercise.
    terminal.shows("· not started");
    assert!(!workbook.path(".workbook/progress.json").exists());
    workbook.answer("number * 2 // right", "todo!()");
    terminal.shows("✓ solved");
    terminal.press("q");
    assert_eq!(terminal.ends().exit_code(), 1);
    // What was shown in the terminal before is there again.
    assert!(terminal.contents().contains("The workbook is at"));
}

#[test_cache::test]
fn without_a_terminal_there_are_plain_lines_until_all_is_solved() {
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
    until("Going on with demo/triple.");
    until("demo/triple: · not started");
    workbook.write(
        "exercises/src/other_one.rs",
        "pub fn half(n: u32) -> u32 {\n n / 2 // right\n}\n",
    );
    workbook.answer("number * 2 // right", "number * 3 // right");
    until("Going on with other-one/half.");
    until("All exercises are solved.");
    assert_eq!(tool.wait().expect("it ends").code(), Some(0));
}
