//! "What does this print?": the reader guesses before the output is shown.

use crate::visit::{Visit, visit};

const GUESSER: &str = "workbook-program:has(.program-prediction)";
const GUESS: &str = "workbook-program .program-prediction textarea";
const OUTPUT: &str = "document.querySelector('workbook-program + pre code.language-text')";

/// The sentence after the first output, which says how long it takes.
const EXPLANATION: &str =
    "[...document.querySelectorAll('main p')].find((p) => p.textContent.startsWith('300 + 200'))";

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
        // So is what would give it away.
        let figure = "document.querySelector('#gather-in-turn')";
        let seen = [figure, EXPLANATION]
            .map(|one| format!("{one}.checkVisibility({{ visibilityProperty: true }})"));
        for seen in &seen {
            visit.browser.until(&format!("!{seen}")).await;
        }
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
        for seen in &seen {
            visit.browser.until(seen).await;
        }
        // The output of the run takes the place of the book's, which is the same.
        visit.reads(".output-columns", "Your guess").await;
        visit
            .browser
            .until(&format!("!{OUTPUT}.checkVisibility()"))
            .await;
    });
}

#[test_cache::test]
fn what_leads_to_the_next_program_is_not_covered() {
    visit(&[], async |visit| {
        visit.open("semaphores-rate-limiters.html").await;
        let question = "[...document.querySelectorAll('main p')].find((p) => p.textContent.includes('after a quiet minute?'))";
        let is_after = format!("{question}?.previousElementSibling.matches('.covered-output')");
        visit.browser.until(&is_after).await;
        visit.open("cancellation-cancel-safety.html").await;
        let last =
            "[...document.querySelectorAll('main > p')].at(-1).textContent.startsWith('Next')";
        visit.browser.until(last).await;
    });
}

#[test_cache::test]
fn an_answer_that_begins_with_a_program_can_be_guessed() {
    visit(&[], async |visit| {
        visit.open("gather-exercises.html").await;
        let answer = "[...document.querySelectorAll('main > details')][1]";
        visit.browser.js(&format!("{answer}.open = true")).await;
        let guess =
            format!("{answer}.querySelector('.program-prediction textarea')?.checkVisibility()");
        visit.browser.until(&guess).await;
        let explanation = format!("{answer}.querySelector('.covered-output > p')");
        let is_covered = format!(
            "{explanation} && !{explanation}.checkVisibility({{ visibilityProperty: true }})"
        );
        visit.browser.until(&is_covered).await;
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
