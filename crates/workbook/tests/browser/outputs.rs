//! The output and the timeline of a run, beside those of the book.

use serde_json::json;

use crate::programs::{FIRST, edit, run_changed};
use crate::visit::{Visit, visit};

#[test_cache::test]
fn a_second_run_replaces_the_first() {
    visit(&[], async |visit| {
        run_changed(visit).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".figures-compared", "Your run").await;
        let shown = "return [...document.querySelectorAll('figure.your-run, .program-output')]
                       .map((shown) => shown.className).sort()";
        assert_eq!(
            visit.browser.js(shown).await,
            json!(["program-output", "your-run"])
        );
    });
}

#[test_cache::test]
fn the_timeline_of_a_run_is_a_separate_figure() {
    visit(&[], async |visit| {
        run_changed(visit).await;
        visit
            .reads(".output-link", "The timeline of your run")
            .await;
        // The link goes to it and not to the book's figure, which has the same name.
        let target = "document.querySelector(document.querySelector('.output-link a').hash).closest('.your-run')";
        visit.browser.until(target).await;
        visit.press("figure.your-run", "Look closely").await;
        visit
            .browser
            .until("document.querySelector('figure.your-run [role=gridcell]')")
            .await;
        assert_eq!(visit.duplicate_ids().await, json!([]));
    });
}

#[test_cache::test]
fn what_is_the_same_as_in_the_book_is_shown_once() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-status", "Same as in the book.").await;
        let shown = "return ['figure.your-run', 'main figure:has(#gather-in-turn)', 'workbook-program pre.program-output',
             'workbook-program + pre'].map((one) => document.querySelector(one)?.checkVisibility() ?? false)";
        assert_eq!(
            visit.browser.js(shown).await,
            json!([false, true, true, false])
        );
        visit
            .reads("figure:has(#gather-in-turn)", "Your run, and the book’s")
            .await;
        edit(visit, "fn main() {}\n").await;
        visit.press(FIRST, "Reset").await;
        assert_eq!(
            visit.browser.js(shown).await,
            json!([false, true, false, true])
        );
    });
}

#[test_cache::test]
fn a_panic_is_shown_as_in_the_book() {
    visit(&[], async |visit| {
        visit.open("gather-build-join.html").await;
        let panicking = "workbook-program:has(code.should_panic)";
        visit.press(panicking, "Run").await;
        let status = format!("{panicking} .program-status");
        visit.reads(&status, "Same as in the book.").await;
        visit.reads(&status, "panicked").await;
        visit
            .reads(
                &format!("{panicking} .program-output .stderr"),
                "`async fn` resumed after completion",
            )
            .await;
    });
}

#[test_cache::test]
fn a_long_output_is_shown_to_its_end() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let prints =
            "fn main() {\n    (0..40_000).for_each(|line| println!(\"line {line}\"));\n}\n";
        edit(visit, prints).await;
        visit.press(FIRST, "Run").await;
        let lines = "document.querySelector('.program-output')?.textContent.split('\\n')";
        visit
            .browser
            .until(&format!(
                "{lines}.length === 40_001 && {lines}.every((line, number) => line === (number < 40_000 ? `line ${{number}}` : ''))"
            ))
            .await;
    });
}

#[test_cache::test]
fn the_status_shows_that_the_program_is_compiled() {
    visit(&[], async |visit| {
        // A program in the cache would not be compiled again.
        let programs = visit.clone.root.join("target/workbook/programs");
        let _ = std::fs::remove_dir_all(programs);
        visit.open("gather.html").await;
        let listen = "window.messages = [];
                      const status = document.querySelector('workbook-program .program-status');
                      new MutationObserver(() => window.messages.push(status.innerText))
                        .observe(status, { childList: true, characterData: true, subtree: true });";
        visit.browser.js(listen).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-status", "Same as in the book.").await;
        visit
            .browser
            .until("window.messages.some((message) => message.startsWith('Compiling'))")
            .await;
    });
}

impl Visit {
    /// The ids that more than one element has.
    async fn duplicate_ids(&self) -> serde_json::Value {
        let ids = "const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
                   return ids.filter((id, index) => ids.indexOf(id) !== index)";
        self.browser.js(ids).await
    }
}
