//! Renders pages with mdBook, as one document with links between them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use autograder::files;
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem, Chapter};

use crate::book::NOT_BUILT;

/// A page of the handout in Markdown.
#[derive(Debug)]
pub struct Page {
    /// Its path in the book: `gather.md`.
    pub path: String,
    /// Its text.
    pub markdown: String,
}

/// mdBook's template, reduced to the pages. The rest of the document is written around them.
const TEMPLATE: &str = "{{{content}}}";

/// What mdBook writes between two pages of its print page.
const BETWEEN_PAGES: &str = r#"<div style="break-before: page; page-break-before: always;"></div>"#;

/// Renders these pages in place of the book's own, and returns the HTML of each. Identifiers are unique among all pages, and
/// a link to another of these pages is a link to its place in the document.
///
/// # Errors
///
/// If mdBook fails, or the folder for its files is not writable.
pub fn render(mut book: MDBook, pages: &[Page], scratch: &Path) -> Result<Vec<String>> {
    let theme = scratch.join("theme");
    files::write(&theme.join("index.hbs"), TEMPLATE)?;
    let items = pages.iter().map(|page| {
        let chapter = Chapter::new("", page.markdown.clone(), &page.path, Vec::new());
        BookItem::Chapter(chapter)
    });
    book.book = Book::new_with_items(items.collect());
    let built = scratch.join("built");
    book.config.build.build_dir.clone_from(&built);
    let configure = || -> Result<()> {
        let none: [&str; 0] = [];
        let config = &mut book.config;
        config.set("output.html.theme", theme)?;
        config.set("output.html.additional-css", none)?;
        config.set("output.html.additional-js", none)?;
        config.set("output.html.print.enable", true)?;
        config.set("output.html.search.enable", false)?;
        config.set("output.html.playground.editable", false)?;
        config.set("output.html.input-404", "")
    };
    configure().and_then(|()| book.build()).context(NOT_BUILT)?;
    let document = built.join("print.html");
    let document = fs::read_to_string(&document)
        .with_context(|| format!("{} could not be read.", document.display()))?;
    let rendered: Vec<_> = document
        .split(BETWEEN_PAGES)
        .map(|page| page.trim().to_owned())
        .collect();
    ensure!(
        rendered.len() == pages.len(),
        "mdBook has rendered {} pages of {}.",
        rendered.len(),
        pages.len()
    );
    Ok(rendered)
}
