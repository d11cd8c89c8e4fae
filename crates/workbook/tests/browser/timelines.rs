//! Timelines, read closely.

use std::time::Instant;

use serde_json::{Value, json};

use crate::driver::DEADLINE;
use crate::visit::{Visit, visit};

/// The first timeline of the chapter: four requests in sequence.
const CLOSELY: &str = "figure:has(#gather-in-turn) workbook-timeline";

#[test_cache::test]
fn each_poll_says_when_and_why_it_ran() {
    visit(&[], async |visit| {
        look(visit).await;
        visit
            .browser
            .js(&format!(
                "document.querySelector('{CLOSELY} [role=gridcell][tabindex=\"0\"]').focus()"
            ))
            .await;
        let lane = format!("{CLOSELY} [role=gridcell]:focus");
        // Along the first lane, event by event, to its end.
        let mut said = Vec::new();
        for _ in 0..4 {
            said.push(label(visit, &lane).await);
            visit.keys(&lane, "\u{e014}").await;
        }
        assert_eq!(
            said,
            [
                "Poll 1 of GET /orders at 0 ms, the first. It returned Pending.",
                "Wake-up of GET /orders at 300 ms.",
                "Poll 2 of GET /orders at 300 ms, after a wake-up. It finished.",
                "At 300 ms, GET /orders finished.",
            ]
        );
        visit.reads(CLOSELY, &said[3]).await;
        // The lane below.
        visit.keys(&lane, "\u{e015}").await;
        assert!(label(visit, &lane).await.contains("GET /profile"));
    });
}

#[test_cache::test]
fn pointing_at_a_poll_says_what_it_is() {
    visit(&[], async |visit| {
        look(visit).await;
        let cell = format!("{CLOSELY} [role=gridcell][aria-label*='Wake-up of GET /orders']");
        let place = format!(
            "const cell = document.querySelector(\"{cell}\");
             cell.scrollIntoView({{ block: 'center' }});
             const {{ x, y, width, height }} = cell.getBoundingClientRect();
             return [x + width / 2, y + height / 2];"
        );
        let said =
            format!("return document.querySelector('{CLOSELY} .timeline-description').textContent");
        let begun = Instant::now();
        // Whoever misses a shape, because the page has moved under the pointer, points again.
        loop {
            let place = visit.browser.js(&place).await;
            let moved = json!({ "type": "mouseMoved", "x": place[0], "y": place[1] });
            visit.browser.cdp("Input.dispatchMouseEvent", moved).await;
            let said = visit.browser.js(&said).await;
            if said == json!("Wake-up of GET /orders at 300 ms.") {
                break;
            }
            assert!(begun.elapsed() < DEADLINE, "{said}");
        }
    });
}

#[test_cache::test]
fn the_same_is_a_table() {
    visit(&[], async |visit| {
        look(visit).await;
        visit.press(CLOSELY, "As a table").await;
        let rows = format!(
            "return [...document.querySelectorAll('{CLOSELY} tbody tr')]
               .map((row) => [...row.children].map((cell) => cell.textContent))
               .filter((cells) => cells.includes('GET /weather')).length"
        );
        assert_eq!(visit.browser.js(&rows).await, json!(4));
        let scopes = format!("document.querySelectorAll('{CLOSELY} th[scope]').length > 3");
        visit.browser.until(&scopes).await;
    });
}

#[test_cache::test]
fn a_timeline_is_saved_as_a_picture_and_for_perfetto() {
    visit(&[], async |visit| {
        // What a download would have in it.
        visit.browser.js("window.saved = []").await;
        look(visit).await;
        let keep = "const make = URL.createObjectURL;
                    window.saved = [];
                    URL.createObjectURL = (blob) => { window.saved.push(blob); return make.call(URL, blob); };";
        visit.browser.js(keep).await;
        visit.press(CLOSELY, "Save as SVG").await;
        visit.press(CLOSELY, "Save for Perfetto").await;
        visit.browser.until("window.saved.length === 2").await;
        let texts = "const done = arguments[arguments.length - 1];
                     Promise.all(window.saved.map((blob) => blob.text())).then(done);";
        let texts = visit.browser.client.execute_async(texts, Vec::new()).await;
        let texts = texts.expect("they can be read");
        let svg = texts[0].as_str().expect("a text");
        assert!(
            svg.contains("xmlns=\"http://www.w3.org/2000/svg\"") && svg.contains("GET /weather")
        );
        let trace: Value = serde_json::from_str(texts[1].as_str().expect("a text")).expect("JSON");
        let events = trace["traceEvents"].as_array().expect("a list");
        let polls: Vec<_> = events.iter().filter(|event| event["ph"] == "X").collect();
        assert_eq!(polls.len(), 8, "two polls for each of four requests");
        assert_eq!(polls[1]["ts"], 300_000);
    });
}

#[test_cache::test]
fn a_closer_look_is_a_wider_one() {
    visit(&[], async |visit| {
        look(visit).await;
        let width =
            format!("return document.querySelector('{CLOSELY} .timeline-canvas').scrollWidth");
        let before = visit.browser.js(&width).await.as_f64();
        visit.press(CLOSELY, "+").await;
        let after = visit.browser.js(&width).await.as_f64();
        assert!(after > before, "{before:?}, {after:?}");
        visit.press(CLOSELY, "Fit").await;
        assert_eq!(visit.browser.js(&width).await.as_f64(), before);
    });
}

async fn look(visit: &Visit) {
    visit.open("gather.html").await;
    // The timeline is covered as long as the output is to be guessed.
    visit.press("main", "Show the output").await;
    visit
        .press("figure:has(#gather-in-turn)", "Look closely")
        .await;
    visit
        .browser
        .until(&format!(
            "document.querySelector('{CLOSELY} [role=gridcell]')"
        ))
        .await;
}

async fn label(visit: &Visit, of: &str) -> String {
    let label = format!("return document.querySelector({of:?})?.getAttribute('aria-label')");
    let label = visit.browser.js(&label).await;
    label.as_str().unwrap_or_default().to_owned()
}
