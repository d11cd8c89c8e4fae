//! Accessibility: what axe-core finds on the pages.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::driver::REQUIRED;
use crate::exercises::{CARD, type_in_editor};
use crate::programs::{FIRST, edit};
use crate::search;
use crate::visit::{Visit, visit};

/// The themes that a reader can choose, each with the rules of axe that depend on the theme; all rules for the first.
const THEMES: &[(&str, &[&str])] = &[
    ("light", &[]),
    ("navy", &["color-contrast", "link-in-text-block"]),
    ("coal", &["color-contrast", "link-in-text-block"]),
];

#[test_cache::test]
fn axe_finds_nothing_on_any_page() {
    let Some(axe) = axe() else { return };
    visit(&[], async |visit| {
        visit.clone.answer("fetch_all", "Vec::new()");
        let mut found = Vec::new();
        for page in pages(&visit.clone.root.join("book")) {
            visit.open(&page).await;
            visit.unfold().await;
            visit.browser.js(&axe).await;
            for (theme, rules) in THEMES {
                visit.choose(theme).await;
                for violation in violations(visit, rules).await {
                    found.push(format!("{page}, {theme}: {violation:#}"));
                }
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

#[test_cache::test]
fn axe_finds_nothing_in_opened_parts_of_a_page() {
    let Some(axe) = axe() else { return };
    visit(&[], async |visit| {
        // The hint remains in later visits.
        visit.open("gather-exercises.html").await;
        visit.press(CARD, "Hint 1 of 3").await;
        let mut found = Vec::new();
        for (theme, rules) in THEMES {
            visit.open("gather.html").await;
            visit.choose(theme).await;
            visit.press(FIRST, "Run").await;
            visit.reads(".program-status", "Same as in the book.").await;
            visit.press("figure.your-run", "Look closely").await;
            visit.press("figure.your-run", "As a table").await;
            edit(visit, "fn main() {\n    let unread: u32 = \"seven\";\n}\n").await;
            visit.press(FIRST, "Run").await;
            visit.reads(".program-status", "It does not compile.").await;
            visit.browser.js(&axe).await;
            found.extend(violations(visit, rules).await);

            visit.open_search("glossary.html").await;
            visit.keys(search::FIELD, "while let").await;
            visit.reads("#mdbook-searchresults mark", "while let").await;
            visit.browser.js(&axe).await;
            found.extend(violations(visit, rules).await);

            visit.open("gather-exercises.html").await;
            visit.reads(CARD, "Hint 1. ").await;
            visit.press(CARD, "Show the solution").await;
            visit.press(CARD, "Show it").await;
            visit.reads(CARD, "join_all").await;
            type_in_editor(visit, "// typed in the page\n").await;
            visit
                .clone
                .answer("fetch_all", "// saved in an editor\n    todo!()");
            visit.reads(".answer-choice", "typed in the page").await;
            visit.browser.js(&axe).await;
            found.extend(violations(visit, rules).await);
            visit.forget().await;
        }
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test_cache::test]
fn no_other_theme_is_offered() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        let offered = "return [...document.querySelectorAll('#mdbook-theme-list button')]
                         .map(({ id }) => id.replace('mdbook-theme-', '')).sort()";
        let mut tested: Vec<_> = THEMES.iter().map(|(theme, _)| *theme).collect();
        tested.extend(["default_theme"]);
        tested.sort_unstable();
        assert_eq!(visit.browser.js(offered).await, json!(tested));
    });
}

#[test_cache::test]
fn axe_finds_a_violation() {
    let Some(axe) = axe() else { return };
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        let pale = "document.querySelector('main p').style.color = '#ddd'";
        visit.browser.js(pale).await;
        visit.browser.js(&axe).await;
        let found = violations(visit, &[]).await;
        assert!(
            found.iter().any(|one| one["id"] == "color-contrast"),
            "{found:#?}"
        );
    });
}

/// The violations that axe-core finds on the page, by these rules, or by all if there are none. It has to be loaded.
async fn violations(visit: &Visit, rules: &[&str]) -> Vec<Value> {
    let mut options = json!({ "resultTypes": ["violations"] });
    if !rules.is_empty() {
        options["runOnly"] = json!(rules);
    }
    let script = format!(
        "const done = arguments[arguments.length - 1];
         axe.run(document, {options}).then(({{ violations, passes }}) => done({{
           checked: passes.length,
           violations: violations.map(({{ id, help, nodes }}) => ({{
             id, help, nodes: nodes.map(({{ html, failureSummary }}) => [html, failureSummary]),
           }})),
         }}));"
    );
    let ran = visit
        .browser
        .client
        .execute_async(&script, Vec::new())
        .await;
    let ran = ran.expect("axe runs");
    assert!(ran["checked"].as_u64() > Some(0), "axe has checked nothing");
    ran["violations"].as_array().expect("a list").clone()
}

/// axe-core's script. `None` if it is not installed, after a message about that.
fn axe() -> Option<String> {
    let file = env::var_os("AXE_CORE").map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../target/tools/node_modules/axe-core/axe.min.js")
        },
        PathBuf::from,
    );
    if let Ok(script) = fs::read_to_string(&file) {
        return Some(script);
    }
    let message = "Skipped: accessibility of the pages, because axe-core is missing. `ci/tools` installs it, \
                   or set AXE_CORE to its axe.min.js.";
    assert!(env::var_os(REQUIRED).is_none(), "{message}");
    let _ = writeln!(std::io::stderr(), "\n{message}\n");
    test_cache::skipped();
    None
}

/// The pages of the book, except the print page.
fn pages(book: &Path) -> Vec<String> {
    let files = fs::read_dir(book).expect("the book was built");
    let names = files.map(|file| {
        file.expect("readable")
            .file_name()
            .into_string()
            .expect("UTF-8")
    });
    let mut pages: Vec<_> = names
        .filter(|name| name.ends_with(".html") && !["print.html", "toc.html"].contains(&&**name))
        .collect();
    pages.sort();
    assert!(pages.len() > 10, "{pages:?}");
    pages
}

impl Visit {
    /// Chooses a theme as a reader does.
    async fn choose(&self, theme: &str) {
        let press = format!("document.getElementById('mdbook-theme-{theme}').click()");
        self.browser.js(&press).await;
        let there = format!("document.documentElement.classList.contains('{theme}')");
        self.browser.until(&there).await;
    }

    /// Removes edits and unsaved answers before the next theme.
    async fn forget(&self) {
        self.open("glossary.html").await;
        let forget = "Object.keys(localStorage).filter((key) => /^workbook-(unsaved|set-aside|program)/.test(key))
                        .forEach((key) => localStorage.removeItem(key))";
        self.browser.js(forget).await;
    }

    /// Opens all details.
    async fn unfold(&self) {
        let unfold =
            "document.querySelectorAll('details').forEach((details) => details.open = true)";
        self.browser.js(unfold).await;
    }
}
