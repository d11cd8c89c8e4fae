//! The second window with the speaker's notes.

use std::fs;

use fantoccini::wd::WindowHandle;
use serde_json::json;

use crate::axe::{PAGE, Rules, axe, violations};
use crate::present::PAGE_DOWN;
use crate::visit::{LIVE, Visit, visit};

/// A page without a plan for its minutes.
const NO_PLAN: &[&str] = &["404"];

const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const ESCAPE: &str = "\u{e00c}";

#[test_cache::test]
fn the_notes_follow_the_slides_and_turn_them() {
    visit(&[], async |visit| {
        visit.write_notes().await;
        visit.open("gather.html").await;
        visit.present().await;
        let (slides, notes) = visit.open_notes().await;
        visit.reads("h1", "Gather").await;
        visit.reads("main", "No notes.").await;
        visit
            .reads(".notes-next", "Next: Four requests in sequence (1 of ")
            .await;
        visit.turn(PAGE_DOWN).await;
        visit.reads(".notes-text", "Ask for a show of hands.").await;
        let list = "[...document.querySelectorAll('.notes-text li')].map(({ innerText }) => innerText).join() === \
                    '750 ms: the sum,300 ms: join! already'";
        visit.browser.until(list).await;
        visit.turn(PAGE_DOWN).await;
        visit
            .reads(".notes-text", "Run it after the guesses.")
            .await;
        // Notes about an output that is covered are on its slide.
        visit.turn(PAGE_DOWN).await;
        visit.reads(".notes-text", "Nothing overlaps.").await;
        visit.switch_to(&slides).await;
        visit.on_slide(4).await;
        visit.turn(HOME).await;
        visit.turn(PAGE_DOWN).await;
        visit.switch_to(&notes).await;
        visit.reads(".notes-text", "Ask for a show of hands.").await;
        // The slides of the next page.
        visit.turn(END).await;
        visit
            .reads(".notes-next", "Next page: 4.1. Joining fallible futures")
            .await;
        visit.turn(PAGE_DOWN).await;
        visit.reads("h1", "Joining fallible futures").await;
        visit.reads(".notes-position", "Slide 1 of ").await;
        visit.switch_to(&slides).await;
        visit.browser.until(LIVE).await;
        visit.on_slide(1).await;
    });
}

#[test_cache::test]
fn either_window_can_be_closed() {
    visit(NO_PLAN, async |visit| {
        visit.open("gather.html").await;
        visit.present().await;
        let (slides, _) = visit.open_notes().await;
        visit.close().await;
        visit.switch_to(&slides).await;
        visit.turn(PAGE_DOWN).await;
        visit.on_slide(2).await;
        let (slides, notes) = visit.open_notes().await;
        visit.reads(".notes-position", "Slide 2 of ").await;
        visit.switch_to(&slides).await;
        visit.turn(ESCAPE).await;
        visit.switch_to(&notes).await;
        visit
            .reads(
                "main",
                "The book shows no slides now. Press P there to go on.",
            )
            .await;
        visit.switch_to(&slides).await;
        visit.present().await;
        visit.switch_to(&notes).await;
        let no_message = "document.querySelector('.notes-message').textContent === ''";
        visit.browser.until(no_message).await;
        visit.switch_to(&slides).await;
        visit.close().await;
        visit.switch_to(&notes).await;
        visit
            .reads("main", "The window with the slides is closed.")
            .await;
    });
}

#[test_cache::test]
fn the_clock_compares_the_page_with_its_plan() {
    visit(&[], async |visit| {
        visit.write_notes().await;
        visit.open("gather.html").await;
        visit.present().await;
        let (slides, notes) = visit.open_notes().await;
        visit.reads(".notes-times", "of 60 min").await;
        visit.reads(".notes-pace", "On time").await;
        visit.turn(END).await;
        visit.reads(".notes-pace", "min ahead").await;
        // As if the page had been open for two hours.
        visit.switch_to(&slides).await;
        let earlier = "const lesson = JSON.parse(sessionStorage['workbook-lesson']);
                       lesson.started -= 7_200_000;
                       lesson.pages['gather.html'] = 7_200_000;
                       addEventListener('pagehide', () => sessionStorage['workbook-lesson'] = JSON.stringify(lesson));";
        visit.browser.js(earlier).await;
        visit
            .browser
            .client
            .refresh()
            .await
            .expect("it is loaded again");
        visit.browser.until(LIVE).await;
        visit.switch_to(&notes).await;
        visit.reads(".notes-pace", "60 min behind").await;
        visit.reads(".notes-times", "2:00:").await;
        visit.press("main", "Restart the clock").await;
        visit.reads(".notes-pace", "min ahead").await;
        let elapsed = "document.querySelector('.notes-times').innerText.includes('Lesson\\n0:0')";
        visit.browser.until(elapsed).await;
        // A page that the plan does not have.
        visit.turn(PAGE_DOWN).await;
        visit.reads("h1", "Joining fallible futures").await;
        let only_time = "!document.querySelector('.notes-pace').checkVisibility() &&
                         !document.querySelector('.notes-times').innerText.includes(' of ')";
        visit.browser.until(only_time).await;
    });
}

#[test_cache::test]
fn two_tabs_with_slides_do_not_disturb_each_other() {
    visit(NO_PLAN, async |visit| {
        visit.open("gather.html").await;
        visit.present().await;
        let (first, notes) = visit.open_notes().await;
        visit.switch_to(&first).await;
        let lesson = visit
            .browser
            .js("return sessionStorage['workbook-lesson']")
            .await;
        let other = visit.browser.client.new_window(true).await.expect("a tab");
        visit.switch_to(&other.handle).await;
        visit.open("gather-try-join.html").await;
        // As in a tab that was duplicated.
        let duplicate = format!("sessionStorage['workbook-lesson'] = {lesson}");
        visit.browser.js(&duplicate).await;
        visit.present().await;
        let id = "JSON.parse(sessionStorage['workbook-lesson']).id";
        let old = format!("JSON.parse({lesson}).id");
        visit.browser.until(&format!("{id} !== {old}")).await;
        visit.turn(PAGE_DOWN).await;
        visit.on_slide(2).await;
        visit.switch_to(&notes).await;
        visit.reads("h1", "Gather").await;
        visit.reads(".notes-position", "Slide 1 of ").await;
        visit.turn(PAGE_DOWN).await;
        visit.turn(PAGE_DOWN).await;
        visit.reads(".notes-position", "Slide 3 of ").await;
        visit.switch_to(&first).await;
        visit.on_slide(3).await;
        visit.switch_to(&other.handle).await;
        visit.on_slide(2).await;
    });
}

#[test_cache::test]
fn readers_do_not_see_notes() {
    visit(&[], async |visit| {
        visit.write_notes().await;
        visit.open("gather.html").await;
        let shown =
            |text: &str| format!("return document.documentElement.innerText.includes({text:?})");
        assert_eq!(
            visit.browser.js(&shown("let two explain")).await,
            json!(false)
        );
        assert_eq!(visit.browser.js(&shown("Four requests")).await, json!(true));
        visit.press("main", "Show the output").await;
        assert_eq!(
            visit.browser.js(&shown("Nothing overlaps")).await,
            json!(false)
        );
        let paper = json!({ "media": "print" });
        visit.browser.cdp("Emulation.setEmulatedMedia", paper).await;
        assert_eq!(
            visit.browser.js(&shown("let two explain")).await,
            json!(false)
        );
        let book = fs::read_dir(visit.clone.root.join("book")).expect("the book was built");
        let names = book.map(|file| file.expect("readable").path());
        let index = names.into_iter().find(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("searchindex") && name.ends_with(".js")
        });
        let index = fs::read_to_string(index.expect("there is a search")).expect("readable");
        assert!(index.contains("portal"), "it has the page");
        assert!(!index.contains("let two explain"), "it has no notes");
    });
}

#[test_cache::test]
fn axe_finds_nothing_in_the_window_with_the_notes() {
    let Some(axe) = axe() else { return };
    visit(&[], async |visit| {
        visit.write_notes().await;
        let mut found = Vec::new();
        for theme in ["light", "navy", "coal"] {
            visit.open("gather.html").await;
            visit.choose(theme).await;
            visit.present().await;
            let (slides, _) = visit.open_notes().await;
            visit.reads(".notes-pace", "On time").await;
            visit.turn(PAGE_DOWN).await;
            visit.reads(".notes-text", "Ask for a show of hands.").await;
            let themed = format!("document.documentElement.matches('.{theme}')");
            visit.browser.until(&themed).await;
            visit.browser.js(&axe).await;
            found.extend(violations(&visit.browser, Rules::All, PAGE).await);
            visit.turn(END).await;
            visit.reads(".notes-pace", "ahead").await;
            found.extend(violations(&visit.browser, Rules::All, PAGE).await);
            visit.close().await;
            visit.switch_to(&slides).await;
            visit.turn(ESCAPE).await;
        }
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test_cache::test]
fn a_static_host_has_notes_too() {
    visit(&[], async |visit| {
        visit.write_notes().await;
        visit.on_static_host("gather.html").await;
        visit.present().await;
        let (slides, _) = visit.open_notes().await;
        visit.turn(PAGE_DOWN).await;
        visit.reads(".notes-text", "Ask for a show of hands.").await;
        visit.reads(".notes-times", "of 60 min").await;
        visit.switch_to(&slides).await;
        visit.on_slide(2).await;
    });
}

impl Visit {
    /// Writes notes into a page, and a plan of its minutes, and builds the book again.
    async fn write_notes(&mut self) {
        let path = self.clone.root.join("src/gather.md");
        let page = fs::read_to_string(&path).expect("readable");
        let note = |page: String, before: &str, note: &str| {
            let (begin, end) = page.split_once(before).expect("the page has this text");
            format!("{begin}<!-- note: {note} -->\n\n{before}{end}")
        };
        let hands = "Ask for a show of hands.\n\nThen let two explain:\n- 750 ms: the sum\n- 300 ms: `join!` already";
        let page = note(page, "A portal's front page", hands);
        let page = note(page, "```text\n/orders", "Run it after the guesses.");
        let page = note(page, "300 + 200", "Nothing overlaps.");
        self.clone.write("src/gather.md", &page);
        self.clone
            .write("src/teaching/minutes.json", "{ \"gather.html\": 60 }");
        self.restart().await;
    }

    /// Opens the window with the notes and switches to it. Returns the windows of the slides and of the notes.
    async fn open_notes(&self) -> (WindowHandle, WindowHandle) {
        let slides = self
            .browser
            .client
            .window()
            .await
            .expect("a window is open");
        let before = self
            .browser
            .client
            .windows()
            .await
            .expect("windows are open");
        self.turn("n").await;
        loop {
            let windows = self
                .browser
                .client
                .windows()
                .await
                .expect("windows are open");
            if let Some(notes) = windows.into_iter().find(|window| !before.contains(window)) {
                self.switch_to(&notes).await;
                self.browser
                    .until("document.querySelector('.notes-slide h1')")
                    .await;
                return (slides, notes);
            }
        }
    }

    async fn switch_to(&self, window: &WindowHandle) {
        let switched = self.browser.client.switch_to_window(window.clone()).await;
        switched.expect("the window is open");
    }

    async fn close(&self) {
        let closed = self.browser.client.close_window().await;
        closed.expect("the window can be closed");
    }
}
