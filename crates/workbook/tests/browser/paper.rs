//! The book without the tool: on a static host, as files, and on paper.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::visit::{Expected, Visit, visit};

/// Chromium loads no modules from files, and logs that.
pub const NO_MODULES: Expected = &["blocked by CORS policy", "net::ERR_FAILED"];

#[test_cache::test]
fn pages_opened_as_files_are_readable_and_name_the_commands() {
    visit(NO_MODULES, async |visit| {
        visit.file("gather-exercises.html").await;
        visit
            .reads("main", "cargo workbook check gather/fetch_all")
            .await;
        let cards = "document.querySelector('workbook-exercise') === null";
        visit.browser.until(cards).await;
        visit.file("progress.html").await;
        visit.reads("main", "cargo workbook list").await;
        visit.reads("#mdbook-sidebar", "Your progress").await;
        // Without modules there are no buttons: nothing is hidden, and no room is left for buttons.
        visit.file("gather.html").await;
        visit.reads("main", "The page is ready after 750ms.").await;
        let plain = "document.querySelector('workbook-program, workbook-timeline') === null";
        visit.browser.until(plain).await;
        let room =
            "getComputedStyle(document.querySelector('#gather-in-turn')).paddingBottom === '0px'";
        visit.browser.until(room).await;
    });
}

#[test_cache::test]
fn a_static_host_offers_the_playground_and_the_timelines() {
    visit(&[], async |visit| {
        visit.on_static_host("gather-exercises.html").await;
        visit
            .reads("main", "cargo workbook check gather/fetch_all")
            .await;
        visit.on_static_host("gather.html").await;
        visit
            .reads(
                "workbook-program",
                "Run sends the program to play.rust-lang.org.",
            )
            .await;
        visit.press("main", "Show the output").await;
        visit.press("workbook-timeline", "Look closely").await;
        let cell = "document.querySelector('workbook-timeline [role=gridcell]')";
        visit.browser.until(cell).await;
        let cards = "document.querySelector('workbook-exercise') === null";
        visit.browser.until(cards).await;
    });
}

#[test_cache::test]
fn only_run_sends_a_program_to_the_playground() {
    visit(&[], async |visit| {
        visit.fake_playground().await;
        visit.on_static_host("gather.html").await;
        let sent = "window.sent";
        visit.browser.until(&format!("{sent}.length === 0")).await;
        visit.press("workbook-program", "Run").await;
        visit.reads(".program-output", "from the playground").await;
        let program = visit.browser.js("return window.sent").await;
        assert_eq!(program[0]["address"], "https://play.rust-lang.org/execute");
        let code = program[0]["body"]["code"].as_str().expect("a program");
        assert!(
            code.contains("start_paused = true") && code.contains("/weather"),
            "{code}"
        );
        assert!(
            !code.contains("timeline::"),
            "the playground does not have this crate: {code}"
        );
        assert_eq!(program[0]["body"]["edition"], "2024");
        // A program that needs the workbook's crates has no Run button.
        let without_run = "[...document.querySelectorAll('workbook-program')].every((program) => \
                         /\\b(timeline::(?!lane|figure)|grading::)/.test(program.querySelector('code').textContent) \
                         !== (program.querySelector('.program-run')?.checkVisibility() ?? false))";
        visit.browser.until(without_run).await;
    });
}

#[test_cache::test]
fn diagnostics_from_the_playground_are_shown_like_those_of_the_tool() {
    visit(&[], async |visit| {
        visit
            .before_each_page(
                "window.fetch = async () => new Response(JSON.stringify(window.responses.shift()));
                 const compiling = '   Compiling playground v0.0.1 (/playground)\\n';
                 const error = 'error[E0425]: cannot find value `x` in this scope\\n --> src/main.rs:8:5\\n';
                 window.responses = [
                   { success: false, stdout: '', stderr: `${compiling}${error}\\n` },
                   { error: 'it is down' },
                 ];",
            )
            .await;
        visit.on_static_host("gather.html").await;
        visit.press("workbook-program", "Run").await;
        visit.reads(".program-status", "It does not compile.").await;
        visit.reads(".output-error", "cannot find value `x`").await;
        let marked = "document.querySelector('.program-mark.error').getAttribute('aria-label').startsWith('Line 8 ')";
        visit.browser.until(marked).await;
        visit.press("workbook-program", "Run").await;
        visit
            .reads(".program-status", "could not run the program: it is down.")
            .await;
    });
}

#[test_cache::test]
fn offline_the_status_names_the_command_to_type() {
    visit(&["ERR_", "Failed to fetch"], async |visit| {
        let offline = "window.fetch = () => Promise.reject(new TypeError('no network'));";
        visit.before_each_page(offline).await;
        visit.on_static_host("gather.html").await;
        visit.press("workbook-program", "Run").await;
        visit.reads(".program-status", "did not answer").await;
        visit
            .reads(".program-status", "cargo workbook run FILE")
            .await;
    });
}

#[test_cache::test]
fn a_printed_page_has_every_answer_and_no_buttons() {
    visit(&[], async |visit| {
        visit
            .browser
            .js("localStorage.setItem('mdbook-theme', 'navy')")
            .await;
        visit.open("gather-exercises.html").await;
        let media = json!({ "media": "print" });
        visit.browser.cdp("Emulation.setEmulatedMedia", media).await;
        visit
            .browser
            .js("dispatchEvent(new Event('beforeprint'))")
            .await;
        let shown = visit
            .browser
            .js("return [...document.querySelectorAll('button, #mdbook-sidebar, #mdbook-menu-bar')] \
                   .filter((part) => part.checkVisibility()).map((part) => part.outerHTML)")
            .await;
        assert_eq!(shown, json!([]));
        let answers = "[...document.querySelectorAll('main > details > p, main > details > .covered-output > p')]";
        visit
            .browser
            .until(&format!(
                "{answers}.length > 3 && {answers}.every((answer) => \
                   answer.checkVisibility({{ visibilityProperty: true }}))"
            ))
            .await;
        let whole = "return document.querySelector('main h1').getBoundingClientRect().top >= 0";
        assert_eq!(
            visit.browser.js(whole).await,
            json!(true),
            "the title is cut off"
        );
        let paper = "getComputedStyle(document.documentElement).backgroundColor";
        let ink = "getComputedStyle(document.querySelector('main p')).color";
        let colours = visit.browser.js(&format!("return [{paper}, {ink}]")).await;
        assert_eq!(colours, json!(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]));
    });
}

#[test_cache::test]
fn the_printer_icon_prints_the_page() {
    visit(NO_MODULES, async |visit| {
        visit
            .before_each_page(
                "window.print = () => { document.title = `printed: ${document.title}`; };",
            )
            .await;
        visit.open("gather.html").await;
        visit.prints_on_click().await;
        visit.on_static_host("tasks.html").await;
        visit.prints_on_click().await;
        visit.file("locks.html").await;
        visit.prints_on_click().await;
    });
}

#[test_cache::test]
fn the_cheat_sheet_is_two_sides_of_a4() {
    visit(NO_MODULES, async |visit| {
        visit.file("cheat-sheet.html").await;
        let a4 = json!({ "paperWidth": 8.27, "paperHeight": 11.69 });
        let response = visit.browser.cdp("Page.printToPDF", a4).await;
        let pdf = response["data"].as_str().expect("a PDF");
        let pdf = STANDARD.decode(pdf).expect("Base64");
        let pdf = String::from_utf8_lossy(&pdf);
        let sides = pdf.matches("/Type /Page\n").count();
        assert_eq!(sides, 2, "it takes {sides} sides");
    });
}

#[test_cache::test]
fn covered_outputs_and_edited_programs_are_printed() {
    visit(&[], async |visit| {
        visit.open("gather.html").await;
        visit.press("workbook-program", "Edit").await;
        let editor = "document.querySelector('workbook-program .ace_editor')";
        visit.browser.until(editor).await;
        let media = json!({ "media": "print" });
        visit.browser.cdp("Emulation.setEmulatedMedia", media).await;
        for printed in ["workbook-program > pre", ".covered-output > pre"] {
            let seen = format!(
                "document.querySelector('{printed}').checkVisibility({{ visibilityProperty: true }})"
            );
            visit.browser.until(&seen).await;
        }
    });
}

impl Visit {
    /// Opens a page of the clone's book as a file.
    pub async fn file(&self, page: &str) {
        let path = self.clone.root.join("book").join(page);
        self.go(&format!("file://{}", path.display())).await;
        self.browser
            .until("document.readyState === 'complete'")
            .await;
    }

    /// Opens a page of the clone's book on a static host.
    pub async fn on_static_host(&self, page: &str) {
        self.go(&format!("{}{page}", self.static_host)).await;
        self.browser
            .until("document.readyState === 'complete'")
            .await;
    }

    async fn prints_on_click(&self) {
        let title = self.browser.js("return document.title").await;
        let click = "document.querySelector('[title=\"Print this page\"]').click()";
        self.browser.js(click).await;
        let after = self.browser.js("return document.title").await;
        let title = title.as_str().expect("a page has a title");
        assert_eq!(after, json!(format!("printed: {title}")));
    }

    pub async fn before_each_page(&self, script: &str) {
        let script = json!({ "source": script });
        self.browser
            .cdp("Page.addScriptToEvaluateOnNewDocument", script)
            .await;
    }

    /// Records requests to other hosts in `window.sent`, and responds as the playground would.
    async fn fake_playground(&self) {
        self.before_each_page(
            "window.sent = [];
             window.fetch = async (address, { body }) => {
               window.sent.push({ address, body: JSON.parse(body) });
               const result = { success: true, stdout: 'from the playground\\n', stderr: '   Compiling playground\\n' };
               return new Response(JSON.stringify(result));
             };",
        )
        .await;
    }
}
