//! The search box, and the keys that open it and lead to a hit.

use serde_json::{Value, json};

use crate::paper::NO_MODULES;
use crate::visit::{Visit, visit};

pub const FIELD: &str = "#mdbook-searchbar";
const FIRST_LINK: &str = "#mdbook-searchresults li:first-child a";
const BODY: &str = "body";

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";

#[test_cache::test]
fn the_keyboard_reaches_a_hit_and_comes_back() {
    visit(&[], async |visit| {
        for key in ["/", "s"] {
            visit.open("glossary.html").await;
            visit.keys(BODY, key).await;
            visit.until_focused_on(FIELD).await;
            // The key itself is not typed.
            let is_empty = format!("document.querySelector('{FIELD}').value === ''");
            visit.browser.until(&is_empty).await;
        }
        visit.keys(FIELD, "join_next").await;
        visit
            .reads("#mdbook-searchresults-header", "for 'join_next'")
            .await;
        visit.keys(FIELD, DOWN).await;
        visit.until_focused_on(FIRST_LINK).await;
        visit.keys(FIRST_LINK, DOWN).await;
        let second = "#mdbook-searchresults li:nth-child(2) a";
        visit.until_focused_on(second).await;
        visit.keys(second, UP).await;
        visit.keys(FIRST_LINK, UP).await;
        visit.until_focused_on(FIELD).await;
        visit.keys(FIELD, ESCAPE).await;
        let is_closed = "document.activeElement.id === 'mdbook-search-toggle' \
                         && !document.querySelector('#mdbook-search-wrapper').checkVisibility() \
                         && location.search === ''";
        visit.browser.until(is_closed).await;
    });
}

/// A key as a keyboard layout produces it: `/` is Shift and 7 on a German keyboard, and `S` is Shift or Caps Lock and S.
const KEYS: &[(&str, &str, u8)] = &[
    ("/", "Digit7", SHIFT),
    ("S", "KeyS", SHIFT),
    ("S", "KeyS", 0),
];

/// Shift, in the bits of the Chrome DevTools Protocol.
const SHIFT: u8 = 8;

#[test_cache::test]
fn the_search_opens_on_every_keyboard() {
    visit(NO_MODULES, async |visit| {
        for (key, code, modifiers) in KEYS {
            visit.open("glossary.html").await;
            visit.type_key(key, code, *modifiers).await;
            visit.until_focused_on(FIELD).await;
            visit.file("glossary.html").await;
            visit.browser.until("window.search?.hasFocus").await;
            visit.type_key(key, code, *modifiers).await;
            visit.until_focused_on(FIELD).await;
            // In the field, the key is a letter.
            visit.type_key(key, code, *modifiers).await;
            let is_typed = format!("document.querySelector('{FIELD}').value === '{key}'");
            visit.browser.until(&is_typed).await;
        }
    });
}

#[test_cache::test]
fn a_hit_shows_its_words_and_the_way_back_leads_to_the_hits() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        visit.keys(BODY, "/").await;
        visit.keys(FIELD, "borrow_and_update").await;
        visit
            .reads("#mdbook-searchresults mark", "borrow_and_update")
            .await;
        visit.reads(".hit-trail", "Queues").await;
        visit.keys(FIELD, ENTER).await;
        let is_marked = "[...(CSS.highlights.get('search-match') ?? [])].length > 0 && \
                         [...CSS.highlights.get('search-match')].every((range) => \
                           range.toString() === 'borrow_and_update')";
        visit.browser.until(is_marked).await;
        visit.browser.until("location.hash.length > 1").await;
        visit.keys(BODY, ESCAPE).await;
        let is_plain = "!CSS.highlights.has('search-match') && location.search === ''";
        visit.browser.until(is_plain).await;
        let back = visit.browser.client.back().await;
        back.expect("there is a page before");
        visit
            .reads("#mdbook-searchresults-header", "for 'borrow_and_update'")
            .await;
    });
}

#[test_cache::test]
fn nothing_of_the_search_is_loaded_before_it_is_opened() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        let loaded = "return performance.getEntriesByType('resource').map(({ name }) => name)
                        .filter((name) => /search\\/|searchindex|searcher|elasticlunr|mark\\.min/.test(name))";
        assert_eq!(visit.browser.js(loaded).await, json!([]));
        visit.keys(BODY, "/").await;
        visit.keys(FIELD, "waker").await;
        visit
            .reads("#mdbook-searchresults-header", "for 'waker'")
            .await;
        let loaded = visit.browser.js(loaded).await;
        let scripts = loaded.as_array().expect("a list");
        assert!(scripts.iter().any(|name| has(name, "searchindex")));
        assert!(!scripts.iter().any(|name| has(name, "elasticlunr")));
    });
}

#[test_cache::test]
fn the_search_works_on_a_static_host() {
    visit(&[], async |visit| {
        visit.on_static_host("gather.html").await;
        visit.keys(BODY, "/").await;
        visit.keys(FIELD, "while let").await;
        visit.reads("#mdbook-searchresults mark", "while let").await;
        visit.keys(FIELD, ENTER).await;
        let is_marked = "CSS.highlights.get('search-match')?.size > 0";
        visit.browser.until(is_marked).await;
    });
}

#[test_cache::test]
fn mdbooks_own_search_works_on_pages_opened_as_files() {
    visit(NO_MODULES, async |visit| {
        visit.file("gather.html").await;
        visit.browser.until("window.search?.hasFocus").await;
        visit.keys(BODY, "/").await;
        visit.keys(FIELD, "semaphore").await;
        visit.reads("#mdbook-searchresults", "Semaphores").await;
    });
}

fn has(name: &Value, part: &str) -> bool {
    name.as_str().is_some_and(|name| name.contains(part))
}

impl Visit {
    /// Opens a page and its search box.
    pub async fn open_search(&self, page: &str) {
        self.open(page).await;
        self.browser
            .js("document.getElementById('mdbook-search-toggle').click()")
            .await;
        self.until_focused_on(FIELD).await;
    }

    async fn type_key(&self, key: &str, code: &str, modifiers: u8) {
        for event in ["keyDown", "keyUp"] {
            let mut pressed =
                json!({ "type": event, "key": key, "code": code, "modifiers": modifiers });
            if event == "keyDown" {
                pressed["text"] = json!(key);
            }
            self.browser.cdp("Input.dispatchKeyEvent", pressed).await;
        }
    }

    #[track_caller]
    fn until_focused_on<'v>(&'v self, element: &str) -> impl Future<Output = ()> + use<'v> {
        let there = format!("document.activeElement === document.querySelector('{element}')");
        self.browser.until(&there)
    }
}
