//! Accessibility: what axe-core finds on the pages.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::axe::{PAGE, Rules, axe, violations};
use crate::exercises::{CARD, type_in_editor};
use crate::programs::{FIRST, edit, run_changed};
use crate::search;
use crate::visit::{Visit, visit};

/// The themes that a reader can choose.
const THEMES: &[&str] = &["light", "navy", "coal"];

/// Marks the elements that have text of their own and a style that no page had before in this session, and returns
/// how many. A style is what style sheets can select by: the names of an element and of all around it, and those
/// classes and attributes that occur in a style sheet.
const MARK_NEW_STYLES: &str = r"
    const seen = new Set(JSON.parse(sessionStorage.getItem('styles') ?? '[]'));
    const selectors = ({ selectorText = '', cssRules = [] }) => selectorText + [...cssRules].map(selectors).join(' ');
    const sheets = [...document.styleSheets].map(selectors).join(' ');
    const names = (pattern) => new Set([...sheets.matchAll(pattern)].map(([, name]) => name));
    const ids = names(/#([\w-]+)/g), classes = names(/\.([\w-]+)/g);
    const attributes = names(/\[([\w-]+)/g), values = names(/\[([\w-]+)[~|^$*]?=/g).add('style');
    const selected = ({ name, value }) => {
        if (name === 'class') return value.split(/\s+/).filter((name) => classes.has(name)).sort();
        if (name === 'id') return ids.has(value) ? [value] : [];
        return values.has(name) ? [`${name}=${value}`] : attributes.has(name) ? [name] : [];
    };
    const own = ({ localName, attributes }) => [localName, ...[...attributes].flatMap(selected).sort()].join('.');
    const chain = (element) => element ? chain(element.parentElement) + '>' + own(element) : '';
    const isNew = (element) => {
        const style = chain(element);
        return !seen.has(style) && seen.add(style);
    };
    const hasText = ({ childNodes }) => [...childNodes]
        .some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim() !== '');
    const marked = [...document.body.querySelectorAll('*')].filter(hasText).filter(isNew);
    for (const element of marked) element.dataset.new = '';
    sessionStorage.setItem('styles', JSON.stringify([...seen]));
    return marked.length;";

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
            for violation in violations(&visit.browser, Rules::NotAboutColors, PAGE).await {
                found.push(format!("{page}: {violation:#}"));
            }
            if visit.browser.js(MARK_NEW_STYLES).await == json!(0) {
                continue;
            }
            for theme in THEMES {
                visit.choose(theme).await;
                for violation in violations(&visit.browser, Rules::AboutColors, "[data-new]").await
                {
                    found.push(format!("{page}, {theme}: {violation:#}"));
                }
            }
            visit.choose(THEMES[0]).await;
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

#[test_cache::test]
fn axe_finds_nothing_in_opened_parts_of_a_page() {
    let Some(axe) = axe() else { return };
    visit(&[], async |visit| {
        run_changed(visit).await;
        visit.press("figure.your-run", "Look closely").await;
        visit.press("figure.your-run", "As a table").await;
        let mut found = in_all_themes(visit, &axe).await;
        visit.press(FIRST, "Close the editor").await;
        edit(visit, "fn main() {\n    let unread: u32 = \"seven\";\n}\n").await;
        visit.press(FIRST, "Run").await;
        visit.reads(".program-status", "It does not compile.").await;
        found.extend(in_all_themes(visit, &axe).await);

        visit.open_search("glossary.html").await;
        visit.keys(search::FIELD, "while let").await;
        visit.reads("#mdbook-searchresults mark", "while let").await;
        found.extend(in_all_themes(visit, &axe).await);

        visit.open("gather-exercises.html").await;
        visit.press(CARD, "Hint 1 of 3").await;
        visit.reads(CARD, "Hint 1. ").await;
        visit.press(CARD, "Show the solution").await;
        visit.press(CARD, "Show it").await;
        visit.reads(CARD, "join_all").await;
        type_in_editor(visit, "// typed in the page\n").await;
        visit
            .clone
            .answer("fetch_all", "// saved in an editor\n    todo!()");
        visit.reads(".answer-choice", "typed in the page").await;
        found.extend(in_all_themes(visit, &axe).await);
        assert!(found.is_empty(), "{found:#?}");
    });
}

#[test_cache::test]
fn no_other_theme_is_offered() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        let offered = "return [...document.querySelectorAll('#mdbook-theme-list button')]
                         .map(({ id }) => id.replace('mdbook-theme-', '')).sort()";
        let mut tested = THEMES.to_vec();
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
        let found = violations(&visit.browser, Rules::All, PAGE).await;
        assert!(
            found.iter().any(|one| one["id"] == "color-contrast"),
            "{found:#?}"
        );
    });
}

#[test_cache::test]
fn each_style_is_new_once() {
    visit(&[], async |visit| {
        visit.open("glossary.html").await;
        let marked = visit.browser.js(MARK_NEW_STYLES).await;
        assert!(marked.as_u64() > Some(10), "{marked}");
        visit.open("glossary.html").await;
        assert_eq!(visit.browser.js(MARK_NEW_STYLES).await, json!(0));
        let change = async |change| {
            let change = format!("document.querySelector('main p').{change}");
            visit.browser.js(&change).await;
            visit.browser.js(MARK_NEW_STYLES).await
        };
        assert_eq!(change("className = 'in-no-sheet'").await, json!(0));
        assert!(change("className = 'warning'").await.as_u64() > Some(0));
        assert!(change("style.color = '#ddd'").await.as_u64() > Some(0));
    });
}

/// The violations on the page in each theme.
async fn in_all_themes(visit: &Visit, axe: &str) -> Vec<Value> {
    visit.browser.js(axe).await;
    let mut found = violations(&visit.browser, Rules::NotAboutColors, PAGE).await;
    for theme in THEMES {
        visit.choose(theme).await;
        found.extend(violations(&visit.browser, Rules::AboutColors, PAGE).await);
    }
    visit.choose(THEMES[0]).await;
    found
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
        .filter(|name| name.ends_with(".html") && name != "toc.html")
        .collect();
    pages.sort();
    assert!(pages.len() > 10, "{pages:?}");
    pages
}

impl Visit {
    /// Chooses a theme as a reader does.
    pub async fn choose(&self, theme: &str) {
        let press = format!("document.getElementById('mdbook-theme-{theme}').click()");
        self.browser.js(&press).await;
        let there = format!("document.documentElement.classList.contains('{theme}')");
        self.browser.until(&there).await;
    }

    /// Opens all details.
    async fn unfold(&self) {
        let unfold =
            "document.querySelectorAll('details').forEach((details) => details.open = true)";
        self.browser.js(unfold).await;
    }
}
