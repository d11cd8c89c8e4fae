//! Prose is spelled and phrased as STYLE.md asks: no word or pattern of `ci/terms.toml` is in it, no two pages have
//! the same title, and harper finds nothing in it (`ci/grammar`, where that is installed).
//!
//! `ci/prose.toml` lists the parts of the project that are not covered yet. A part in which nothing is found any more
//! may not stay in that list.

pub mod grammar;
pub mod harper;
pub mod terms;
pub mod titles;

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde::Deserialize;
use toml::Spanned;

use crate::prose::{Text, collect};
use crate::{Finding, Project};
use autograder::files::line_of;
use grammar::Checked;
use harper::Harper;
use terms::Terms;

/// What is not covered yet and which rules of harper are off, relative to the project's root.
pub const LISTS: &str = "ci/prose.toml";

/// The content of `ci/prose.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// Files, folders or parts of the manifest that are not covered yet.
    #[serde(default)]
    pub not_covered: Vec<Spanned<String>>,
    /// Rules of harper that are wrong for texts like these.
    #[serde(default)]
    pub rule_off: Vec<grammar::RuleOff>,
    /// Places at which a rule that is otherwise useful is wrong.
    #[serde(default)]
    pub accepted: Vec<grammar::Accepted>,
    #[serde(skip)]
    text: String,
}

impl Lists {
    /// The lists of a project.
    ///
    /// # Errors
    ///
    /// If they cannot be read.
    pub fn of(project: &Project) -> Result<Self> {
        let text = project.read(LISTS)?;
        let lists: Self = toml::from_str(&text)?;
        Ok(Self { text, ..lists })
    }

    /// A finding at an entry of these lists.
    fn finding(&self, entry: &Spanned<String>, message: String) -> Finding {
        Finding::new(LISTS, line_of(&self.text, entry.span().start), message)
    }

    /// The entry that this part of the project belongs to.
    fn not_covering(&self, part: &str) -> Option<&str> {
        let entries = self
            .not_covered
            .iter()
            .map(|entry| entry.get_ref().as_str());
        entries
            .into_iter()
            .find(|entry| part == *entry || entry.ends_with('/') && part.starts_with(entry))
    }
}

/// Checks the whole project. Without `harper` only terms and titles are checked.
///
/// # Errors
///
/// If a file cannot be read or the checker of grammar fails.
pub fn check(project: &Project, harper: Option<&Harper>) -> Result<Vec<Finding>> {
    let lists = Lists::of(project)?;
    let mut uncovered = BTreeSet::new();
    let mut findings = Vec::new();
    for (part, finding) in everything(project, project, &lists, &collect(project)?, harper)? {
        match lists.not_covering(&part) {
            Some(entry) => drop(uncovered.insert(entry.to_owned())),
            None => findings.push(finding),
        }
    }
    if harper.is_some() {
        let done = lists
            .not_covered
            .iter()
            .filter(|entry| !uncovered.contains(entry.get_ref()));
        findings.extend(done.map(|entry| {
            let message = format!(
                "Nothing is found in `{}` any more. Take it out of this list, so that it stays so.",
                entry.get_ref()
            );
            lists.finding(entry, message)
        }));
    }
    findings.sort();
    Ok(findings)
}

/// What is found in these files, covered or not, with the lists of another project: for a writer.
///
/// # Errors
///
/// As [`check`].
pub fn check_files(
    project: &Project,
    lists_of: &Project,
    harper: Option<&Harper>,
    files: &[String],
) -> Result<Vec<Finding>> {
    let mut texts = collect(project)?;
    texts.retain(|text| {
        files
            .iter()
            .any(|file| text.file.starts_with(file.as_str()))
    });
    ensure!(
        !texts.is_empty(),
        "There is no prose in {}.",
        files.join(", ")
    );
    let lists = Lists::of(lists_of)?;
    let found = everything(project, lists_of, &lists, &texts, harper)?;
    let mut findings: Vec<_> = found
        .into_iter()
        .map(|(_, finding)| finding)
        // Whether a word of the lists is used somewhere cannot be seen in a few files.
        .filter(|finding| {
            files
                .iter()
                .any(|file| finding.file.starts_with(file.as_str()))
        })
        .collect();
    findings.sort();
    Ok(findings)
}

/// Every finding, each with the part of the project that it belongs to.
fn everything(
    project: &Project,
    lists_of: &Project,
    lists: &Lists,
    texts: &[Text],
    harper: Option<&Harper>,
) -> Result<Vec<(String, Finding)>> {
    let mut findings = Terms::of(lists_of)?.check(texts);
    findings.extend(titles::check(project)?);
    if let Some(harper) = harper {
        let Checked { of_texts, of_lists } = grammar::check(harper, lists_of, lists, texts)?;
        findings.extend(of_texts);
        let of_lists = of_lists.into_iter();
        findings.extend(of_lists.map(|finding| (finding.file.clone(), finding)));
    }
    Ok(findings)
}
