//! What has to fit the width of a phone.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::visit::{Visit, visit};

async fn on_a_phone(visit: &Visit) {
    let phone = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
    let set = visit
        .browser
        .cdp("Emulation.setDeviceMetricsOverride", phone);
    set.await;
}

#[test_cache::test]
fn the_progress_fits_a_phone() {
    visit(&[], async |visit| {
        on_a_phone(visit).await;
        visit.open("progress.html").await;
        visit.reads("workbook-progress", "Gather").await;
        let tables = "return [...document.querySelectorAll('workbook-progress table')]
                        .map((table) => table.getBoundingClientRect().right <= innerWidth)";
        assert_eq!(visit.browser.js(tables).await, json!([true]));
        // What is code in a title looks like code.
        visit
            .browser
            .until("!document.querySelector('workbook-progress').textContent.includes('`')")
            .await;
    });
}

/// The pages of the book with tables.
fn pages_with_tables() -> Vec<String> {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src");
    let files = autograder::files::below(&book, "md").expect("the book is there");
    files
        .iter()
        .filter(|file| fs::read_to_string(file).expect("UTF-8").contains("\n|---"))
        .map(|file| {
            let page = file
                .strip_prefix(&book)
                .expect("it is below")
                .with_extension("html");
            page.to_string_lossy().replace('\\', "/")
        })
        .collect()
}

#[test_cache::test]
fn tables_fit_a_phone() {
    visit(&[], async |visit| {
        on_a_phone(visit).await;
        let pages = pages_with_tables();
        assert!(pages.len() > 10, "{pages:?}");
        for page in pages {
            visit.open(&page).await;
            let wide = "return [...document.querySelectorAll('main table')]
                          .filter((table) => table.getBoundingClientRect().right > innerWidth)
                          .map((table) => table.innerText.slice(0, 200))";
            assert_eq!(visit.browser.js(wide).await, json!([]), "{page}");
        }
    });
}
