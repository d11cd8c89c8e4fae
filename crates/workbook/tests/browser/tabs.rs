//! Several tabs, and a tool that is restarted.

use fantoccini::wd::WindowHandle;

use crate::programs::{FIRST, edit};
use crate::served::Served;
use crate::visit::{LIVE, Visit, visit};

const CARD: &str = "#card-gather-fetch_all";
const PAGE: &str = "gather-exercises.html";

#[test_cache::test]
fn all_tabs_show_the_same_state() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        let first = visit.tab().await;
        let second = visit.new_tab().await;
        visit.open(PAGE).await;
        visit.press(CARD, "Hint 1 of 3").await;
        visit.reads(CARD, "Hint 1. ").await;
        visit.switch(&first).await;
        visit.reads(CARD, "Hint 1. ").await;
        // Both show the verdict on a saved file, whichever of them receives the events.
        visit.clone.answer("fetch_all", "Vec::new()");
        visit.reads(CARD, "Failing").await;
        visit.switch(&second).await;
        visit.reads(CARD, "Failing").await;
    });
}

#[test_cache::test]
fn tabs_reconnect_to_a_restarted_tool() {
    let refused = &[
        "401",
        "ERR_CONNECTION_REFUSED",
        "ERR_CONNECTION_RESET",
        "ERR_INCOMPLETE_CHUNKED_ENCODING",
    ];
    visit(refused, async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let old = visit.tab().await;
        let port = visit.served.port();
        visit.served.stop();
        visit.reads(CARD, "The workbook is not running.").await;
        // The card shows that it may be out of date.
        let heading =
            format!("document.querySelector('{CARD} .exercise-headline :is(h2, h3, h4)')");
        let looks_stale = format!("getComputedStyle({heading}).fontStyle === 'italic'");
        visit.browser.until(&looks_stale).await;
        visit.served = Served::start(&visit.clone, port);
        // The token of the first start is not valid anymore.
        visit
            .reads(CARD, "Open the address that the terminal shows.")
            .await;
        // A tab that gets a new token shares it with the others.
        visit.new_tab().await;
        visit.enter().await;
        visit.switch(&old).await;
        visit.browser.until(LIVE).await;
        visit.clone.answer("fetch_all", "Vec::new()");
        visit.reads(CARD, "Failing").await;
    });
}

#[test_cache::test]
fn more_tabs_than_a_browser_has_connections_receive_events() {
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
fn another_tab_takes_over_when_the_leader_is_closed() {
    visit(&[], async |visit| {
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        let first = visit.tab().await;
        // Without the event that makes a shown tab the leader.
        let no_event = "document.addEventListener('visibilitychange', (event) => event.stopImmediatePropagation(), true);";
        visit.browser.js(no_event).await;
        visit.new_tab().await;
        visit.open(PAGE).await;
        visit.reads(CARD, "Not started").await;
        visit
            .browser
            .client
            .close_window()
            .await
            .expect("the tab can be closed");
        visit.switch(&first).await;
        visit.clone.answer("fetch_all", "Vec::new()");
        visit.reads(CARD, "Failing").await;
    });
}

#[test_cache::test]
fn the_status_of_a_program_shows_that_the_tool_has_ended() {
    let refused = &[
        "ERR_CONNECTION_REFUSED",
        "ERR_CONNECTION_RESET",
        "ERR_INCOMPLETE_CHUNKED_ENCODING",
    ];
    visit(refused, async |visit| {
        visit.open("gather.html").await;
        edit(
            visit,
            "fn main() {\n    println!(\"started\");\n    loop {}\n}\n",
        )
        .await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-output", "started").await;
        visit.served.stop();
        visit
            .reads(".program-status", "The workbook is not running.")
            .await;
    });
}

#[test_cache::test]
fn without_a_token_a_page_is_readable_and_says_how_to_connect() {
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
fn the_key_is_removed_from_the_address_and_the_anchor_stays() {
    visit(&[], async |visit| {
        let (base, key) = (&visit.served.base, visit.served.key());
        visit.go("about:blank").await;
        let length = "return history.length";
        let before = visit.browser.js(length).await.as_u64();
        visit
            .go(&format!("{base}{PAGE}#key={key}&anchor=settle"))
            .await;
        visit.browser.until(LIVE).await;
        visit.browser.until("location.hash === '#settle'").await;
        let seen =
            "Math.abs(document.querySelector('#settle').getBoundingClientRect().top) < innerHeight";
        visit.browser.until(seen).await;
        // One more entry: the address with the key is not kept in the history.
        let after = visit.browser.js(length).await.as_u64();
        assert_eq!(after, before.map(|before| before + 1));
        visit.browser.until("!location.href.includes('key')").await;
    });
}

impl Visit {
    async fn tab(&self) -> WindowHandle {
        self.browser.client.window().await.expect("a tab is open")
    }

    /// Opens a tab and switches to it.
    async fn new_tab(&self) -> WindowHandle {
        let tab = self.browser.client.new_window(true).await.expect("a tab");
        self.switch(&tab.handle).await;
        tab.handle
    }

    async fn switch(&self, tab: &WindowHandle) {
        let switched = self.browser.client.switch_to_window(tab.clone()).await;
        switched.expect("the tab is open");
    }
}
