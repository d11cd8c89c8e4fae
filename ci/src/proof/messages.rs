//! The appendix of error messages shows what a program has really said: each section of its pages is headed by a
//! message that is in an output of that section, and the overview links to each section by its message.

use std::collections::BTreeSet;

use anyhow::Result;
use pulldown_cmark::HeadingLevel::H2;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::markdown::Page;
use crate::project::Pages;
use crate::{Finding, Project};
use autograder::files::line_of;

const OVERVIEW: &str = "src/error-messages.md";
const PAGES: &str = "src/error-messages-";

/// Compares the headings of the appendix with its outputs and with its overview.
///
/// # Errors
///
/// If a page cannot be read.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let pages = project.pages()?;
    let overview = pages.iter().find(|page| page.file == OVERVIEW);
    let listed = overview.map(links).unwrap_or_default();
    let mut findings = Vec::new();
    for page in pages.iter().filter(|page| page.file.starts_with(PAGES)) {
        for section in sections(page) {
            let finding = |message| Finding::new(&page.file, section.line, message);
            let Some(message) = &section.message else {
                let fault = "The heading of a section names its message as code, and only one.";
                findings.push(finding(fault.to_owned()));
                continue;
            };
            if !section.outputs.iter().any(|said| said.contains(message)) {
                let fault = format!("No output of this section contains `{message}`.");
                findings.push(finding(fault));
            }
            if !listed.contains(&(page.file.clone(), message.clone())) {
                let fault = format!("{OVERVIEW} has no link `{message}` to this page.");
                findings.push(finding(fault));
            }
        }
    }
    Ok(findings)
}

/// A part of a page, from a heading of the second level to the next one.
#[derive(Default)]
struct Section {
    line: usize,
    message: Option<String>,
    outputs: Vec<String>,
}

fn sections(page: &Page) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut codes: Option<Vec<String>> = None;
    let mut begins = Vec::new();
    for (event, range) in Parser::new_ext(&page.text, Options::all()).into_offset_iter() {
        match (event, &mut codes) {
            (Event::Start(Tag::Heading { level: H2, .. }), _) => {
                codes = Some(Vec::new());
                begins.push(range.start);
            }
            (Event::Code(code), Some(codes)) => codes.push(code.into_string()),
            (Event::End(TagEnd::Heading(_)), Some(_)) => {
                let mut codes = codes.take().unwrap_or_default();
                sections.push(Section {
                    line: line_of(&page.text, range.start),
                    message: if codes.len() == 1 { codes.pop() } else { None },
                    outputs: Vec::new(),
                });
            }
            _ => {}
        }
    }
    for block in page.blocks.iter().filter(|block| block.info == "text") {
        let after = begins.partition_point(|begin| *begin < block.range.start);
        if let Some(section) = after.checked_sub(1).and_then(|n| sections.get_mut(n)) {
            section.outputs.push(block.body.clone());
        }
    }
    sections
}

/// The links whose text is code: the file to which each leads, and the code.
fn links(page: &Page) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut file: Option<String> = None;
    for event in Parser::new_ext(&page.text, Options::all()) {
        match (event, &file) {
            (Event::Start(Tag::Link { dest_url, .. }), _) => {
                let path = dest_url.split('#').next().unwrap_or_default();
                file = Some(format!("src/{path}"));
            }
            (Event::Code(code), Some(file)) => {
                found.insert((file.clone(), code.into_string()));
            }
            (Event::End(TagEnd::Link), _) => file = None,
            _ => {}
        }
    }
    found
}
