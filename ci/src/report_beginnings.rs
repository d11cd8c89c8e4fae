//! The beginning of a report, which a lesson plan quotes: the comment
//! `<!-- report begins: ci/wrong/gather/fetch_all/for-loop.rs -->` is followed by a quotation (`>`) with the first words of
//! the report of the test that this wrong answer names.

use anyhow::Result;
use autograder::files::line_of;

use crate::markdown::Page;
use crate::project::Pages;
use crate::{Finding, Project};

/// How the comment before a quotation begins.
pub const COMMENT: &str = "<!-- report begins: ";

/// The beginning of a report on a page.
pub struct Beginning {
    /// The page, relative to the project's root.
    pub page: String,
    /// The line of the comment.
    pub line: usize,
    /// The wrong answer, relative to the project's root.
    pub wrong_answer: String,
    /// The words that are quoted, with single spaces between them.
    pub words: String,
}

impl Beginning {
    /// What is wrong with it if the report is this.
    pub fn compare(&self, report: &str) -> Option<Finding> {
        let report = folded(report);
        let rest = report.strip_prefix(&self.words);
        if !self.words.is_empty()
            && rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        {
            return None;
        }
        let message = format!(
            "The report on {} begins otherwise. It says:\n{report}",
            self.wrong_answer
        );
        Some(Finding::new(&self.page, self.line, message))
    }
}

/// Those of all pages.
///
/// # Errors
///
/// If a page cannot be read.
pub fn of_project(project: &Project) -> Result<Vec<Beginning>> {
    Ok(project.pages()?.iter().flat_map(of_page).collect())
}

/// Those of one page.
pub fn of_page(page: &Page) -> Vec<Beginning> {
    let comments = page.text.match_indices(COMMENT);
    let beginnings = comments.map(|(place, _)| {
        let rest = &page.text[place + COMMENT.len()..];
        let (wrong_answer, after) = rest.split_once(" -->").unwrap_or((rest, ""));
        let lines = after.trim_start().lines();
        let quoted: Vec<_> = lines.map_while(|line| line.strip_prefix('>')).collect();
        Beginning {
            page: page.file.clone(),
            line: line_of(&page.text, place),
            wrong_answer: wrong_answer.to_owned(),
            words: folded(&quoted.join(" ")),
        }
    });
    beginnings.collect()
}

fn folded(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Plan\n\n<!-- report begins: ci/wrong/a/b/c.rs -->\n> They ran one\n> after the other.\n\nMore.\n";

    #[test]
    fn compares_the_first_words_wherever_lines_end() {
        let [beginning] = of_page(&Page::parse("src/a.md", PAGE))
            .try_into()
            .ok()
            .expect("there is one");
        assert_eq!(beginning.line, 3);
        assert_eq!(beginning.wrong_answer, "ci/wrong/a/b/c.rs");
        let report = "They ran\none after the other. This usually means nothing.";
        assert_eq!(beginning.compare(report), None);
        let finding = beginning
            .compare("They ran together.")
            .expect("it begins otherwise");
        assert!(finding.message.contains("They ran together."), "{finding}");
    }

    #[test]
    fn a_quotation_without_words_quotes_nothing() {
        let page = PAGE.replace("> They ran one\n> after the other.\n", "");
        let beginnings = of_page(&Page::parse("src/a.md", page));
        assert!(beginnings[0].compare("They ran together.").is_some());
    }
}
