//! The page that shows the learner's progress.

use crate::visit::visit;

#[test_cache::test]
fn a_bar_shows_what_is_solved() {
    visit(&[], async |visit| {
        visit.clone.answer("fetch_all", crate::exercises::RIGHT);
        visit.open("progress.html").await;
        let bars = "[...document.querySelectorAll('workbook-progress progress')]
                      .filter(({ value }) => value === 1).length === 2";
        visit.browser.until(bars).await;
    });
}
