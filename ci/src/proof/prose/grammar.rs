//! Spelling, grammar and usage, by harper. It is a program of its own, `ci/grammar`, because compiling it takes longer
//! than everything else that `cargo test` needs.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Lists;
use crate::prose::{Place, Text};
use crate::{Finding, Project};

/// The project's own words, one a line, sorted, relative to its root.
pub const DICTIONARY: &str = "ci/dictionary.txt";

/// A rule of harper that is not used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleOff {
    /// Its name, as findings show it.
    pub name: Spanned<String>,
    /// Why it is wrong for texts like these.
    pub reason: String,
}

/// Words to which a rule objects, wrongly.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The rule.
    pub rule: String,
    /// The words, as findings show them.
    pub words: Spanned<String>,
    /// Why they are right.
    pub reason: String,
}

/// The checker.
#[derive(Debug)]
pub struct Grammar {
    program: PathBuf,
}

/// What was found, in the texts (each with the part of the project that it is in) and in the lists.
pub struct Checked {
    pub of_texts: Vec<(String, Finding)>,
    pub of_lists: Vec<Finding>,
}

#[derive(Serialize)]
struct Request<'a> {
    dictionary: &'a [&'a str],
    off: Vec<&'a str>,
    texts: Vec<&'a str>,
}

#[derive(Deserialize)]
struct Answer {
    unknown_rules: Vec<String>,
    known_words: Vec<String>,
    objections: Vec<Vec<Objection>>,
}

#[derive(Deserialize)]
struct Objection {
    rule: String,
    start: usize,
    words: String,
    message: String,
    suggestions: Vec<String>,
}

impl Grammar {
    /// The checker, where it is installed: in the project's `target/tools/bin`, or beside the running program.
    pub fn find(project: &Project) -> Option<Self> {
        let name = format!("grammar{}", env::consts::EXE_SUFFIX);
        let installed = project.path("target/tools/bin").join(&name);
        let beside = env::current_exe().ok().map(|own| own.with_file_name(&name));
        let program = [Some(installed), beside]
            .into_iter()
            .flatten()
            .find(|file| file.is_file())?;
        Some(Self { program })
    }

    /// Checks the prose among these texts.
    ///
    /// # Errors
    ///
    /// If the checker cannot be run.
    pub fn check(&self, lists_of: &Project, lists: &Lists, texts: &[Text]) -> Result<Checked> {
        let dictionary = lists_of.read(DICTIONARY)?;
        let dictionary: Vec<_> = dictionary.lines().collect();
        let prose: Vec<_> = texts
            .iter()
            .filter(|text| text.place == Place::Prose)
            .collect();
        let answer = self.ask(&Request {
            dictionary: &dictionary,
            off: lists
                .rule_off
                .iter()
                .map(|rule| rule.name.get_ref().as_str())
                .collect(),
            texts: prose.iter().map(|text| text.markdown.as_str()).collect(),
        })?;
        let mut accepted = BTreeSet::new();
        let mut of_texts = Vec::new();
        for (text, objections) in prose.iter().zip(&answer.objections) {
            for objection in objections {
                match lists.accepting(objection) {
                    Some(entry) => drop(accepted.insert(entry)),
                    None => of_texts.push((text.part.clone(), objection.finding(text))),
                }
            }
        }
        Ok(Checked {
            of_texts,
            of_lists: Vec::new(),
        })
    }

    fn ask(&self, request: &Request<'_>) -> Result<Answer> {
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("The checker of grammar could not be started.")?;
        let stdin = child.stdin.take().context("its input is a pipe")?;
        serde_json::to_writer(stdin, request)?;
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "The checker of grammar failed.");
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Lists {
    /// The number of the entry that accepts this.
    fn accepting(&self, objection: &Objection) -> Option<usize> {
        self.accepted.iter().position(|accepted| {
            accepted.rule == objection.rule && *accepted.words.get_ref() == objection.words
        })
    }
}

impl Objection {
    fn finding(&self, text: &Text) -> Finding {
        let byte = text
            .markdown
            .char_indices()
            .nth(self.start)
            .map_or(0, |(byte, _)| byte);
        let suggestions = match self.suggestions.is_empty() {
            true => String::new(),
            false => format!(" Suggested: {}.", self.suggestions.join(" or ")),
        };
        let message = format!(
            "\"{}\": {}{suggestions} [{}]",
            self.words.replace('\n', " "),
            self.message,
            self.rule
        );
        Finding::new(&text.file, text.line_at(byte), message)
    }
}
