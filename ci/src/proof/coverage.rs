//! No Rust block escapes: every fence of the book has a known language and known tags, and every
//! Rust block is among the programs that skeptic extracted.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::markdown::{Block, Page};
use crate::{Finding, Project};

/// The languages a block may have. Whatever else looked like Rust would be tested by nobody.
const LANGUAGES: &[&str] = &["rust", "python", "text", "console", "toml"];

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
        for block in &page.blocks {
            findings.extend(unknown_words(block));
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

fn unknown_words(block: &Block) -> Option<Finding> {
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
                || block.error_code() == Some(tag)
        };
        let unknown = block.tags().find(|tag| !allowed(tag))?;
        format!(
            "A Rust block is run to its end, panics (should_panic) or does not compile \
             (compile_fail and a code such as E0277); `{unknown}` is none of these."
        )
    } else {
        return None;
    };
    Some(Finding::new(&block.file, block.line, message))
}

/// Looks at the lines alone, as a check on the parser: an opening fence that is no block for it
/// (indented too far, in a comment, never closed) is a program that nobody tests.
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
