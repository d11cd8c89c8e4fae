//! The screenshot in the README and in the book.

use std::env;
use std::fs;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::json;

use crate::visit::visit;

const PICTURE: &str = "src/images/how-to-card.png";

/// With `BLESS=1` the screenshot is taken again. Fonts differ from machine to machine, so only the size is compared,
/// and only roughly.
#[test_cache::test]
fn the_screenshot_has_the_size_of_the_card() {
    visit(&[], async |visit| {
        let wrong = fs::read_to_string(
            visit
                .clone
                .root
                .join("ci/wrong/gather/fetch_all/for-loop.rs"),
        );
        let wrong = wrong.expect("readable");
        let (_, body) = wrong.split_once(" {\n").expect("a function");
        let body = body.trim_end().trim_end_matches('}').trim();
        visit.clone.answer("fetch_all", body);
        visit.open("gather-exercises.html").await;
        let card = "#card-gather-fetch_all";
        visit.reads(card, "they took 70 ms").await;
        visit
            .browser
            .until(&format!(
                "document.querySelector('{card} figure svg.timeline')"
            ))
            .await;
        visit.reads(card, "Failing").await;
        let place = format!(
            "const {{ x, y, width, height }} = document.querySelector('{card}').getBoundingClientRect();
             return {{ x: x + scrollX - 8, y: y + scrollY - 8, width: width + 16, height: height + 16, scale: 1 }};"
        );
        let clip = visit.browser.js(&place).await;
        let whole = json!({ "clip": clip, "captureBeyondViewport": true });
        let taken = visit.browser.cdp("Page.captureScreenshot", whole).await;
        let taken = taken["data"].as_str().expect("a picture");
        let taken = BASE64_STANDARD.decode(taken).expect("Base64");
        let shown = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(PICTURE);
        if env::var_os("BLESS").is_some() {
            fs::create_dir_all(shown.parent().expect("a folder")).expect("writable");
            fs::write(&shown, &taken).expect("writable");
        }
        let shown = fs::read(&shown).unwrap_or_default();
        let (shown, taken) = (size(&shown), size(&taken));
        let alike = |a: u32, b: u32| a.abs_diff(b) * 5 <= b;
        assert!(
            alike(shown.0, taken.0) && alike(shown.1, taken.1),
            "{PICTURE} is {shown:?} pixels large, and the card {taken:?}. Take it again with `BLESS=1 cargo \
             test -p workbook --test browser pictures`, and look at it."
        );
    });
}

/// The width and height in the header of a PNG; 0 if it is not a PNG.
fn size(png: &[u8]) -> (u32, u32) {
    let number = |at: usize| {
        let bytes = png.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes)
    };
    (number(16), number(20))
}
