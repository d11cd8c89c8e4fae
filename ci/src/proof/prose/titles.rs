//! No two pages have the same title, neither on the page nor in `SUMMARY.md`.

use std::collections::BTreeMap;

use anyhow::Result;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::project::Pages;
use crate::{Finding, Project};
use autograder::files::line_of;

const SUMMARY: &str = "src/SUMMARY.md";

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
    findings.extend(alike(&listed(&project.read(SUMMARY)?)));
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

/// What `SUMMARY.md` calls each page.
fn listed(summary: &str) -> Vec<Title> {
    let mut titles = Vec::new();
    let mut open: Option<Title> = None;
    for (event, range) in Parser::new(summary).into_offset_iter() {
        match (event, &mut open) {
            (Event::Start(Tag::Link { dest_url, .. }), _) => {
                open = Some(Title {
                    page: format!("src/{}", dest_url.trim_start_matches("./")),
                    file: SUMMARY.to_owned(),
                    line: line_of(summary, range.start),
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
