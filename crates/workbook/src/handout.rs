//! A handout: chapters of the book on paper, as a PDF with contents, page numbers and running heads.
//!
//! The pages are changed as Markdown (`parts`, `chapter`), rendered by mdBook (`render`), put into one document
//! (`document`) and printed by an installed browser (`browser`). No browser can put the number of a page into a link yet, so the
//! document is printed, the numbers are read from the PDF (`pdf`), and it is printed again with them.

mod browser;
mod chapter;
mod code;
mod diagnostic;
mod document;
mod html;
mod parts;
mod pdf;
mod render;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use autograder::manifest::Chapter;
use autograder::{files, target_folder};
use mdbook_driver::book::{BookItem, Chapter as BookChapter};

pub use browser::{FIRST_VERSION, VARIABLE};

use crate::book;
use crate::cli::Paper;
use crate::contract::Contract;
use crate::names;
use crate::tool::Tool;
use browser::Browser;
use chapter::{CONTRACT, ChapterWriter};
use document::{Document, Kind, Section};
use html::{PageNumbers, Targets};
use render::Page;

/// The page that comes last.
const CHEAT_SHEET: &str = "cheat-sheet.md";

/// How often a document is printed until its page numbers are right. Twice is enough, unless a number is longer than
/// expected and moves a line to the next page.
const MOST_PRINTS: usize = 5;

/// What is wanted.
#[derive(Debug)]
pub struct Handout<'h> {
    /// The chapters, in order.
    pub chapters: Vec<&'h Chapter>,
    /// Whether the answers to the questions are printed at the end.
    pub answers: bool,
    /// The size of the paper.
    pub paper: Paper,
}

/// What was written.
#[derive(Debug)]
pub enum Written {
    /// A PDF.
    Pdf {
        /// How many pages it has, if that is known.
        pages: Option<usize>,
        /// What is missing in it, in a sentence.
        notice: Option<String>,
    },
    /// This HTML file in place of the PDF, because there is no browser.
    Html(PathBuf),
}

/// Writes a handout to a file.
///
/// # Errors
///
/// If a chapter has no pages, the book cannot be built, the browser fails, or the file cannot be written.
pub fn write(tool: &Tool, handout: &Handout<'_>, file: &Path) -> Result<Written> {
    let browser = Browser::find()?;
    // Not in the system's folder for temporary files, which browsers in a Snap cannot read.
    let scratch = target_folder()?.join("workbook").join("handout");
    fs::create_dir_all(&scratch)
        .with_context(|| format!("{} could not be created.", scratch.display()))?;
    let scratch = tempfile::tempdir_in(&scratch)
        .with_context(|| format!("{} could not be written.", scratch.display()))?;
    let (document, titles) = document(tool, handout, scratch.path())?;
    let html = |numbers: Option<&PageNumbers>| {
        document.html(Targets {
            numbers,
            titles: &titles,
        })
    };
    let Some(browser) = browser else {
        let file = file.with_extension("html");
        files::write(&file, html(None))?;
        return Ok(Written::Html(file));
    };
    let page = scratch.path().join("handout.html");
    let print = |numbers: Option<&PageNumbers>| {
        files::write(&page, html(numbers))?;
        browser.print(&page, scratch.path(), tool.cancel())
    };
    let mut numbers = PageNumbers::Placeholders;
    let mut printed = print(Some(&numbers))?;
    let mut notice = None;
    let mut count = None;
    for _ in 1..MOST_PRINTS {
        let Some(pages) = pdf::pages(&printed) else {
            let why = "Its contents and links have no page numbers: its browser writes another kind of PDF than Chromium.";
            notice = Some(why.to_owned());
            printed = print(None)?;
            break;
        };
        count = Some(pages.count);
        let found = PageNumbers::Known(pages.places);
        if found == numbers {
            break;
        }
        numbers = found;
        printed = print(Some(&numbers))?;
    }
    if let Some(version) = browser::version(&printed).filter(|version| *version < FIRST_VERSION) {
        notice = Some(format!(
            "Its pages have no heads and no numbers: they need version {FIRST_VERSION} of Chromium or later, and this is version {version}."
        ));
    }
    files::write(file, pdf::without_times(printed))?;
    Ok(Written::Pdf {
        pages: count,
        notice,
    })
}

/// The document, and the titles of the pages that are not in it.
fn document(
    tool: &Tool,
    handout: &Handout<'_>,
    scratch: &Path,
) -> Result<(Document, BTreeMap<String, String>)> {
    let book = book::load(&tool.project)?;
    let config = &book.config.book;
    let (title, language) = (config.title.clone(), config.language.clone());
    let mut pages = Vec::new();
    let mut answers = Vec::new();
    // The sections, with the number of their pages.
    let mut sections = Vec::new();
    let mut contracts = Vec::new();
    for chapter in &handout.chapters {
        let slug = chapter.slug();
        let mut writer = ChapterWriter::new(chapter, handout.answers);
        let before = pages.len();
        for page in pages_of(&book.book.items, slug) {
            let parts = parts::core_path(parts::parts(&page.content));
            if let Some(path) = path_of(page).filter(|_| !parts.is_empty()) {
                let markdown = writer.page(&path, parts);
                pages.push(Page { path, markdown });
            }
        }
        ensure!(
            pages.len() > before,
            "The book has no page `src/{slug}.md`, so there is nothing to print of the chapter."
        );
        sections.push((Kind::Chapter, pages.len() - before));
        if handout.answers && !writer.questions.is_empty() {
            let path = format!("answers-{slug}.md");
            let markdown = writer.answers();
            answers.push(Page { path, markdown });
        }
        let stub = tool.grader.stub(slug)?;
        contracts.extend(names::of_chapter(chapter).map(|exercise| {
            let contract = Contract::of(exercise.exercise.name(), &stub);
            (exercise.name(), contract)
        }));
    }
    sections.extend(answers.iter().map(|_| (Kind::Answers, 1)));
    pages.append(&mut answers);
    for page in all_pages(&book.book.items) {
        if path_of(page).as_deref() == Some(CHEAT_SHEET) {
            sections.push((Kind::CheatSheet, 1));
            pages.push(Page {
                path: CHEAT_SHEET.to_owned(),
                markdown: page.content.clone(),
            });
        }
    }
    let titles = titles(tool, handout, &book.book.items, &pages);
    let mut rendered = render::render(book, &pages, scratch)?.into_iter();
    let with_contracts = |mut page: String| {
        for (name, contract) in &contracts {
            let place = format!("<div {CONTRACT}=\"{name}\"></div>");
            if page.contains(&place) {
                let contract = chapter::contract(name, &contract.html, &contract.signature);
                page = page.replace(&place, &contract);
            }
        }
        page
    };
    let sections = sections.into_iter().map(|(kind, count)| {
        let pages = rendered.by_ref().take(count);
        Section {
            kind,
            pages: pages.map(with_contracts).collect(),
        }
    });
    let document = Document {
        title: title.unwrap_or_default(),
        language: language.unwrap_or_default(),
        paper: handout.paper,
        sections: sections.collect(),
    };
    Ok((document, titles))
}

/// How the book calls its pages that are not in the document: other chapters by their short titles.
fn titles(
    tool: &Tool,
    handout: &Handout<'_>,
    items: &[BookItem],
    printed: &[Page],
) -> BTreeMap<String, String> {
    let mut titles = BTreeMap::new();
    for page in all_pages(items) {
        if let Some(path) = path_of(page)
            && printed.iter().all(|printed| printed.path != path)
        {
            titles.insert(path.replace(".md", ".html"), page.name.replace('`', ""));
        }
    }
    let chapters = tool.manifest().chapters.iter();
    let is_printed = |slug: &str| {
        handout
            .chapters
            .iter()
            .any(|chapter| chapter.slug() == slug)
    };
    for chapter in chapters.filter(|chapter| !is_printed(chapter.slug())) {
        for page in pages_of(items, chapter.slug()) {
            if let Some(path) = path_of(page) {
                titles.insert(path.replace(".md", ".html"), chapter.title.clone());
            }
        }
    }
    titles
        .into_iter()
        .map(|(path, title)| (path, code::escaped(&title)))
        .collect()
}

/// The pages of a chapter: the one with its name, and those below it.
fn pages_of<'b>(items: &'b [BookItem], slug: &str) -> Vec<&'b BookChapter> {
    let first = format!("{slug}.md");
    let chapter = all_pages(items)
        .into_iter()
        .find(|page| path_of(page).as_deref() == Some(&*first));
    let Some(chapter) = chapter else {
        return Vec::new();
    };
    let mut pages = vec![chapter];
    pages.extend(all_pages(&chapter.sub_items));
    pages
}

fn all_pages(items: &[BookItem]) -> Vec<&BookChapter> {
    let mut pages = Vec::new();
    for item in items {
        if let BookItem::Chapter(page) = item {
            pages.push(page);
            pages.extend(all_pages(&page.sub_items));
        }
    }
    pages
}

fn path_of(page: &BookChapter) -> Option<String> {
    Some(page.path.as_ref()?.to_str()?.replace('\\', "/"))
}
