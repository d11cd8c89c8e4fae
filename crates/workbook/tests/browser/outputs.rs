//! What a run of a program shows, beside the book and after the run before it.

use serde_json::json;

use crate::programs::{FIRST, edit};
use crate::visit::{Visit, visit};

#[test_cache::test]
fn a_second_run_takes_the_place_of_the_first() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        for _ in 0..2 {
            visit.press(FIRST, "Run").await;
            visit.reads(".program-status", "Same as in the book.").await;
        }
        let shown = "return [...document.querySelectorAll('figure.your-run, .output-printed')]
                       .map((shown) => shown.className).sort()";
        assert_eq!(
            visit.browser.js(shown).await,
            json!(["output-printed", "your-run"])
        );
    });
}

#[test_cache::test]
fn the_own_timeline_is_a_figure_of_its_own() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.press(FIRST, "Run").await;
        visit
            .reads(".output-link", "The timeline of your run")
            .await;
        // The link leads to it and not to the book's, which has the same name.
        let leads = "document.querySelector(document.querySelector('.output-link a').hash).closest('.your-run')";
        visit.browser.until(leads).await;
        visit.press("figure.your-run", "Look closely").await;
        visit
            .browser
            .until("document.querySelector('figure.your-run [role=gridcell]')")
            .await;
        assert_eq!(visit.ids_of_several().await, json!([]));
    });
}

#[test_cache::test]
fn a_panic_is_shown_as_the_book_shows_it() {
    visit(&[], async |visit| {
        visit.open("gather-build-join.html").await;
        let panics = "workbook-program:has(code.should_panic)";
        visit.press(panics, "Run").await;
        let status = format!("{panics} .program-status");
        visit.reads(&status, "Same as in the book.").await;
        visit.reads(&status, "panicked").await;
        visit
            .reads(
                &format!("{panics} .output-printed .stderr"),
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
        let lines = "document.querySelector('.output-printed')?.textContent.split('\\n')";
        visit
            .browser
            .until(&format!(
                "{lines}.length === 40_001 && {lines}.every((line, number) => line === (number < 40_000 ? `line ${{number}}` : ''))"
            ))
            .await;
    });
}

#[test_cache::test]
fn what_is_done_before_the_output_is_said() {
    visit(&[], async |visit| {
        // What is compiled already would not be compiled again.
        let programs = visit.clone.root.join("target/workbook/programs");
        let _ = std::fs::remove_dir_all(programs);
        visit.open("gather.html").await;
        let listen = "window.said = [];
                      const status = document.querySelector('workbook-program .program-status');
                      new MutationObserver(() => window.said.push(status.innerText))
                        .observe(status, { childList: true, characterData: true, subtree: true });";
        visit.browser.js(listen).await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-status", "Same as in the book.").await;
        visit
            .browser
            .until("window.said.some((words) => words.startsWith('Compiling'))")
            .await;
    });
}

impl Visit {
    /// The ids that more than one element has.
    async fn ids_of_several(&self) -> serde_json::Value {
        let ids = "const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
                   return ids.filter((id, index) => ids.indexOf(id) !== index)";
        self.browser.js(ids).await
    }
}
