//! The focus, for readers who use the keyboard.

use serde_json::json;

use crate::exercises::{CARD, PAGE};
use crate::programs::{FIRST, edit};
use crate::visit::{Visit, visit};

const ENTER: &str = "\u{e007}";
const RIGHT: &str = "\u{e014}";
const ESCAPE: &str = "\u{e00c}";
const RUN: &str = "\u{e009}\u{e007}\u{e000}";

#[test_cache::test]
fn the_keyboard_runs_a_program_and_leaves_its_editor() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, "fn main() {\n    println!(\"typed\");\n}\n").await;
        let editor = "workbook-program textarea.ace_text-input";
        visit.keys(editor, RUN).await;
        visit.reads(".program-output", "typed").await;
        let is_inside = "document.activeElement.closest('.ace_editor')";
        visit.browser.until(is_inside).await;
        visit.keys(editor, ESCAPE).await;
        visit.browser.until(&format!("!{is_inside}")).await;
    });
}

#[test_cache::test]
fn the_focus_moves_from_run_to_stop_and_back() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, "fn main() {\n    loop {}\n}\n").await;
        visit.keys(".program-run", ENTER).await;
        visit.until_focused("Stop").await;
        visit.press_focused().await;
        visit.reads(".program-status", "Stopped.").await;
        visit.until_focused("Run").await;
        // Reset hides itself, so the focus moves on.
        visit
            .browser
            .js(&format!(
                "[...document.querySelectorAll('{FIRST} button')]
                   .find((button) => button.textContent === 'Reset').focus()"
            ))
            .await;
        visit.press_focused().await;
        visit.until_focused("Close the editor").await;
    });
}

#[test_cache::test]
fn arrow_keys_turn_the_page_only_if_nothing_has_the_focus() {
    visit(&[], async |visit| {
        visit.open("how-to.html").await;
        edit(visit, "fn main() {\n    loop {}\n}\n").await;
        for inside in [".program-run", "main summary", "main a[href]"] {
            visit.keys(inside, RIGHT).await;
        }
        visit.keys(".program-run", ENTER).await;
        visit.until_focused("Stop").await;
        visit.send_to_focused(RIGHT).await;
        visit.press_focused().await;
        // The program was still running.
        visit.reads(".program-status", "Stopped.").await;
        visit.browser.js("document.activeElement.blur()").await;
        visit.keys("body", RIGHT).await;
        let next = "location.pathname === '/progress.html'";
        visit.browser.until(next).await;
    });
}

#[test_cache::test]
fn arrow_keys_move_along_the_lanes_of_a_timeline_that_was_opened() {
    visit(&[], async |visit| {
        visit.open("how-to.html").await;
        visit.press("main", "Show the output").await;
        let button = "figure:has(#how-to-in-turn) workbook-timeline button";
        visit.keys(button, ENTER).await;
        for described in [
            "Poll 1 of GET /news at 0 ms",
            "Wake-up of GET /news at 120 ms",
        ] {
            visit.reads(".timeline-description", described).await;
            visit.send_to_focused(RIGHT).await;
        }
    });
}

#[test_cache::test]
fn a_verdict_keeps_the_focus_and_the_open_details() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.keys(&format!("{CARD} summary"), ENTER).await;
        visit.reads(CARD, "one outcome for each path").await;
        visit.keys(&format!("{CARD} .exercise-check"), "").await;
        visit.clone.answer("fetch_all", "Vec::new()");
        visit.reads(CARD, "Failing").await;
        visit.until_focused("Check").await;
        visit.reads(CARD, "one outcome for each path").await;
    });
}

#[test_cache::test]
fn after_the_last_hint_the_focus_is_at_the_hints() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.keys(&format!("{CARD} [data-action=hint]"), "").await;
        for hint in ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"] {
            visit.until_focused(hint).await;
            visit.press_focused().await;
        }
        visit.reads(CARD, "Hint 3. ").await;
        let at_the_hints =
            format!("document.activeElement === document.querySelector('{CARD} [role=log]')");
        visit.browser.until(&at_the_hints).await;
    });
}

#[test_cache::test]
fn the_help_names_the_key_that_runs_a_program() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        visit.keys("body", "?").await;
        visit
            .reads("#mdbook-help-popup", "Ctrl+Enter in an editor")
            .await;
    });
}

#[test_cache::test]
fn nothing_moves_for_readers_who_want_no_motion() {
    visit(&[], async |visit| {
        let reduced =
            json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        visit
            .browser
            .cdp("Emulation.setEmulatedMedia", reduced)
            .await;
        visit.open("gather.html").await;
        let moving = "return [...document.querySelectorAll('*')].filter((element) =>
            getComputedStyle(element).transitionDuration.split(', ').some((time) => time !== '0s'))
            .map(({ className }) => className)";
        assert_eq!(visit.browser.js(moving).await, json!([]));
    });
}

impl Visit {
    #[track_caller]
    fn until_focused<'v>(&'v self, label: &str) -> impl Future<Output = ()> + use<'v> {
        let there = format!("document.activeElement.textContent.trim() === {label:?}");
        self.browser.until(&there)
    }

    async fn press_focused(&self) {
        self.send_to_focused(ENTER).await;
    }

    async fn send_to_focused(&self, keys: &str) {
        let focused = self.browser.client.active_element().await;
        let focused = focused.expect("something has the focus");
        focused.send_keys(keys).await.expect("it takes keys");
    }
}
