//! The table of contents beside a page.

use serde_json::{Value, json};

use crate::visit::{Visit, visit};

#[test_cache::test]
fn the_sidebar_stays_where_it_is_when_a_chapter_is_opened_by_its_number() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        let number = "#mdbook-sidebar a[href$='queues-actors.html'] strong";
        let scroll =
            format!("document.querySelector(\"{number}\").scrollIntoView({{ block: 'end' }})");
        visit.browser.js(&scroll).await;
        let before = visit.place(number).await;
        for event in ["mousePressed", "mouseReleased"] {
            let click = json!({ "type": event, "x": before[0], "y": before[1], "button": "left", "clickCount": 1 });
            visit.browser.cdp("Input.dispatchMouseEvent", click).await;
        }
        let there =
            "location.pathname === '/queues-actors.html' && document.readyState === 'complete'";
        visit.browser.until(there).await;
        assert_eq!(visit.place(number).await, before);
    });
}

impl Visit {
    /// The middle of an element, in whole pixels.
    async fn place(&self, element: &str) -> Value {
        let place = format!(
            "const {{ x, y, width, height }} = document.querySelector(\"{element}\").getBoundingClientRect();
             return [x + width / 2, y + height / 2].map(Math.round);"
        );
        self.browser.js(&place).await
    }
}
