//! The book's search finds the page that teaches a topic.

use fantoccini::Locator;
use serde_json::json;

use crate::visit::{Visit, visit};

/// What readers type, and the beginnings of the titles of the pages that teach it.
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

/// How many hits a reader looks at.
const LOOKED_AT: usize = 2;

#[test_cache::test]
fn one_of_the_first_two_hits_is_on_the_page_that_teaches_the_topic() {
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
                missed.push(format!("{query}: {first:?} instead of {titles:?}"));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    });
}

impl Visit {
    /// Types into the search box, and returns the titles in the sidebar of the pages with the hits.
    async fn search(&self, query: &str) -> Vec<String> {
        let field = self
            .browser
            .client
            .find(Locator::Id("mdbook-searchbar"))
            .await;
        let field = field.expect("the search is open");
        field.clear().await.expect("the field can be cleared");
        field
            .send_keys(query)
            .await
            .expect("the field accepts text");
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
