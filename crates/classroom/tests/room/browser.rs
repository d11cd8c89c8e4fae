//! The teacher's page in a real browser.

use autograder::verdict::State;
use fantoccini::Locator;
use serde_json::{Value, json};

use crate::axe::{PAGE, Rules, axe, violations};
use crate::driver::Browser;
use crate::room::{MISTAKE, Room, folder, state};

const EXERCISE: &str = "gather/fetch_all";

/// A name that would be a script if it were markup.
const HOSTILE: &str =
    "Eve <img src=x onerror=document.title='stolen'><script>document.title='stolen'</script>";

/// Opens the page of a room, and checks at the end that the browser has logged no errors but these.
fn open(room: &Room, expected: &[&str], body: impl AsyncFnOnce(&Browser)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be created");
    runtime.block_on(async {
        let Some(browser) = Browser::start().await else {
            return;
        };
        let opened = browser.client.goto(&room.page_address()).await;
        opened.expect("the page can be opened");
        browser.until("document.querySelector('#joining')").await;
        body(&browser).await;
        let log = browser.log("browser").await;
        let message = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        let mut errors: Vec<_> = log.iter().map(message).collect();
        errors.retain(|error| !expected.iter().any(|expected| error.contains(expected)));
        assert!(errors.is_empty(), "{errors:#?}");
    });
}

/// The text of a section.
fn text(id: &str) -> String {
    format!("(document.querySelector('#{id}')?.innerText ?? '')")
}

#[test_cache::test]
fn the_page_follows_learners_without_being_loaded_again() {
    let folder = folder();
    let room = Room::open(folder.path());
    open(&room, &[], async |page| {
        page.js("window.isFirst = true").await;
        page.until(&format!("{}.includes('{}')", text("joining"), room.code()))
            .await;
        let ada = room.join("Ada Lovelace", "s1");
        page.until(&format!("{}.includes('Ada Lovelace')", text("learners")))
            .await;
        room.report(&ada, &state(1, &[(EXERCISE, State::Failing, &[MISTAKE])]))
            .expect("she is in");
        page.until(&format!("{}.includes('{MISTAKE}')", text("misconceptions")))
            .await;
        room.ask(&ada, EXERCISE, "loop {}").expect("she may ask");
        page.until("document.title.startsWith('(1)')").await;
        // What is unfolded, chosen and focused stays when other things change.
        page.js("document.querySelector('#help details').open = true")
            .await;
        page.js("document.querySelector('#below-points').checked = true")
            .await;
        page.js("document.querySelector('#help button').focus()")
            .await;
        room.join("Bob", "");
        page.until(&format!("{}.includes('Bob')", text("learners")))
            .await;
        page.until(&format!("{}.includes('loop {{}}')", text("help")))
            .await;
        page.until("document.querySelector('#below-points').checked")
            .await;
        page.until("document.activeElement.dataset.action === 'helped'")
            .await;
        // With the keyboard.
        let done = page
            .client
            .find(Locator::Css("#help button"))
            .await
            .expect("a button");
        done.send_keys("\u{e007}").await.expect("it can be pressed");
        page.until(&format!("{}.includes('No learner asks')", text("help")))
            .await;
        page.until("!document.title.startsWith('(')").await;
        page.until("window.isFirst").await;
    });
}

#[test_cache::test]
fn names_and_answers_run_nothing() {
    let folder = folder();
    let room = Room::open(folder.path());
    open(&room, &["Content Security Policy"], async |page| {
        let eve = room.join(HOSTILE, "");
        room.report(&eve, &state(1, &[(EXERCISE, State::Failing, &[])]))
            .expect("she is in");
        room.ask(&eve, EXERCISE, &format!("</code></pre>{HOSTILE}"))
            .expect("she may ask");
        page.until(&format!("{}.includes('<img src=x')", text("help")))
            .await;
        page.until(&format!("{}.includes('<img src=x')", text("learners")))
            .await;
        let made = page.js("return document.querySelectorAll('#room img, #room script').length");
        assert_eq!(made.await, json!(0));
        // What is not part of the page is forbidden.
        page.js("document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = 1' }))").await;
        assert_eq!(
            page.js("return document.title").await,
            "(1) The Async Rust Workbook"
        );
    });
}

#[test_cache::test]
fn the_page_keeps_its_access_when_it_is_loaded_again() {
    let folder = folder();
    let room = Room::open(folder.path());
    // The browser logs each request that fails.
    open(&room, &["ERR_CONNECTION", "401"], async |page| {
        page.until("sessionStorage.getItem('room-token')").await;
        page.until("!location.hash").await;
        page.js("location.reload()").await;
        page.until("document.querySelector('#joining')").await;
        page.js("sessionStorage.setItem('room-token', 'wrong')")
            .await;
        page.until(&format!("{}.includes('terminal')", text("connection")))
            .await;
    });
}

#[test_cache::test]
fn axe_finds_nothing_on_the_page() {
    let Some(axe) = axe() else { return };
    let folder = folder();
    let room = Room::open(folder.path());
    for (number, state_of) in [State::Failing, State::Solved, State::Hangs]
        .into_iter()
        .enumerate()
    {
        let learner = room.join(&format!("Learner {number}"), "");
        let exercises: &[(&str, State, &[&str])] = &[
            (EXERCISE, state_of, &[MISTAKE]),
            ("gather/settle", State::NotStarted, &[]),
        ];
        room.report(&learner, &state(1, exercises))
            .expect("in the room");
        room.ask(&learner, "gather/settle", "fn settle() {}")
            .expect("may ask");
    }
    open(&room, &[], async |page| {
        page.until("document.querySelectorAll('#help details').length === 3")
            .await;
        page.js("document.querySelectorAll('details').forEach((one) => { one.open = true })")
            .await;
        page.js(&axe).await;
        let mut found = Vec::new();
        for width in [1280, 390] {
            let size =
                json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
            page.cdp("Emulation.setDeviceMetricsOverride", size).await;
            for scheme in ["light", "dark"] {
                let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
                let media = json!({ "media": "", "features": features });
                page.cdp("Emulation.setEmulatedMedia", media).await;
                found.extend(violations(page, Rules::All, PAGE).await);
            }
            let wide = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth";
            assert_eq!(page.js(wide).await, json!(0), "{width}");
        }
        assert!(found.is_empty(), "{found:#?}");
    });
}
