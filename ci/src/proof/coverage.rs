//! Nothing escapes: every fence of the book has a known language and known tags, every Rust block is
//! among the programs that skeptic extracted, every `text` block is what another proof compares, and
//! no page takes code from elsewhere.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::markdown::{Block, Page};
use crate::project::Pages;
use crate::proof::reports;
use crate::{Finding, Project};

/// The languages a block may have. A block in any other language would not be tested.
const LANGUAGES: &[&str] = &["rust", "python", "text", "console", "toml", "html"];

/// Compares the blocks of the book with the programs that are tested.
///
/// # Errors
///
/// If a page cannot be read.
pub fn check(project: &Project, extracted: &[String]) -> Result<Vec<Finding>> {
    let mut tested: BTreeMap<&str, usize> = BTreeMap::new();
    for program in extracted {
        *tested.entry(program).or_default() += 1;
    }
    let mut findings = Vec::new();
    for page in project.pages()? {
        findings.extend(fences_without_a_block(&page));
        findings.extend(texts_without_a_program(&page));
        findings.extend(code_without_a_block(project, &page));
        for block in &page.blocks {
            findings.extend(unknown_tags(block));
        }
        for block in page.rust_blocks() {
            match tested.get_mut(&*block.program()) {
                Some(left) if *left > 0 => *left -= 1,
                _ => {
                    let message = "This Rust block is not among the programs that are tested.";
                    findings.push(Finding::new(&block.file, block.line, message));
                }
            }
        }
    }
    Ok(findings)
}

/// The programs in the file of tests that skeptic generates.
///
/// Each test formats a program into a template, two raw strings:
/// `format!(r####"…{}"####, r####"fn main() {}"####)`.
pub fn extracted(generated: &str) -> Vec<String> {
    let strings: Vec<_> = generated
        .split("r####\"")
        .skip(1)
        .filter_map(|rest| {
            rest.split_once("\"####")
                .map(|(string, _)| string.to_owned())
        })
        .collect();
    strings
        .chunks(2)
        .filter_map(|pair| pair.get(1).cloned())
        .collect()
}

fn unknown_tags(block: &Block) -> Option<Finding> {
    let language = block.language();
    let message = if !LANGUAGES.contains(&language) {
        let known = LANGUAGES.join(", ");
        format!(
            "A block's language is one of {known}; this one says `{}`.",
            block.info
        )
    } else if language == "rust" {
        let allowed = |tag: &&str| {
            ["rust", "compile_fail", "should_panic"].contains(tag)
                || block.error_name() == Some(tag)
        };
        let unknown = block.tags().find(|tag| !allowed(tag))?;
        format!(
            "A Rust block is run to its end, panics (should_panic) or does not compile \
             (`compile_fail` and a code such as `E0277`); `{unknown}` is none of these."
        )
    } else if block.info != language {
        format!(
            "A block in `{language}` has no tags; this one says `{}`.",
            block.info
        )
    } else {
        return None;
    };
    Some(Finding::new(&block.file, block.line, message))
}

/// A `text` block shows what a program printed, or what a grader said, and is compared with it.
fn texts_without_a_program(page: &Page) -> Vec<Finding> {
    let programs = page.blocks.iter();
    let programs = programs.filter(|block| ["rust", "python"].contains(&block.language()));
    let outputs: Vec<_> = programs
        .filter_map(|block| page.output_of(block))
        .chain(reports::quoted(page).filter_map(|report| report.block))
        .map(|block| block.line)
        .collect();
    let texts = page.blocks.iter().filter(|block| block.info == "text");
    texts
        .filter(|block| !outputs.contains(&block.line))
        .map(|block| {
            let message = "This text block follows neither a program nor a `<!-- report: … -->`, so \
                           it is never compared with anything.";
            Finding::new(&block.file, block.line, message)
        })
        .collect()
}

/// What mdBook would include, figures apart, and what HTML would show as code: no proof sees it.
fn code_without_a_block(project: &Project, page: &Page) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, number) in page.text.lines().zip(1..) {
        let figure = line
            .strip_prefix("{{#include figures/")
            .and_then(|rest| rest.strip_suffix(".svg}}"));
        let message = match figure {
            Some(name) if project.path(&format!("src/figures/{name}.svg")).is_file() => continue,
            Some(name) => format!("There is no `src/figures/{name}.svg`: no block records it."),
            None if line.contains("{{#") => {
                "Only figures are included, each on a line of its own: code from another file \
                 would not be tested."
                    .to_owned()
            }
            None if line.contains("<pre") => {
                "Code is written between fences: what is in a `<pre>` would not be tested."
                    .to_owned()
            }
            None => continue,
        };
        findings.push(Finding::new(&page.file, number, message));
    }
    findings
}

/// Looks at the lines alone, as a check on the parser: an opening fence that is no block for it
/// (indented too far, in a comment, never closed) is a program that is never tested.
fn fences_without_a_block(page: &Page) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut closing: Option<String> = None;
    for (line, number) in page.text.lines().zip(1..) {
        let content = line.trim_start_matches([' ', '\t', '>', '-', '*']);
        let marks = |c: char| content.chars().take_while(|&found| found == c).count();
        let length = marks('`').max(marks('~'));
        if length < 3 {
            continue;
        }
        let (fence, info) = content.split_at(length);
        match &closing {
            Some(open) if info.trim().is_empty() && fence.starts_with(open.as_str()) => {
                closing = None;
            }
            Some(_) => {}
            None => {
                closing = Some(fence.to_owned());
                if !page.blocks.iter().any(|block| block.line == number) {
                    let message = format!("The fence `{}` opens no block.", content.trim());
                    findings.push(Finding::new(&page.file, number, message));
                }
            }
        }
    }
    if closing.is_some() {
        let last = page.text.lines().count();
        findings.push(Finding::new(
            &page.file,
            last,
            "The last fence is never closed.",
        ));
    }
    findings
}
