//! The compiler's diagnostics, at the lines that they name.

use serde_json::json;

use crate::programs::{EDITOR, FIRST, edit};
use crate::visit::visit;

const BROKEN: &str = "fn main() {\n    let number: u32 = \"seven\";\n}\n";

#[test_cache::test]
fn a_compile_error_is_shown_at_its_line() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, BROKEN).await;
        visit.press(FIRST, "Run").await;
        visit
            .reads(".output-error", "error[E0308]: mismatched types")
            .await;
        visit.reads(".output-error", "src/main.rs:2:23").await;
        visit.reads(".program-status", "It does not compile.").await;
        let marked =
            "document.querySelector('workbook-program .ace_gutter-cell.ace_error')?.textContent";
        visit
            .browser
            .until(&format!("{marked}.includes('2')"))
            .await;
        visit.press(FIRST, "Line 2").await;
        let line = format!("ace.edit({EDITOR}).getCursorPosition().row");
        visit.browser.until(&format!("{line} === 1")).await;
    });
}

#[test_cache::test]
fn the_line_is_marked_in_the_block_too() {
    visit(&[], async |visit| {
        visit.open("gather-exercises.html").await;
        let broken = "workbook-program:has(code.compile_fail)";
        visit
            .browser
            .js(&format!(
                "document.querySelector('{broken}').closest('details').open = true"
            ))
            .await;
        visit.press(broken, "Run").await;
        visit
            .reads(&format!("{broken} .program-status"), "Same as in the book.")
            .await;
        // The line that the compiler's message names.
        let line =
            "/src\\/main.rs:(\\d+)/.exec(document.querySelector('.output-error').innerText)[1]";
        let line = visit.browser.js(&format!("return {line}")).await;
        let line = line.as_str().expect("a number").to_owned();
        let marked = "return [...CSS.highlights.get('program-error')].map(String)";
        assert_eq!(
            visit.browser.js(marked).await,
            json!(["join_all([orders, unread]).await; // error[E0308]"])
        );
        // The sign is beside that line.
        let beside =
            "const sign = document.querySelector('.program-mark.error').getBoundingClientRect();
                      const [line] = [...CSS.highlights.get('program-error')][0].getClientRects();
                      return Math.abs(sign.top - line.top) < line.height / 2";
        assert_eq!(visit.browser.js(beside).await, json!(true));
        visit.press(broken, &format!("Line {line}")).await;
        let label = format!("Line {line} does not compile: mismatched types");
        let focused = format!("document.activeElement.getAttribute('aria-label') === '{label}'");
        visit.browser.until(&focused).await;
    });
}

#[test_cache::test]
fn diagnostics_for_an_earlier_text_mark_no_line() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(visit, BROKEN).await;
        // The text changes before the compiler has finished.
        let run_and_change = format!(
            "document.querySelector('workbook-program .program-run').click();
             ace.edit({EDITOR}).setValue('fn main() {{\\n    let number = 7;\\n}}\\n', -1);"
        );
        visit.browser.js(&run_and_change).await;
        visit.reads(".program-status", "It does not compile.").await;
        let marks = format!("return ace.edit({EDITOR}).session.getAnnotations()");
        assert_eq!(visit.browser.js(&marks).await, json!([]));
    });
}

#[test_cache::test]
fn a_warning_is_shown_with_the_output() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        edit(
            visit,
            "fn main() {\n    let unread = 7;\n    println!(\"it runs\");\n}\n",
        )
        .await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-output", "it runs").await;
        visit.reads(".output-warnings summary", "1 warning").await;
        let marked =
            "document.querySelector('workbook-program .ace_gutter-cell.ace_warning')?.textContent";
        visit
            .browser
            .until(&format!("{marked}.includes('2')"))
            .await;
    });
}
