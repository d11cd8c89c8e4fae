//! Spelling, grammar and usage, by harper. It is a program of its own, `ci/grammar`, because compiling it takes longer
//! than everything else that `cargo test` needs.

use std::collections::{BTreeSet, HashSet};
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

/// What was found.
pub struct Checked {
    /// In the texts, each with the part of the project that it is in.
    pub of_texts: Vec<(String, Finding)>,
    /// In the lists: words and rules that harper does not need to be told.
    pub of_lists: Vec<Finding>,
}

#[derive(Serialize)]
struct Request<'a> {
    dictionary: Vec<&'a str>,
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
        let dictionary = Dictionary(lists_of.read(DICTIONARY)?);
        let prose: Vec<_> = texts
            .iter()
            .filter(|text| text.place == Place::Prose)
            .collect();
        let sent: Vec<_> = prose
            .iter()
            .map(|text| text.with_endings_in_code())
            .collect();
        let answer = self.ask(&Request {
            dictionary: dictionary.words().collect(),
            off: lists
                .rule_off
                .iter()
                .map(|rule| rule.name.get_ref().as_str())
                .collect(),
            texts: sent.iter().map(String::as_str).collect(),
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
        let mut of_lists = dictionary.check(&prose, &answer.known_words);
        of_lists.extend(lists.unused(&accepted, &answer.unknown_rules));
        Ok(Checked { of_texts, of_lists })
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

    /// The entries that have no effect.
    fn unused(&self, accepted: &BTreeSet<usize>, unknown_rules: &[String]) -> Vec<Finding> {
        let unknown = self
            .rule_off
            .iter()
            .map(|rule| &rule.name)
            .filter(|name| unknown_rules.contains(name.get_ref()))
            .map(|name| self.finding(name, format!("harper has no rule `{}`.", name.get_ref())));
        let stale = self.accepted.iter().enumerate();
        let stale = stale
            .filter(|(n, _)| !accepted.contains(n))
            .map(|(_, entry)| {
                let words = entry.words.get_ref();
                let message = format!("{} objects to \"{words}\" nowhere.", entry.rule);
                self.finding(&entry.words, message)
            });
        unknown.chain(stale).collect()
    }
}

/// The project's own words.
struct Dictionary(String);

impl Dictionary {
    fn words(&self) -> impl Iterator<Item = &str> {
        self.0.lines()
    }

    /// Each word is needed, and easy to find.
    fn check(&self, prose: &[&Text], known: &[String]) -> Vec<Finding> {
        let words: Vec<_> = prose.iter().map(|text| text.words()).collect();
        let used: HashSet<_> = words.iter().flat_map(|words| split(words)).collect();
        let is_used = |word: &str| match word.chars().all(char::is_alphanumeric) {
            true => used.contains(&word.to_lowercase()),
            false => words.iter().any(|words| words.contains(word)),
        };
        let mut findings = Vec::new();
        let mut before = "";
        for (word, line) in self.words().zip(1..) {
            let mut fault = |message: &str| {
                let message = format!("\"{word}\" {message}");
                findings.push(Finding::new(DICTIONARY, line, message));
            };
            if (word.to_lowercase(), word) <= (before.to_lowercase(), before) {
                fault("is not in its place: the words are sorted, and each is there once.");
            }
            if known.iter().any(|known| known == word) {
                fault("is a word that harper knows without this list.");
            } else if !is_used(word) {
                fault("is in no text any more.");
            }
            before = word;
        }
        findings
    }
}

/// The words of a text, in small letters.
fn split(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.map(str::to_lowercase).collect()
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
