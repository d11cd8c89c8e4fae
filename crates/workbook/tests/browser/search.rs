//! The book's own search leads to the page that teaches what a reader looks for.

use fantoccini::Locator;
use serde_json::json;

use crate::visit::{Visit, visit};

/// What readers type, and how the titles of the pages begin that teach it.
const SEARCHES: &[(&str, &[&str])] = &[
    ("JoinSet", &["JoinSet and structured concurrency"]),
    ("waker", &["Futures and wakers"]),
    ("Pin", &["Why futures need Pin", "Using pin!"]),
    ("Send bound", &["The Send bound"]),
    ("'static", &["The 'static bound"]),
    ("join", &["Gather: join!", "Build join!"]),
    (
        "select",
        &[
            "Racing futures: a first look at select!",
            "select! in depth",
        ],
    ),
    ("blocking", &["Blocking the event loop"]),
    (
        "panic in a task",
        &[
            "A panic in a task",
            "Tasks: spawn, JoinHandle, abort",
            "Task pitfalls",
        ],
    ),
    ("abort", &["Tasks: spawn, JoinHandle, abort"]),
];

/// So many hits are looked at before a reader types something else.
const LOOKED_AT: usize = 2;

#[test_cache::test]
fn the_first_hits_are_on_the_page_that_teaches_it() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        visit
            .browser
            .js("document.getElementById('mdbook-search-toggle').click()")
            .await;
        let mut missed = Vec::new();
        for (query, titles) in SEARCHES {
            let pages = visit.search(query).await;
            let first = &pages[..LOOKED_AT.min(pages.len())];
            let is_there = |page: &String| titles.iter().any(|title| page.starts_with(title));
            if !first.iter().any(is_there) {
                missed.push(format!("{query}: {first:?} in place of {titles:?}"));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    });
}

impl Visit {
    /// Types into the search box, and gives the titles of the pages that the hits are on, as the sidebar has them.
    async fn search(&self, query: &str) -> Vec<String> {
        let field = self
            .browser
            .client
            .find(Locator::Id("mdbook-searchbar"))
            .await;
        let field = field.expect("the search is open");
        field.clear().await.expect("it can be emptied");
        field
            .send_keys(query)
            .await
            .expect("it can be written into");
        let is_done = format!(
            "document.getElementById('mdbook-searchresults-header').textContent.includes({})",
            json!(format!("for '{query}'"))
        );
        self.browser.until(&is_done).await;
        let pages = "const titles = new Map([...document.querySelectorAll('mdbook-sidebar-scrollbox a[href]')]
                       .filter((link) => link.hash === '')
                       .map((link) => [link.pathname, [...link.childNodes]
                         .filter((node) => node.localName !== 'strong')
                         .map((node) => node.textContent).join('').trim()]));
                     return [...document.querySelectorAll('#mdbook-searchresults > li > a')]
                       .map((hit) => titles.get(hit.pathname) ?? hit.pathname);";
        let pages = self.browser.js(pages).await;
        serde_json::from_value(pages).expect("a list of titles")
    }
}
