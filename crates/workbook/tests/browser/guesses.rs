//! "What does this print?": the reader guesses before the output is shown.

use crate::visit::{Visit, visit};

const GUESSER: &str = "workbook-program:has(.program-prediction)";
const GUESS: &str = "workbook-program .program-prediction textarea";
const OUTPUT: &str = "document.querySelector('workbook-program + pre code.language-text')";

/// Control and Enter.
const RUN: &str = "\u{e009}\u{e007}\u{e000}";

#[test_cache::test]
fn a_guess_is_taken_before_the_output_is_shown() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        // The output is covered only if the page asks for a guess.
        let output = "document.querySelector('.covered-output code.language-text')";
        let covered =
            format!("{output} && !{output}.checkVisibility({{ visibilityProperty: true }})");
        visit.browser.until(&covered).await;
        let figure = "document.querySelector('#gather-in-turn')";
        let seen = format!("{figure}.checkVisibility({{ visibilityProperty: true }})");
        visit.browser.until(&format!("!{seen}")).await;
        let asked = "document.querySelectorAll('.program-prediction').length";
        let all = "document.querySelectorAll('workbook-program').length";
        visit
            .browser
            .until(&format!("{asked} > 0 && {asked} < {all}"))
            .await;
        visit.write(GUESS, "The page is ready after 750 ms.").await;
        visit.press(GUESSER, "Run").await;
        visit
            .reads(".program-status", "Your guess was right.")
            .await;
        visit.browser.until(&seen).await;
        visit.until_uncovered().await;
    });
}

#[test_cache::test]
fn a_wrong_guess_is_shown_beside_the_output() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit
            .keys(GUESS, &format!("The page is ready after 300 ms.{RUN}"))
            .await;
        visit.reads(".program-status", "Same as in the book.").await;
        visit.reads(".output-columns", "Your guess").await;
        visit.reads(".output-columns", "ready after 300 ms.").await;
        visit.reads(".output-columns", "ready after 750ms.").await;
        visit
            .browser
            .until("!document.querySelector('.program-status').innerText.includes('guess')")
            .await;
    });
}

#[test_cache::test]
fn the_output_can_be_seen_without_a_guess() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.press(".covered-output", "Show the output").await;
        visit.until_uncovered().await;
        // The focus moves to the output, so that screen readers read it.
        let there = format!("{OUTPUT}.parentElement === document.activeElement");
        visit.browser.until(&there).await;
    });
}

impl Visit {
    async fn until_uncovered(&self) {
        let seen = format!("{OUTPUT}?.checkVisibility({{ visibilityProperty: true }})");
        self.browser.until(&seen).await;
    }
}
