//! The blocks of a page: their buttons, and their colors.

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::paper::NO_MODULES;
use crate::programs::{EDITOR, edit};
use crate::visit::{Visit, visit};

/// The first program of a page, with or without the tool.
const BLOCK: &str = "main pre:has(> code.language-rust)";

#[test_cache::test]
fn a_copied_program_has_the_lines_that_the_page_hides() {
    visit(NO_MODULES, async |visit| {
        let whole = format!("return document.querySelector('{BLOCK} > code').textContent");
        visit.open("how-to.html").await;
        let program = visit.browser.js(&whole).await;
        assert!(
            program
                .as_str()
                .expect("a text")
                .contains("use tokio::time")
        );
        assert_eq!(visit.copied().await, program);
        let label = format!(
            "return document.querySelector('{BLOCK} .clip-button').getAttribute('aria-label')"
        );
        assert_eq!(
            visit.browser.js(&label).await,
            json!("Copy the program, with its hidden lines")
        );
        visit.file("how-to.html").await;
        assert_eq!(visit.copied().await, program);
    });
}

#[test_cache::test]
fn an_edited_program_can_be_copied_from_its_editor() {
    visit(&[], async |visit| {
        visit.open("how-to.html").await;
        edit(visit, "fn main() {\n    println!(\"typed\");\n}\n").await;
        let text = visit.copied().await;
        assert_eq!(text, json!("fn main() {\n    println!(\"typed\");\n}\n"));
    });
}

#[test_cache::test]
fn the_buttons_of_a_block_are_seen_and_cover_no_code() {
    visit(NO_MODULES, async |visit| {
        let beside = "return [...document.querySelectorAll('main pre > .buttons')]
            .filter((buttons) => buttons.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
            .map((buttons) => [...buttons.children, buttons.parentElement.querySelector(':scope > code')])
            .map((boxes) => boxes.map((box) => box.getBoundingClientRect()))
            .filter((boxes) => boxes.slice(0, -1).every(({ bottom, height }) =>
              height >= 24 && bottom <= boxes.at(-1).top + 0.5)).length";
        let open = "return document.querySelectorAll('main pre:not(details pre)').length";
        visit.open("gather-exercises.html").await;
        let cards = "document.querySelector('workbook-exercise')";
        visit.browser.until(cards).await;
        assert_eq!(visit.browser.js(beside).await, visit.browser.js(open).await);
        visit.file("how-to.html").await;
        assert_eq!(visit.browser.js(beside).await, visit.browser.js(open).await);
    });
}

#[test_cache::test]
fn the_editor_has_the_colors_of_the_page() {
    visit(&[], async |visit| {
        visit.open("how-to.html").await;
        let colors = |block: &str, classes: [&str; 3]| {
            let color = |class| {
                format!("getComputedStyle(document.querySelector(\"{block} {class}\")).color")
            };
            let [keyword, string, comment] = classes.map(color);
            format!(
                "[getComputedStyle(document.querySelector(\"{block}\")).backgroundColor, {keyword}, {string}, {comment}]"
            )
        };
        let block = colors(
            "workbook-program > pre > code",
            [".hljs-keyword", ".hljs-string", ".hljs-comment"],
        );
        let editor = colors(
            "workbook-program .ace_editor",
            [".ace_keyword", ".ace_string", ".ace_comment"],
        );
        let program = "// A comment.\nfn main() {\n    println!(\"a string\");\n}\n";
        edit(visit, program).await;
        visit.press("workbook-program", "Close the editor").await;
        for theme in ["light", "navy", "coal"] {
            visit.choose(theme).await;
            let of_block = visit.browser.js(&format!("return {block}")).await;
            visit.press("workbook-program", "Edit").await;
            visit.browser.until(EDITOR).await;
            visit
                .browser
                .until("document.querySelector('workbook-program .ace_comment')")
                .await;
            assert_eq!(
                visit.browser.js(&format!("return {editor}")).await,
                of_block,
                "{theme}"
            );
            visit.press("workbook-program", "Close the editor").await;
        }
    });
}

impl Visit {
    /// Presses the copy button of the first block with hidden lines, and returns what it copies.
    async fn copied(&self) -> Value {
        let listen = "window.copied = null;
                      document.addEventListener('copy', ({ target }) => { window.copied = target.value; });";
        self.browser.js(listen).await;
        let button = format!("{BLOCK} .clip-button");
        let button = self.browser.client.find(Locator::Css(&button)).await;
        let pressed = button.expect("it can be copied").click().await;
        pressed.expect("the button can be pressed");
        self.browser.until("window.copied !== null").await;
        self.browser.js("return window.copied").await
    }
}
