//! The overview of a class in a real browser, opened as a file.

#![cfg(target_os = "linux")]

#[path = "../../../workbook/tests/browser/axe.rs"]
mod axe;
#[path = "../support/class.rs"]
mod class;
#[path = "../../../workbook/tests/browser/driver.rs"]
mod driver;

use std::fs;

use autograder::verdict::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::axe::{PAGE, Rules, axe, violations};
use crate::class::{Done, TestClass, done};
use crate::driver::Browser;

/// A name that would be a script if it were markup.
const HOSTILE: &str = "\"><img src=x onerror=document.title='stolen'></script><script>document.title='stolen'</script>";

const REPORT: &str = "It returned 7, and not 8. No.\nThis usually means that it counts.\nRead on: book/gather.html#counting\n";

/// A class of these many students, and with as many exercises as fit into one table.
fn class(students: usize) -> TestClass {
    let names: Vec<String> = (0..20).map(|number| format!("exercise_{number}")).collect();
    let exercises: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut class = TestClass::of(&[("gather", &exercises), ("locks", &exercises)]);
    let states = [
        State::Solved,
        State::Failing,
        State::Hangs,
        State::NotStarted,
        State::DoesNotCompile,
        State::GraderChanged,
    ];
    for number in 0..students {
        let done = exercises.iter().enumerate().map(|(index, exercise)| {
            let state = states[(index + number) % states.len()];
            let fails = matches!(state, State::Failing | State::Hangs);
            Done {
                mistake: if fails && index % 2 == 0 {
                    "Counts `from` one."
                } else {
                    ""
                },
                report: REPORT,
                worked: Some((20, index % 3)),
                ..done(exercise, state)
            }
        });
        let all: Vec<_> = done.collect();
        let name = format!("{} {HOSTILE}", number % 10);
        let answers = "pub fn exercise_0() {\n    let a_line_that_is_long = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17];\n}\n";
        class.student(&format!("s{number}"), &name, "gather", &all, answers);
    }
    class.roster("s0,Ada\nx,<script>document.title='stolen'</script>\n");
    class
}

/// An overview that is opened in a browser.
struct Opened {
    browser: Browser,
    _folder: TempDir,
}

/// Opens the overview of a class as a file, and checks at the end that the browser has logged no errors but these.
fn open(class: &TestClass, expected: &[&str], body: impl AsyncFnOnce(&Opened)) {
    let folder = tempfile::tempdir().expect("a folder can be created");
    let file = folder.path().join("report.html");
    fs::write(&file, class.page()).expect("writable");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be created");
    runtime.block_on(async {
        let Some(browser) = Browser::start().await else {
            return;
        };
        let address = format!("file://{}", file.display());
        let opened = browser.client.goto(&address).await;
        opened.expect("the file can be opened");
        let opened = Opened {
            browser,
            _folder: folder,
        };
        // What is unfolded is tested as well.
        let unfold = "document.querySelectorAll('details').forEach((one) => { one.open = true })";
        opened.browser.js(unfold).await;
        body(&opened).await;
        let log = opened.browser.log("browser").await;
        let message = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        let mut errors: Vec<_> = log.iter().map(message).collect();
        errors.retain(|error| !expected.iter().any(|expected| error.contains(expected)));
        assert!(errors.is_empty(), "{errors:#?}");
    });
}

impl Opened {
    async fn emulate(&self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let media = json!({ "media": media, "features": features });
        self.browser.cdp("Emulation.setEmulatedMedia", media).await;
    }

    async fn width(&self, width: u32) {
        let size =
            json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.browser
            .cdp("Emulation.setDeviceMetricsOverride", size)
            .await;
    }

    async fn keys(&self, element: &str, keys: &str) {
        let found = self.browser.client.find(Locator::Css(element)).await;
        let found = found.unwrap_or_else(|error| panic!("{element}: {error}"));
        let pressed = found.send_keys(keys).await;
        pressed.unwrap_or_else(|error| panic!("{element}: {error}"));
    }
}

#[test_cache::test]
fn axe_finds_nothing_in_the_overview_of_a_class() {
    let Some(axe) = axe() else { return };
    open(&class(12), &[], async |page| {
        page.browser.js(&axe).await;
        let mut found = Vec::new();
        for width in [1280, 390] {
            page.width(width).await;
            for scheme in ["light", "dark"] {
                page.emulate("", scheme).await;
                found.extend(violations(&page.browser, Rules::All, PAGE).await);
            }
        }
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test_cache::test]
fn names_and_answers_run_nothing_and_load_nothing() {
    open(&class(3), &["Content Security Policy"], async |page| {
        let shown = "document.querySelector('table.map tbody').innerText.includes('<img src=x')";
        page.browser.until(shown).await;
        let title = page.browser.js("return document.title").await;
        assert_eq!(title, "The Async Rust Workbook, 2026-12-01");
        let made = "return document.querySelectorAll('img, script').length";
        assert_eq!(page.browser.js(made).await, json!(1));
        // What is not part of the page is forbidden.
        page.browser.js("document.body.append(Object.assign(document.createElement('script'), { id: 'foreign', src: 'data:text/javascript,document.title=1' }))").await;
        let title = page.browser.js("return document.title").await;
        assert_eq!(title, "The Async Rust Workbook, 2026-12-01");
    });
}

#[test_cache::test]
fn the_rows_are_sorted_by_points_and_by_name_with_the_keyboard() {
    let mut class = class(4);
    for (student, points) in class.graded.students.iter_mut().zip([3.0, 10.0, 1.0, 20.0]) {
        student.marks.total = points;
    }
    open(&class, &[], async |page| {
        let order = "return [...document.querySelectorAll('table.map tbody tr')].map(({ dataset }) => Number(dataset.points))";
        assert_eq!(page.browser.js(order).await, json!([3, 10, 1, 20]));
        page.keys("th[data-sort=points] button", "\u{e007}").await;
        assert_eq!(page.browser.js(order).await, json!([20, 10, 3, 1]));
        let sorted = "return document.querySelector('th[data-sort=points]').ariaSort";
        assert_eq!(page.browser.js(sorted).await, json!("descending"));
        page.keys("th[data-sort=name] button", "\u{e007}").await;
        assert_eq!(page.browser.js(order).await, json!([3, 10, 1, 20]));
    });
}

#[test_cache::test]
fn the_choice_below_the_symbols_needs_no_script() {
    open(&class(2), &[], async |page| {
        let seen = |what: &str| {
            format!(
                "[...document.querySelectorAll('table.map .{what}')].some((one) => one.checkVisibility())"
            )
        };
        page.browser
            .until(&format!("{} && !{}", seen("points"), seen("minutes")))
            .await;
        page.keys("#below-points", "\u{e014}").await;
        page.browser
            .until(&format!("{} && !{}", seen("minutes"), seen("points")))
            .await;
        page.keys("#below-minutes", "\u{e014}").await;
        page.browser
            .until(&format!("{} && !{}", seen("hints"), seen("minutes")))
            .await;
    });
}

#[test_cache::test]
fn nothing_is_wider_than_a_phone_but_what_is_scrolled() {
    open(&class(12), &[], async |page| {
        for width in [390, 820, 1440] {
            page.width(width).await;
            let wide = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth - clientWidth";
            assert_eq!(page.browser.js(wide).await, json!(0), "{width}");
        }
    });
}

/// The widest heat map, on A4 landscape with margins of 10 mm.
#[test_cache::test]
fn the_heat_map_is_whole_on_paper() {
    open(&class(30), &[], async |page| {
        // 277 mm at 96 pixels per inch.
        page.width(1046).await;
        page.emulate("print", "dark").await;
        let widest = page.browser.js("return Math.max(...[...document.querySelectorAll('table')].map(({ scrollWidth }) => scrollWidth))").await;
        assert!(widest.as_u64() <= Some(1046), "{widest}");
        let cut = "[...document.querySelectorAll('.scroll')].filter((one) => getComputedStyle(one).overflow !== 'visible').length";
        assert_eq!(page.browser.js(&format!("return {cut}")).await, json!(0));
        let ink = "return getComputedStyle(document.querySelector('tbody td')).color";
        assert_ne!(
            page.browser.js(ink).await,
            json!("rgb(211, 216, 222)"),
            "not the colours of a dark page"
        );
        page.emulate("", "light").await;
        let paper = json!({ "preferCSSPageSize": true });
        let pdf = page.browser.cdp("Page.printToPDF", paper).await;
        let pdf = STANDARD
            .decode(pdf["data"].as_str().expect("a PDF"))
            .expect("Base64");
        let pdf = String::from_utf8_lossy(&pdf);
        // A4 landscape, in points.
        assert!(
            pdf.contains("/MediaBox [0 0 841.9"),
            "the paper is not landscape"
        );
    });
}
