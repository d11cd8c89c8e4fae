//! The timeline viewer.

use std::time::Instant;

use serde_json::{Value, json};

use crate::driver::DEADLINE;
use crate::visit::{Visit, visit};

/// The first timeline of the chapter: four requests in sequence.
const VIEWER: &str = "figure:has(#gather-in-turn) workbook-timeline";

#[test_cache::test]
fn the_viewer_describes_when_and_why_each_poll_ran() {
    visit(&[], async |visit| {
        open_viewer(visit).await;
        visit
            .browser
            .js(&format!(
                "document.querySelector('{VIEWER} [role=gridcell][tabindex=\"0\"]').focus()"
            ))
            .await;
        let lane = format!("{VIEWER} [role=gridcell]:focus");
        // The arrow keys move along the first lane to its end.
        let mut labels = Vec::new();
        for _ in 0..4 {
            labels.push(label(visit, &lane).await);
            visit.keys(&lane, "\u{e014}").await;
        }
        assert_eq!(
            labels,
            [
                "Poll 1 of GET /orders at 0 ms, the first. It returned Pending.",
                "Wake-up of GET /orders at 300 ms.",
                "Poll 2 of GET /orders at 300 ms, after a wake-up. It finished.",
                "At 300 ms, GET /orders finished.",
            ]
        );
        visit.reads(VIEWER, &labels[3]).await;
        // The lane below.
        visit.keys(&lane, "\u{e015}").await;
        assert!(label(visit, &lane).await.contains("GET /profile"));
    });
}

#[test_cache::test]
fn pointing_at_an_event_describes_it() {
    visit(&[], async |visit| {
        open_viewer(visit).await;
        let cell = format!("{VIEWER} [role=gridcell][aria-label*='Wake-up of GET /orders']");
        let place = format!(
            "const cell = document.querySelector(\"{cell}\");
             cell.scrollIntoView({{ block: 'center' }});
             const {{ x, y, width, height }} = cell.getBoundingClientRect();
             return [x + width / 2, y + height / 2];"
        );
        let description =
            format!("return document.querySelector('{VIEWER} .timeline-description').textContent");
        let start = Instant::now();
        // The page may move while the pointer does, so a miss is tried again.
        loop {
            let place = visit.browser.js(&place).await;
            let moved = json!({ "type": "mouseMoved", "x": place[0], "y": place[1] });
            visit.browser.cdp("Input.dispatchMouseEvent", moved).await;
            let shown = visit.browser.js(&description).await;
            if shown == json!("Wake-up of GET /orders at 300 ms.") {
                break;
            }
            assert!(start.elapsed() < DEADLINE, "{shown}");
        }
    });
}

#[test_cache::test]
fn the_viewer_shows_the_events_as_a_table() {
    visit(&[], async |visit| {
        open_viewer(visit).await;
        visit.press(VIEWER, "As a table").await;
        let rows = format!(
            "return [...document.querySelectorAll('{VIEWER} tbody tr')]
               .map((row) => [...row.children].map((cell) => cell.textContent))
               .filter((cells) => cells.includes('GET /weather')).length"
        );
        assert_eq!(visit.browser.js(&rows).await, json!(4));
        let scopes = format!("document.querySelectorAll('{VIEWER} th[scope]').length > 3");
        visit.browser.until(&scopes).await;
    });
}

#[test_cache::test]
fn a_timeline_is_saved_as_svg_and_for_perfetto() {
    visit(&[], async |visit| {
        // Collects the contents of the downloads.
        visit.browser.js("window.saved = []").await;
        open_viewer(visit).await;
        let collect = "const make = URL.createObjectURL;
                    window.saved = [];
                    URL.createObjectURL = (blob) => { window.saved.push(blob); return make.call(URL, blob); };";
        visit.browser.js(collect).await;
        visit.press(VIEWER, "Save as SVG").await;
        visit.press(VIEWER, "Save for Perfetto").await;
        visit.browser.until("window.saved.length === 2").await;
        let texts = "const done = arguments[arguments.length - 1];
                     Promise.all(window.saved.map((blob) => blob.text())).then(done);";
        let texts = visit.browser.client.execute_async(texts, Vec::new()).await;
        let texts = texts.expect("the blobs are readable");
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
fn zooming_in_makes_the_timeline_wider() {
    visit(&[], async |visit| {
        open_viewer(visit).await;
        let width =
            format!("return document.querySelector('{VIEWER} .timeline-canvas').scrollWidth");
        let before = visit.browser.js(&width).await.as_f64();
        visit.press(VIEWER, "+").await;
        let after = visit.browser.js(&width).await.as_f64();
        assert!(after > before, "{before:?}, {after:?}");
        visit.press(VIEWER, "Fit").await;
        assert_eq!(visit.browser.js(&width).await.as_f64(), before);
    });
}

async fn open_viewer(visit: &Visit) {
    visit.open("gather.html").await;
    // The timeline is covered until the output is shown.
    visit.press("main", "Show the output").await;
    visit
        .press("figure:has(#gather-in-turn)", "Look closely")
        .await;
    visit
        .browser
        .until(&format!(
            "document.querySelector('{VIEWER} [role=gridcell]')"
        ))
        .await;
}

async fn label(visit: &Visit, selector: &str) -> String {
    let label = format!("return document.querySelector({selector:?})?.getAttribute('aria-label')");
    let label = visit.browser.js(&label).await;
    label.as_str().unwrap_or_default().to_owned()
}
