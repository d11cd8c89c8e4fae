//! The programs of the pages: run, edited and stopped.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::visit::{Visit, visit};

/// The first program of a page.
pub const FIRST: &str = "workbook-program";

/// Its editor, as an expression for scripts on the page.
pub const EDITOR: &str = "document.querySelector('workbook-program .ace_editor')";

/// A program that runs until it is stopped.
const ENDLESS: &str = "fn main() {\n    println!(\"started\");\n    loop {}\n}\n";

#[test_cache::test]
fn the_timeline_of_a_run_is_shown_beside_the_books() {
    visit(&[], async |visit| {
        run_changed(visit).await;
        visit
            .reads(".program-output", "The page is ready after 751ms.")
            .await;
        let label =
            "document.querySelector('workbook-program + pre').dataset.label === 'In the book'";
        visit.browser.until(label).await;
        let titles = "[...document.querySelectorAll('.figures-compared .figure-title')]
                        .map(({ textContent }) => textContent).join() === 'Your run,In the book'";
        visit.browser.until(titles).await;
        let drawn = "document.querySelector('.figures-compared figure.your-run svg.timeline')";
        visit
            .browser
            .until(&format!("{drawn}?.textContent.includes('GET /orders')"))
            .await;
    });
}

#[test_cache::test]
fn an_edited_program_survives_a_reload_and_can_be_reset() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let original = program(visit).await;
        assert!(
            original.contains("use tokio::time::{Instant, sleep};"),
            "hidden lines are part of it"
        );
        edit(visit, &original.replace("300, \"3 open", "301, \"4 open")).await;
        visit.press(FIRST, "Run").await;
        visit
            .reads(".program-output", "/orders: 4 open orders")
            .await;
        visit
            .reads(".program-status", "This differs from the book.")
            .await;
        visit.open("gather.html").await;
        assert!(program(visit).await.contains("301, \"4 open"));
        visit.reads(".program-status", "your edited version").await;
        visit.press(FIRST, "Reset").await;
        assert_eq!(program(visit).await, original);
        visit.open("gather.html").await;
        assert_eq!(program(visit).await, original);
    });
}

#[test_cache::test]
fn a_reset_removes_the_results_of_the_edited_program() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, "fn main() {\n    let unread: u32 = \"seven\";\n}\n").await;
        visit.press(FIRST, "Run").await;
        visit.reads(".output-error", "mismatched types").await;
        visit.press(FIRST, "Reset").await;
        let error = "document.querySelector('workbook-program .output-error')";
        visit.browser.until(&format!("{error} === null")).await;

        // It also stops a run that has not ended, and removes its output.
        visit.press(FIRST, "Close the editor").await;
        edit(visit, ENDLESS).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-output", "started").await;
        visit.press(FIRST, "Reset").await;
        until_none_runs(visit).await;
        visit
            .reads(".program-status", "The book's program is back.")
            .await;
        let run = "document.querySelector('workbook-program .program-run').checkVisibility()";
        visit.browser.until(run).await;
    });
}

#[test_cache::test]
fn the_editor_is_loaded_when_needed_and_has_the_whole_program() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let original = program(visit).await;
        let loaded = "return performance.getEntriesByType('resource')
                        .map(({ name }) => name).filter((name) => /\\/(ace|mode-rust|theme-)/.test(name)).length";
        assert_eq!(visit.browser.js(loaded).await, json!(0));
        visit.press(FIRST, "Edit").await;
        visit.browser.until(EDITOR).await;
        assert_eq!(visit.browser.js(loaded).await, json!(2));
        let text = visit
            .browser
            .js(&format!("return ace.edit({EDITOR}).getValue()"))
            .await;
        assert_eq!(text, json!(original));
        let drawn = "document.querySelectorAll('workbook-program .ace_line').length";
        visit.browser.until(&format!("{drawn} > 10")).await;
    });
}

#[test_cache::test]
fn an_edit_belongs_to_one_program_in_one_version() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let original = program(visit).await;
        edit(visit, "fn main() {}\n").await;
        visit.open("gather-build-join.html").await;
        assert_ne!(program(visit).await, "fn main() {}\n");
        // As if the book's program had changed since.
        let change = "const [key] = Object.keys(localStorage).filter((key) => key.startsWith('workbook-program:gather.html:'));
                   localStorage.setItem(`${key}0`, localStorage.getItem(key));
                   localStorage.removeItem(key);";
        visit.browser.js(change).await;
        visit.open("gather.html").await;
        assert_eq!(program(visit).await, original);
        // The edit is kept, and can be used in the new version.
        let open = "document.querySelector('workbook-program .program-left summary').click()";
        visit.browser.js(open).await;
        visit.reads(".program-left pre", "fn main() {}").await;
        visit.press(FIRST, "Use it here").await;
        assert_eq!(program(visit).await, "fn main() {}\n");
        visit.open("gather.html").await;
        assert_eq!(program(visit).await, "fn main() {}\n");
        let left = "return document.querySelectorAll('.program-left').length";
        assert_eq!(visit.browser.js(left).await, json!(0));
        visit.press(FIRST, "Reset").await;
        assert_eq!(program(visit).await, original);
    });
}

#[test_cache::test]
fn stop_ends_an_endless_loop() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, ENDLESS).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-output", "started").await;
        assert_eq!(running(visit), 1);
        visit.press(FIRST, "Stop").await;
        visit.reads(".program-status", "Stopped.").await;
        until_none_runs(visit).await;
    });
}

#[test_cache::test]
fn the_output_of_a_program_that_a_limit_ended_is_not_compared() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let text = "fn main() {\n    loop {\n        println!(\"on and on\");\n    }\n}\n";
        edit(visit, text).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-status", "printed more than").await;
        let status = "return document.querySelector('.program-status').textContent";
        let status = visit.browser.js(status).await;
        assert!(
            !status.as_str().unwrap_or_default().contains("book"),
            "{status}"
        );
    });
}

#[test_cache::test]
fn leaving_the_page_stops_its_program() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, ENDLESS).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-output", "started").await;
        visit.open("glossary.html").await;
        until_none_runs(visit).await;
    });
}

/// The text of the first program, as its block shows it.
async fn program(visit: &Visit) -> String {
    let text = "return document.querySelector('workbook-program code.language-rust').textContent";
    visit
        .browser
        .js(text)
        .await
        .as_str()
        .expect("a text")
        .to_owned()
}

/// Opens the chapter's first page and runs its first program, with a request that takes a millisecond longer than the book's.
pub async fn run_changed(visit: &Visit) {
    visit.open("gather.html").await;
    let original = program(visit).await;
    edit(visit, &original.replace("300, \"3 open", "301, \"3 open")).await;
    visit.press(FIRST, "Run").await;
    visit
        .reads(".program-status", "This differs from the book.")
        .await;
}

/// Opens the editor of the first program and replaces its text.
pub async fn edit(visit: &Visit, text: &str) {
    visit.press(FIRST, "Edit").await;
    visit.browser.until(EDITOR).await;
    let script = format!("ace.edit({EDITOR}).setValue({text:?}, -1)");
    visit.browser.js(&script).await;
}

/// Waits until no program runs, for less time than the tool's own limit.
async fn until_none_runs(visit: &Visit) {
    let start = Instant::now();
    while running(visit) > 0 {
        assert!(
            start.elapsed() < Duration::from_secs(15),
            "a program is still running"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How many programs of the clone are running.
fn running(visit: &Visit) -> usize {
    let list = Command::new("ps").args(["-eo", "args"]).output();
    let list = list.expect("ps can be started").stdout;
    let programs = visit.clone.root.join("target/workbook/programs");
    let programs = programs.to_string_lossy();
    let list = String::from_utf8_lossy(&list);
    list.lines()
        .filter(|line| line.contains(&*programs))
        .count()
}
