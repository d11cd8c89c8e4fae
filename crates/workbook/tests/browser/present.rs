//! A page as slides.

use serde_json::{Value, json};

use crate::axe::{PAGE, Rules, axe, violations};
use crate::paper::NO_MODULES;
use crate::visit::{LIVE, Visit, visit};

const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const LEFT: &str = "\u{e012}";
const UP: &str = "\u{e013}";
const RIGHT: &str = "\u{e014}";
const ESCAPE: &str = "\u{e00c}";
const PAGE_UP: &str = "\u{e00e}";
pub const PAGE_DOWN: &str = "\u{e00f}";

/// Control and Enter.
const RUN: &str = "\u{e009}\u{e007}\u{e000}";

/// The prediction on the slide with the first program of gather.html.
const GUESS: &str = "main > workbook-program:not([inert]) .program-prediction textarea";

#[test_cache::test]
fn a_page_is_shown_as_slides_and_left_as_it_was() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        let page = "return [document.body.outerHTML, document.documentElement.className, scrollY]";
        let before = visit.browser.js(page).await;
        visit.present().await;
        visit.on_slide(1).await;
        // Beside the slide there is only the bar.
        let seen = "[...document.querySelectorAll('main > *, nav, header, aside')]
            .filter((element) => element.checkVisibility()).map(({ localName }) => localName).join()";
        visit
            .browser
            .until(&format!("{seen} === 'h1,p,p,nav'"))
            .await;
        visit.turn(RIGHT).await;
        visit.on_slide(2).await;
        let heading = "document.activeElement.matches('main > h2') &&
            document.activeElement.ariaLabel.startsWith('Slide 2 of ') &&
            document.activeElement.ariaLabel.includes(': Four requests in sequence (1 of ')";
        visit.browser.until(heading).await;
        visit.turn(LEFT).await;
        visit.on_slide(1).await;
        visit.turn(ESCAPE).await;
        visit.browser.until(NO_SLIDES).await;
        assert_eq!(visit.browser.js(page).await, before);
    });
}

#[test_cache::test]
fn the_slides_begin_and_end_with_what_the_reader_looks_at() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit
            .browser
            .js("document.getElementById('join_all').scrollIntoView()")
            .await;
        visit
            .browser
            .js("const toggle = document.getElementById('present-toggle'); toggle.focus(); toggle.click();")
            .await;
        let label = "document.activeElement.ariaLabel?.includes(': join_all (1 of ')";
        visit.browser.until(label).await;
        visit.turn(HOME).await;
        visit.turn(RIGHT).await;
        visit.on_slide(2).await;
        visit.turn(ESCAPE).await;
        visit.browser.until(NO_SLIDES).await;
        let first = "[...document.querySelectorAll('main > h2 + p')][0].getBoundingClientRect()";
        visit
            .browser
            .until(&format!("Math.abs({first}.top) < innerHeight / 2"))
            .await;
        let toggle = "document.activeElement.id === 'present-toggle'";
        visit.browser.until(toggle).await;
    });
}

#[test_cache::test]
fn a_program_runs_on_its_slide() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.present().await;
        for _ in 0..2 {
            visit.turn(PAGE_DOWN).await;
        }
        visit.on_slide(3).await;
        // What is typed into a field turns no slides.
        visit
            .keys(GUESS, &format!("{HOME}no page{PAGE_UP}{LEFT} "))
            .await;
        visit.on_slide(3).await;
        visit.keys(GUESS, RUN).await;
        visit
            .reads(".program-output", "The page is ready after 750ms.")
            .await;
        visit.on_slide(3).await;
        visit.turn(ESCAPE).await;
        let label = "document.activeElement.ariaLabel?.startsWith('Slide 3 of ')";
        visit.browser.until(label).await;
        // The run has uncovered what the page says about the output, which the slide before has shown.
        visit.turn(PAGE_DOWN).await;
        visit.reads("main", "300 + 200 + 150 + 100 = 750 ms").await;
        visit.turn(PAGE_DOWN).await;
        visit.reads("main", "Your run, and the book’s").await;
        visit
            .press("main > figure:not([inert])", "Look closely")
            .await;
        visit
            .reads(".timeline-description", "Poll 1 of GET /orders")
            .await;
        // The arrow keys are the grid's.
        visit.turn(RIGHT).await;
        visit
            .reads(".timeline-description", "GET /orders at 300 ms")
            .await;
        visit.on_slide(5).await;
        visit.turn(PAGE_DOWN).await;
        visit.on_slide(6).await;
        visit.turn(ESCAPE).await;
        visit.browser.until(NO_SLIDES).await;
        visit
            .reads(".program-output", "The page is ready after 750ms.")
            .await;
    });
}

#[test_cache::test]
fn control_and_enter_run_the_program_of_the_slide() {
    visit(&[], async |visit| {
        visit.resize(1280, 720).await;
        visit.open("gather.html").await;
        visit.present().await;
        visit.show("concurrency-within-one-task").await;
        visit.turn(PAGE_DOWN).await;
        visit.turn(RUN).await;
        visit
            .reads(
                "main > workbook-program:not([inert]) .program-output",
                "The page is ready after 300ms.",
            )
            .await;
    });
}

#[test_cache::test]
fn an_output_is_uncovered_before_the_next_slide() {
    visit(&[], async |visit| {
        visit.clone.write(
            "src/gather.md",
            "# Gather\n\nWhat does it print?\n\n```rust\nfn main() {\n    println!(\"7\");\n}\n```\n\n\
             ```text\n7\n```\n\nSeven.\n",
        );
        visit.restart().await;
        visit.open("gather.html").await;
        visit.present().await;
        let output = "document.querySelector('code.language-text')";
        let is_seen = format!("{output}.checkVisibility({{ visibilityProperty: true }})");
        visit.browser.until(&format!("!{is_seen}")).await;
        visit
            .browser
            .until("document.querySelector('.covered-output > button').checkVisibility()")
            .await;
        let slide = visit.slide().await;
        visit.turn(PAGE_DOWN).await;
        visit.browser.until(&is_seen).await;
        visit.reads("main", "Seven.").await;
        assert_eq!(visit.slide().await, slide);
    });
}

#[test_cache::test]
fn keys_turn_slides_and_do_nothing_else() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.present().await;
        for (keys, slide) in [
            (PAGE_DOWN, 2),
            (SPACE, 3),
            (PAGE_UP, 2),
            (UP, 1),
            (RIGHT, 2),
            (HOME, 1),
            // The first page of a chapter is not left by keys of the search.
            ("s", 1),
            ("/", 1),
            (SPACE, 2),
        ] {
            visit.turn(keys).await;
            visit.on_slide(slide).await;
        }
        let search = "document.getElementById('mdbook-search-wrapper').matches('.hidden')";
        visit.browser.until(search).await;
        // The help is above the slides, and takes their keys.
        visit.turn("?").await;
        visit.reads("#mdbook-help-popup", "opens your notes").await;
        visit.turn(RIGHT).await;
        visit.turn(ESCAPE).await;
        visit
            .browser
            .until("!document.getElementById('mdbook-help-popup').checkVisibility()")
            .await;
        visit.on_slide(2).await;
        // A button takes the space bar and Enter.
        visit
            .browser
            .js("document.querySelector('.present-bar button').focus()")
            .await;
        visit.turn(ENTER).await;
        visit.on_slide(1).await;
    });
}

#[test_cache::test]
fn a_lesson_goes_on_from_page_to_page() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.present().await;
        visit.turn(END).await;
        let last = visit.slide().await;
        assert!(last > 10, "{last}");
        visit.turn(PAGE_DOWN).await;
        visit.on_page("gather-try-join.html").await;
        visit.on_slide(1).await;
        visit.turn(PAGE_DOWN).await;
        visit.on_slide(2).await;
        visit
            .browser
            .client
            .refresh()
            .await
            .expect("it is loaded again");
        visit.browser.until(LIVE).await;
        visit.on_slide(2).await;
        for _ in 0..2 {
            visit.turn(PAGE_UP).await;
        }
        visit.on_page("gather.html").await;
        visit.on_slide(last).await;
        // A link leads to the slide of its section, on this page and on another one.
        visit
            .browser
            .js("document.querySelector('main a[href=\"#futures-of-different-types\"]').click()")
            .await;
        let label = |title| format!("document.activeElement.ariaLabel?.includes(': {title}')");
        visit
            .browser
            .until(&label("Futures of different types"))
            .await;
        visit.browser.js("document.querySelector('main a[href=\"gather-pitfalls.html#spawned-tasks-run-on\"]').click()").await;
        visit.on_page("gather-pitfalls.html").await;
        visit.browser.until(&label("Spawned tasks run on")).await;
        visit.turn(ESCAPE).await;
        visit.browser.until(NO_SLIDES).await;
        visit.open("gather.html").await;
        visit.browser.until(NO_SLIDES).await;
    });
}

#[test_cache::test]
fn slides_can_be_read_from_the_last_row() {
    // The text of a figure is scaled with it; hidden titles describe it.
    let small = "const sizes = new Set();
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
          const element = text.parentElement;
          const isShown = element.checkVisibility({ visibilityProperty: true });
          if (text.data.trim() === '' || !isShown || element.closest('style, title, desc')) continue;
          const svg = element.closest('svg');
          const size = parseFloat(getComputedStyle(element).fontSize) * (svg?.getScreenCTM().a ?? 1);
          const least = element.closest('code, pre, svg, textarea') ? 20 : 24;
          if (size < least - 0.01) sizes.add(`${size} ${element.outerHTML.slice(0, 80)}`);
        }
        return [...sizes]";
    visit(&[], async |visit| {
        for (width, height) in [(1280, 720), (1920, 1080)] {
            visit.resize(width, height).await;
            for page in ["gather.html", "gather-exercises.html"] {
                visit.open(page).await;
                visit.present().await;
                let slides = visit.slides().await;
                for slide in 1..=slides {
                    visit.on_slide(slide).await;
                    assert_eq!(
                        visit.browser.js(small).await,
                        json!([]),
                        "{page}, slide {slide}"
                    );
                    let wide =
                        "const { scrollWidth, clientWidth } = document.querySelector('main');
                                return scrollWidth - clientWidth";
                    assert_eq!(
                        visit.browser.js(wide).await,
                        json!(0),
                        "{page}, slide {slide}"
                    );
                    if slide < slides {
                        visit.turn(PAGE_DOWN).await;
                    }
                }
                visit.turn(ESCAPE).await;
                visit.browser.until(NO_SLIDES).await;
            }
        }
    });
}

#[test_cache::test]
fn axe_finds_nothing_on_slides() {
    let Some(axe) = axe() else { return };
    visit(&[], async |visit| {
        let mut found: Vec<Value> = Vec::new();
        for theme in ["light", "navy", "coal"] {
            for page in ["gather.html", "gather-exercises.html"] {
                visit.open(page).await;
                visit.choose(theme).await;
                visit.browser.js(&axe).await;
                visit.present().await;
                // Title, text, program, output, figure; question; exercise.
                for slide in 1..visit.slides().await.min(12) {
                    visit.on_slide(slide).await;
                    if slide == 3 && page == "gather.html" {
                        visit.turn(RUN).await;
                        visit.reads(".program-output", "ready after 750ms").await;
                    }
                    found.extend(violations(&visit.browser, Rules::All, PAGE).await);
                    visit.turn(PAGE_DOWN).await;
                }
                visit.turn(ESCAPE).await;
                visit.browser.until(NO_SLIDES).await;
            }
        }
        assert!(found.is_empty(), "{found:#?}");
        // axe sees slides, although nothing around them scrolls.
        visit.choose("light").await;
        visit.present().await;
        let pale = "document.querySelector('.present-bar').style.color = '#ddd'";
        visit.browser.js(pale).await;
        let found = violations(&visit.browser, Rules::AboutColors, PAGE).await;
        assert!(!found.is_empty(), "pale text is a violation");
    });
}

#[test_cache::test]
fn slides_are_printed_as_the_page() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.present().await;
        let media = json!({ "media": "print" });
        visit.browser.cdp("Emulation.setEmulatedMedia", media).await;
        let printed = "[...document.querySelectorAll('main > :is(h1, h2, h3, p)')].every((block) => block.checkVisibility())";
        visit.browser.until(printed).await;
        let bar = "document.querySelector('.present-bar').checkVisibility()";
        visit.browser.until(&format!("!{bar}")).await;
    });
}

#[test_cache::test]
fn a_static_host_shows_slides_and_a_file_does_not_offer_them() {
    visit(NO_MODULES, async |visit| {
        visit.on_static_host("gather.html").await;
        visit
            .reads("workbook-program", "Run sends the program")
            .await;
        visit.present().await;
        visit.turn(PAGE_DOWN).await;
        visit.on_slide(2).await;
        visit.file("gather.html").await;
        let offered = "document.getElementById('present-toggle').checkVisibility()";
        visit.browser.until(&format!("!{offered}")).await;
        visit.keys("body", "?").await;
        visit.reads("#mdbook-help-popup", "to turn the page").await;
        let help = visit
            .browser
            .js("return document.getElementById('mdbook-help-popup').innerText")
            .await;
        assert!(
            !help.as_str().expect("a text").contains("present"),
            "{help}"
        );
    });
}

/// The page is as mdBook shows it.
const NO_SLIDES: &str = "!document.querySelector('.presenting, .resuming, .present-bar, main [inert], main [data-slide]')";

/// The number in "Slide 3 of 12".
const SLIDE: &str =
    "Number(document.querySelector('.present-position')?.textContent.split(' ')[1])";

impl Visit {
    /// Begins with the slides of the page.
    pub async fn present(&self) {
        let toggle = "document.getElementById('present-toggle')";
        self.browser
            .until(&format!("{toggle}?.disabled === false"))
            .await;
        self.browser.js(&format!("{toggle}.click()")).await;
        self.browser.until(&format!("{SLIDE} > 0")).await;
    }

    /// Sends keys to what has the focus.
    pub async fn turn(&self, keys: &str) {
        let focused = self.browser.client.active_element().await;
        let focused = focused.expect("something has the focus");
        focused.send_keys(keys).await.expect("it takes keys");
    }

    #[track_caller]
    pub fn on_slide<'v>(&'v self, number: u64) -> impl Future<Output = ()> + use<'v> {
        self.browser.until(&format!("{SLIDE} === {number}"))
    }

    pub async fn slide(&self) -> u64 {
        let number = self.browser.js(&format!("return {SLIDE}")).await;
        number.as_u64().expect("slides are shown")
    }

    async fn slides(&self) -> u64 {
        let position = self
            .browser
            .js("return document.querySelector('.present-position').textContent")
            .await;
        let (_, count) = position
            .as_str()
            .expect("a text")
            .split_once(" of ")
            .expect("slides are shown");
        count.parse().expect("a number")
    }

    /// Shows the slide of a section.
    async fn show(&self, id: &str) {
        let find = format!(
            "const link = document.createElement('a');
             link.href = '#{id}';
             document.querySelector('main').append(link);
             link.click();
             link.remove();"
        );
        self.browser.js(&find).await;
        self.browser
            .until(&format!("document.activeElement.id === '{id}'"))
            .await;
    }

    async fn on_page(&self, page: &str) {
        self.browser
            .until(&format!("location.pathname === '/{page}'"))
            .await;
        self.browser.until(LIVE).await;
    }

    async fn resize(&self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.browser
            .cdp("Emulation.setDeviceMetricsOverride", size)
            .await;
    }

    /// Starts the tool again, which builds the book if it has changed.
    pub async fn restart(&mut self) {
        self.go("about:blank").await;
        self.served.stop();
        self.served = crate::served::Served::start(&self.clone, self.served.port());
        self.enter().await;
    }
}
