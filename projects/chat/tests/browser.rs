//! The page in a browser. Without chromedriver, the test says that it was skipped; with `BROWSER_REQUIRED=1` it fails.

// The tests of the workbook drive the same browser.
#[path = "../../../crates/workbook/tests/browser/driver.rs"]
#[allow(dead_code, reason = "this test needs less of it")]
mod driver;

use std::env;
use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine};
use chat::{Config, Name, Server, Text, Why};
use driver::Browser;
use serde_json::json;
use tokio_util::sync::CancellationToken;

const PICTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../src/images/websockets-chat.png"
);

/// With `BLESS=1` the screenshot on the page of the chapter is taken again.
#[tokio::test]
async fn two_people_chat_from_the_page() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let server = Server::bind(([127, 0, 0, 1], 0).into(), Config::default()).await;
    let server = server.expect("a port is free");
    let (url, chat) = (format!("http://{}", server.address()), server.chat());
    let stop = CancellationToken::new();
    let server = tokio::spawn(server.run(stop.clone()));
    let join = |name: &str| {
        chat.join(
            &"lobby".parse().expect("valid"),
            &name.parse::<Name>().expect("valid"),
        )
    };
    let (bob, _events) = join("bob").expect("joins");
    let say = |words: &str| bob.say(Text::try_from(words.to_owned()).expect("valid"));
    say("Is the page up?");

    browser.client.goto(&url).await.expect("the page");
    browser
        .js("document.getElementById('name').value = 'ann'")
        .await;
    browser
        .js("document.querySelector('#join button').click()")
        .await;
    shows(&browser, "You are ann.").await;
    shows(&browser, "bob: Is the page up?").await;

    let hostile = "<img src=x onerror=alert(1)> stays text";
    let write = format!("document.getElementById('text').value = {hostile:?}");
    browser.js(&write).await;
    browser
        .js("document.querySelector('#say button').click()")
        .await;
    shows(&browser, &format!("ann: {hostile}")).await;
    say("It is. And nothing runs that should not.");
    let (carl, _events) = join("carl").expect("joins");
    shows(&browser, "carl joined.").await;
    carl.leave(Why::Slow);
    shows(&browser, "carl read too slowly.").await;
    assert_eq!(browser.js("return document.images.length").await, json!(0));
    picture(&browser).await;

    stop.cancel();
    shows(
        &browser,
        "The session is over: the server is stopping (1001).",
    )
    .await;
    server.await.expect("no panic").expect("stops");
    let errors = browser.log("browser").await;
    assert!(
        errors.iter().all(|entry| entry["level"] != "SEVERE"),
        "{errors:?}"
    );
}

/// Waits until the page shows this line. (The name is followed by a colon that CSS adds.)
async fn shows(browser: &Browser, line: &str) {
    let lines = "[...document.querySelectorAll('#log li')].map((line) => \
                 line.querySelector('b') ? line.firstChild.textContent + ': ' + line.lastChild.textContent : line.textContent)";
    browser.until(&format!("{lines}.includes({line:?})")).await;
}

/// Fonts differ from machine to machine, so the picture is not compared.
async fn picture(browser: &Browser) {
    if env::var_os("BLESS").is_none() {
        return;
    }
    let size = json!({ "width": 640, "height": 360, "deviceScaleFactor": 1, "mobile": false });
    browser
        .cdp("Emulation.setDeviceMetricsOverride", size)
        .await;
    let taken = browser.cdp("Page.captureScreenshot", json!({})).await;
    let taken = BASE64_STANDARD.decode(taken["data"].as_str().expect("a picture"));
    fs::write(PICTURE, taken.expect("Base64")).expect("writable");
}
