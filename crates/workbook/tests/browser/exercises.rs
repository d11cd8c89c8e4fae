//! An exercise, from its stub to its solution.

use std::fs;
use std::panic::Location;
use std::time::{Duration, Instant};

use crate::clone::STUB;
use crate::driver::DEADLINE;
use crate::visit::{Visit, visit};

pub const CARD: &str = "#card-gather-fetch_all";
pub const PAGE: &str = "gather-exercises.html";
pub const IN_TURN: &str = "let mut pages = Vec::new();
    for path in paths {
        pages.push(client.get(path).await);
    }
    pages";
pub const RIGHT: &str =
    "futures::future::join_all(paths.iter().map(|path| client.get(path))).await";

#[test_cache::test]
fn a_save_on_disk_is_graded_on_the_page() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.clone.answer("fetch_all", IN_TURN);
        visit.reads(CARD, "Failing").await;
        visit.reads(CARD, "they took 70 ms").await;
        visit
            .reads(
                CARD,
                "A loop that awaits each download before it starts the next.",
            )
            .await;
        // A report is wrapped for terminals, and here by the page; what is code in it looks like code.
        let report = format!("document.querySelector('{CARD} .exercise-report')");
        let is_whole = format!(
            "{report}.textContent.includes('as long as the slowest') && !{report}.textContent.includes('`')"
        );
        visit.browser.until(&is_whole).await;
        // The timeline of this answer: the second download starts when the first has finished.
        let drawn = format!("document.querySelector('{CARD} figure svg.timeline')");
        visit
            .browser
            .until(&format!(
                "{drawn}?.querySelector('desc').textContent.includes('GET /maps')"
            ))
            .await;
        let link = format!("document.querySelector('{CARD} .exercise-report a').href");
        let page = format!("{link}.endsWith('/gather-pitfalls.html#futures-are-lazy')");
        visit.browser.until(&page).await;

        fs::copy(
            visit.clone.root.join("exercises/stubs/gather.rs"),
            visit.clone.root.join(STUB),
        )
        .expect("writable");
        visit.clone.answer("fetch_all", RIGHT);
        visit.reads(CARD, "Solved").await;
        visit.reads(CARD, "Continue with").await;
        visit
            .reads(
                "mdbook-sidebar-scrollbox a[href$='gather-exercises.html'] .progress-mark",
                "1/6",
            )
            .await;
        visit.open("progress.html").await;
        let sum = format!("1 of {} exercises solved", visit.clone.exercises());
        visit.reads("workbook-progress", &sum).await;
        visit
            .reads(
                "workbook-progress",
                "Continue with One request first, then two concurrently",
            )
            .await;
        visit
            .reads(
                "workbook-progress [aria-label='Gather'] tr + tr",
                "Download all paths concurrently fetch_all\t10 min\tnone\t0 of 3",
            )
            .await;
        visit
            .reads(
                "workbook-progress [aria-label='Gather'] tr + tr + tr",
                "12 min\tnone\t0 of 4\tnot yet",
            )
            .await;
    });
}

#[test_cache::test]
fn an_exercise_can_be_solved_on_the_page() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit.press(CARD, "Edit here").await;
        let editor = format!("{CARD} textarea.ace_text-input");
        visit
            .browser
            .until(&format!("document.querySelector('{editor}')"))
            .await;
        let to_the_stub = format!(
            "const editor = ace.edit(document.querySelector('{CARD} .ace_editor'));
             const {{ row }} = editor.getCursorPosition();
             editor.gotoLine(editor.session.getLines(row, 99).findIndex((line) => line.includes('todo!')) + row + 1);"
        );
        visit.browser.js(&to_the_stub).await;
        let home_and_select = "\u{e011}\u{e008}\u{e010}\u{e000}";
        visit.keys(&editor, home_and_select).await;
        visit.keys(&editor, &RIGHT[..RIGHT.len() - 6]).await;
        visit.keys(&editor, ".await\u{e009}\u{e007}\u{e000}").await;
        visit.reads(CARD, "Solved").await;
        let saved = fs::read_to_string(visit.clone.root.join(STUB)).expect("readable");
        assert!(saved.contains("join_all("), "{saved}");
        visit.press(CARD, "Compare with the solution").await;
        visit.reads(CARD, "The solution").await;
    });
}

#[test_cache::test]
fn a_button_goes_to_the_line_of_a_compile_error() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.clone.answer("fetch_all", "paths.len()");
        visit.reads(CARD, "Does not compile").await;
        visit.reads(CARD, "error[E0308]: mismatched types").await;
        let button = "[...document.querySelectorAll('.exercise-diagnostic button')][0].textContent";
        let label = visit.browser.js(&format!("return {button}")).await;
        let label = label.as_str().expect("a text").to_owned();
        visit.press(CARD, &label).await;
        let line = label.rsplit(' ').next().expect("a number");
        let at = format!(
            "ace.edit(document.querySelector('{CARD} .ace_editor')).getCursorPosition().row + 1"
        );
        visit.browser.until(&format!("{at} === {line}")).await;
    });
}

#[test_cache::test]
fn an_exercise_is_blocked_by_another_one_that_does_not_compile() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.clone.answer("fetch_all", "paths.len()");
        visit.reads(CARD, "Does not compile").await;
        let other = "#card-gather-settle";
        visit
            .reads(other, "Blocked by fetch_all, which does not compile")
            .await;
        let errors =
            format!("document.querySelectorAll('{other} .exercise-diagnostic').length === 0");
        visit.browser.until(&errors).await;
    });
}

#[test_cache::test]
fn the_editor_moves_to_the_exercise_that_is_edited() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        type_in_editor(visit, "// typed in the page\n").await;
        let other = "#card-gather-settle";
        visit.press(other, "Edit here (unsaved changes)").await;
        let moved = format!(
            "document.querySelector('{other} .ace_editor') && !document.querySelector('{CARD} .ace_editor')"
        );
        visit.browser.until(&moved).await;
        let editor = format!("document.querySelector('{other} .ace_editor')");
        let text = format!("ace.edit({editor}).getValue().includes('typed in the page')");
        visit.browser.until(&text).await;
        // The verdict is shown beside the editor, with a button that goes to the report.
        visit
            .keys(
                &format!("{other} textarea.ace_text-input"),
                "\u{e009}\u{e007}\u{e000}",
            )
            .await;
        visit.reads(".answer-verdict", "Not started.").await;
        visit.press(other, "Go to the report").await;
        visit
            .browser
            .until("document.activeElement.matches('#card-gather-settle .exercise-verdict')")
            .await;
    });
}

#[test_cache::test]
fn hints_are_shown_one_by_one_and_a_reset_can_be_undone() {
    visit(&["403"], async |visit| {
        visit.clone.answer("fetch_all", IN_TURN);
        visit.open(PAGE).await;
        visit.reads(CARD, "Failing").await;
        visit.press(CARD, "Hint 1 of 3").await;
        visit.reads(CARD, "Hint 1. ").await;
        visit.press(CARD, "Hint 2 of 3").await;
        visit.reads(CARD, "Hint 2. ").await;
        visit.press(CARD, "Reset").await;
        visit.press(CARD, "Cancel").await;
        assert!(on_disk(visit).contains("pages.push"));
        visit.press(CARD, "Reset").await;
        visit.press(CARD, "Reset it").await;
        visit.reads(CARD, "Not started").await;
        assert!(!on_disk(visit).contains("pages.push"));
        visit.press(CARD, "Undo the reset").await;
        visit.reads(CARD, "Failing").await;
        assert!(on_disk(visit).contains("pages.push"));
        // The solution of an unsolved exercise is shown only after a confirmation.
        visit.press(CARD, "Show the solution").await;
        visit.press(CARD, "Show it").await;
        visit.reads(CARD, "join_all").await;
        visit.reads(CARD, "solution shown").await;
    });
}

#[test_cache::test]
fn what_is_pressed_during_a_request_is_done_after_it() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let press = |action: &str| {
            format!("document.querySelector('{CARD} [data-action={action}]').click();")
        };
        // The second press of the same button is one too many.
        let presses = [press("hint"), press("hint"), press("solution")].concat();
        visit.browser.js(&presses).await;
        visit.reads(CARD, "Show the solution anyway?").await;
        visit.reads(CARD, "Hint 1. ").await;
        visit.press(CARD, "Hint 2 of 3").await;
        visit.reads(CARD, "Hint 2. ").await;
        visit.press(CARD, "Hint 3 of 3").await;
    });
}

pub fn on_disk(visit: &Visit) -> String {
    fs::read_to_string(visit.clone.root.join(STUB)).expect("readable")
}

/// Opens the editor and inserts text at its start.
pub async fn type_in_editor(visit: &Visit, text: &str) {
    visit.press(CARD, "Edit here").await;
    let editor = format!("document.querySelector('{CARD} .ace_editor')");
    visit.browser.until(&editor).await;
    let script = format!(
        "const editor = ace.edit({editor}); editor.session.insert({{ row: 0, column: 0 }}, {text:?});"
    );
    visit.browser.js(&script).await;
}

impl Visit {
    #[track_caller]
    pub fn until_on_disk<'v>(&'v self, text: &str) -> impl Future<Output = ()> + use<'v> {
        let (place, text) = (Location::caller(), text.to_owned());
        async move {
            let start = Instant::now();
            while !on_disk(self).contains(&text) {
                let now = on_disk(self);
                assert!(
                    start.elapsed() < DEADLINE,
                    "{place}: no {text:?} on disk:\n{now}"
                );
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}
