//! No two pages have the same title, neither on the page nor in `SUMMARY.md`, and the glossary calls each page by its title.

use std::collections::BTreeMap;

use anyhow::Result;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::project::Pages;
use crate::{Finding, Project};
use autograder::files::line_of;

const SUMMARY: &str = "src/SUMMARY.md";
const GLOSSARY: &str = "src/glossary.md";

/// A title: the page that has it, and where it is written.
struct Title {
    page: String,
    file: String,
    line: usize,
    words: String,
}

/// Compares the titles of all pages. Each finding comes with the page that it is about.
///
/// # Errors
///
/// If a page cannot be read.
pub fn check(project: &Project) -> Result<Vec<(String, Finding)>> {
    let mut on_pages = Vec::new();
    for page in project.pages()? {
        on_pages.extend(heading(&page.file, &page.text));
    }
    let mut findings = alike(&on_pages);
    findings.extend(alike(&links(SUMMARY, &project.read(SUMMARY)?)));
    if project.path(GLOSSARY).is_file() {
        let links = links(GLOSSARY, &project.read(GLOSSARY)?);
        findings.extend(renamed(&links, &on_pages));
    }
    Ok(findings)
}

/// The first heading of a page.
fn heading(file: &str, text: &str) -> Option<Title> {
    let mut title: Option<Title> = None;
    for (event, range) in Parser::new_ext(text, Options::all()).into_offset_iter() {
        match (event, &mut title) {
            (Event::Start(Tag::Heading { .. }), None) => {
                title = Some(Title {
                    page: file.to_owned(),
                    file: file.to_owned(),
                    line: line_of(text, range.start),
                    words: String::new(),
                });
            }
            (Event::Text(words) | Event::Code(words), Some(title)) => title.words.push_str(&words),
            (Event::End(TagEnd::Heading(_)), Some(_)) => return title,
            _ => {}
        }
    }
    None
}

/// What the links of a file call each page.
fn links(file: &str, text: &str) -> Vec<Title> {
    let mut titles = Vec::new();
    let mut open: Option<Title> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match (event, &mut open) {
            (Event::Start(Tag::Link { dest_url, .. }), _) => {
                let page = dest_url.split('#').next().unwrap_or_default();
                open = Some(Title {
                    page: format!("src/{}", page.trim_start_matches("./")),
                    file: file.to_owned(),
                    line: line_of(text, range.start),
                    words: String::new(),
                });
            }
            (Event::Text(words) | Event::Code(words), Some(title)) => title.words.push_str(&words),
            (Event::End(TagEnd::Link), _) => titles.extend(open.take()),
            _ => {}
        }
    }
    titles
}

/// Links whose text is not the title of their page.
fn renamed(links: &[Title], titles: &[Title]) -> Vec<(String, Finding)> {
    let mut findings = Vec::new();
    for link in links {
        let title = titles.iter().find(|title| title.page == link.page);
        if let Some(title) = title.filter(|title| title.words != link.words) {
            let message = format!(
                "The title of {} is \"{}\", not \"{}\".",
                title.page, title.words, link.words
            );
            let finding = Finding::new(&link.file, link.line, message);
            findings.push((link.file.clone(), finding));
        }
    }
    findings
}

fn alike(titles: &[Title]) -> Vec<(String, Finding)> {
    let mut by_words: BTreeMap<String, Vec<&Title>> = BTreeMap::new();
    for title in titles {
        by_words
            .entry(title.words.to_lowercase())
            .or_default()
            .push(title);
    }
    let shared = by_words.into_values().filter(|titles| titles.len() > 1);
    shared
        .flat_map(|titles| {
            let pages: Vec<_> = titles.iter().map(|title| title.page.clone()).collect();
            titles.into_iter().map(move |title| {
                let others = pages.iter().filter(|page| **page != title.page);
                let others: Vec<_> = others.map(String::as_str).collect();
                let message = format!(
                    "\"{}\" is the title of {}, too. Name what this page is about.",
                    title.words,
                    others.join(" and of ")
                );
                let finding = Finding::new(&title.file, title.line, message);
                (title.page.clone(), finding)
            })
        })
        .collect()
}
