//! Programs of the pages: run, changed, stopped.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::visit::{Visit, visit};

/// The first program of a page.
pub const FIRST: &str = "workbook-program";

/// Its editor, for a script of the page's.
pub const EDITOR: &str = "document.querySelector('workbook-program .ace_editor')";

/// A program that goes on until somebody stops it.
const ENDLESS: &str = "fn main() {\n    println!(\"begun\");\n    loop {}\n}\n";

#[test_cache::test]
fn a_program_runs_and_draws_itself_beside_the_book() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.press(FIRST, "Run").await;
        visit
            .reads(".output-printed", "The page is ready after 750ms.")
            .await;
        visit.reads(".program-status", "Same as in the book.").await;
        let drawn = "document.querySelector('.figures-compared figure.your-run svg.timeline')";
        visit
            .browser
            .until(&format!("{drawn}?.textContent.includes('GET /orders')"))
            .await;
    });
}

#[test_cache::test]
fn a_changed_program_outlives_a_reload_and_can_be_reset() {
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
            .reads(".output-printed", "/orders: 4 open orders")
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
fn a_reset_takes_what_was_said_of_the_change_along() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, "fn main() {\n    let unread: u32 = \"seven\";\n}\n").await;
        visit.press(FIRST, "Run").await;
        visit.reads(".output-error", "mismatched types").await;
        visit.press(FIRST, "Reset").await;
        let said = "document.querySelector('workbook-program .output-error')";
        visit.browser.until(&format!("{said} === null")).await;

        // A run that has not ended has nothing more to say either.
        visit.press(FIRST, "Close the editor").await;
        edit(visit, ENDLESS).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".output-printed", "begun").await;
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
fn the_editor_has_the_whole_program_and_comes_when_it_is_wanted() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let original = program(visit).await;
        let loaded = "return performance.getEntriesByType('resource')
                        .map(({ name }) => name).filter((name) => /\\/(ace|mode-rust|theme-)/.test(name)).length";
        assert_eq!(visit.browser.js(loaded).await, json!(0));
        visit.press(FIRST, "Edit").await;
        visit.browser.until(EDITOR).await;
        assert_eq!(visit.browser.js(loaded).await, json!(4));
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
fn a_change_is_of_one_program_and_one_edition_of_it() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let original = program(visit).await;
        edit(visit, "fn main() {}\n").await;
        visit.open("gather-build-join.html").await;
        assert_ne!(program(visit).await, "fn main() {}\n");
        // The book has another program there now.
        let age = "const [key] = Object.keys(localStorage).filter((key) => key.startsWith('workbook-program:gather.html:'));
                   const kept = JSON.parse(localStorage.getItem(key));
                   localStorage.setItem(key, JSON.stringify({ ...kept, original: kept.original + 1 }));";
        visit.browser.js(age).await;
        visit.open("gather.html").await;
        assert_eq!(program(visit).await, original);
    });
}

#[test_cache::test]
fn an_endless_loop_is_stopped() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, ENDLESS).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".output-printed", "begun").await;
        assert_eq!(running(visit), 1);
        visit.press(FIRST, "Stop").await;
        visit.reads(".program-status", "Stopped.").await;
        until_none_runs(visit).await;
    });
}

#[test_cache::test]
fn who_leaves_the_page_stops_its_program() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, ENDLESS).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".output-printed", "begun").await;
        visit.open("glossary.html").await;
        until_none_runs(visit).await;
    });
}

/// The text of the first program, as it stands in its block.
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

/// Opens the editor of the first program and puts a text into it.
pub async fn edit(visit: &Visit, text: &str) {
    visit.press(FIRST, "Edit").await;
    visit.browser.until(EDITOR).await;
    let script = format!("ace.edit({EDITOR}).setValue({text:?}, -1)");
    visit.browser.js(&script).await;
}

/// Waits until no program runs, for less than the time after which the tool ends each of them.
async fn until_none_runs(visit: &Visit) {
    let begun = Instant::now();
    while running(visit) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(15), "it runs on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How many programs of the clone run.
fn running(visit: &Visit) -> usize {
    let list = Command::new("ps").args(["-eo", "args"]).output();
    let list = list.expect("there is a ps").stdout;
    let programs = visit.clone.root.join("target/workbook/programs");
    let programs = programs.to_string_lossy();
    let list = String::from_utf8_lossy(&list);
    list.lines()
        .filter(|line| line.contains(&*programs))
        .count()
}
