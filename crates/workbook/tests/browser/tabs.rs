//! Several tabs, and a tool that is started anew.

use fantoccini::wd::WindowHandle;

use crate::programs::{FIRST, edit};
use crate::served::Served;
use crate::visit::{LIVE, Visit, visit};

const CARD: &str = "#card-gather-fetch_all";
const PAGE: &str = "gather-exercises.html";

#[test_cache::test]
fn what_happens_in_one_tab_is_seen_in_the_other() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        let first = visit.tab().await;
        let second = visit.new_tab().await;
        visit.open(PAGE).await;
        visit.press(CARD, "Hint 1 of 3").await;
        visit.reads(CARD, "Hint 1. ").await;
        visit.switch(&first).await;
        visit.reads(CARD, "Hint 1. ").await;
        // A file that is saved reaches both, whichever of them listens.
        visit.clone.answer("fetch_all", "Vec::new()");
        visit.reads(CARD, "Failing").await;
        visit.switch(&second).await;
        visit.reads(CARD, "Failing").await;
    });
}

#[test_cache::test]
fn a_tool_that_is_started_anew_is_found_again() {
    let refused = &[
        "401",
        "ERR_CONNECTION_REFUSED",
        "ERR_INCOMPLETE_CHUNKED_ENCODING",
    ];
    visit(refused, async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let old = visit.tab().await;
        let port = visit.served.port();
        visit.served.stop();
        visit.reads(CARD, "The workbook is not running.").await;
        // What the card says may not be so any more, and looks like it.
        let heading =
            format!("document.querySelector('{CARD} .exercise-headline :is(h2, h3, h4)')");
        let looks_old = format!("getComputedStyle({heading}).fontStyle === 'italic'");
        visit.browser.until(&looks_old).await;
        visit.served = Served::start(&visit.clone, port);
        // The token of the first start is of no use any more,
        visit
            .reads(CARD, "Open the address that the terminal shows.")
            .await;
        // and a new one that any tab gets is for all of them.
        visit.new_tab().await;
        visit.enter().await;
        visit.switch(&old).await;
        visit.browser.until(LIVE).await;
        visit.clone.answer("fetch_all", "Vec::new()");
        visit.reads(CARD, "Failing").await;
    });
}

#[test_cache::test]
fn more_tabs_than_a_browser_has_connections_hear_the_same() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        let mut tabs = vec![visit.tab().await];
        for _ in 0..7 {
            tabs.push(visit.new_tab().await);
            visit.open(PAGE).await;
            visit.reads(CARD, "Not started").await;
        }
        visit.clone.answer("fetch_all", "Vec::new()");
        for tab in &tabs {
            visit.switch(tab).await;
            visit.reads(CARD, "Failing").await;
        }
    });
}

#[test_cache::test]
fn when_the_tab_that_listens_is_closed_another_does() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let first = visit.tab().await;
        // What hides or shows a page is not to help.
        let alone = "document.addEventListener('visibilitychange', (event) => event.stopImmediatePropagation(), true);";
        visit.browser.js(alone).await;
        visit.new_tab().await;
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit
            .browser
            .client
            .close_window()
            .await
            .expect("it can be closed");
        visit.switch(&first).await;
        visit.clone.answer("fetch_all", "Vec::new()");
        visit.reads(CARD, "Failing").await;
    });
}

#[test_cache::test]
fn a_program_that_the_end_of_the_tool_cuts_off_says_so() {
    let refused = &["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING"];
    visit(refused, async |visit| {
        visit.open("gather.html").await;
        edit(
            visit,
            "fn main() {\n    println!(\"begun\");\n    loop {}\n}\n",
        )
        .await;
        visit.press(FIRST, "Run").await;
        visit.reads(".output-printed", "begun").await;
        visit.served.stop();
        visit
            .reads(".program-status", "The workbook is not running.")
            .await;
    });
}

#[test_cache::test]
fn a_page_without_the_key_can_be_read_and_says_how_to_be_let_in() {
    visit(&["401"], async |visit| {
        let forget = "localStorage.clear(); sessionStorage.clear();";
        visit.browser.js(forget).await;
        visit.go(&format!("{}{PAGE}", visit.served.base)).await;
        visit
            .reads("main", "A future does nothing until it is polled.")
            .await;
        visit
            .reads(
                "#workbook-status",
                "Open the address that the terminal shows.",
            )
            .await;
        visit.enter().await;
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
    });
}

#[test_cache::test]
fn the_key_leaves_the_address_and_a_place_on_the_page_stays() {
    visit(&[], async |visit| {
        let (base, key) = (&visit.served.base, visit.served.key());
        visit.go("about:blank").await;
        let length = "return history.length";
        let before = visit.browser.js(length).await.as_u64();
        visit.go(&format!("{base}{PAGE}#key={key}&at=settle")).await;
        visit.browser.until(LIVE).await;
        visit.browser.until("location.hash === '#settle'").await;
        let seen =
            "Math.abs(document.querySelector('#settle').getBoundingClientRect().top) < innerHeight";
        visit.browser.until(seen).await;
        // One entry more, and not one with the key and one without.
        let after = visit.browser.js(length).await.as_u64();
        assert_eq!(after, before.map(|before| before + 1));
        visit.browser.until("!location.href.includes('key')").await;
    });
}

impl Visit {
    async fn tab(&self) -> WindowHandle {
        self.browser.client.window().await.expect("there is one")
    }

    /// Opens a tab and goes to it.
    async fn new_tab(&self) -> WindowHandle {
        let tab = self.browser.client.new_window(true).await.expect("a tab");
        self.switch(&tab.handle).await;
        tab.handle
    }

    async fn switch(&self, tab: &WindowHandle) {
        let switched = self.browser.client.switch_to_window(tab.clone()).await;
        switched.expect("it is open");
    }
}
