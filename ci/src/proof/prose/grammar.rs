//! Spelling, grammar and usage: what harper finds in prose, without what the lists of the project accept.

use std::collections::{BTreeSet, HashSet};

use anyhow::Result;
use serde::Deserialize;
use toml::Spanned;

use super::Lists;
use super::harper::{Harper, Objection, Rules};
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

/// What was found.
pub struct Checked {
    /// In the texts, each with the part of the project that it is in.
    pub of_texts: Vec<(String, Finding)>,
    /// In the lists: words and rules that harper does not need to be told.
    pub of_lists: Vec<Finding>,
}

/// Checks the prose among these texts.
///
/// # Errors
///
/// If the checker cannot be run.
pub fn check(
    harper: &Harper,
    lists_of: &Project,
    lists: &Lists,
    texts: &[Text],
) -> Result<Checked> {
    let dictionary = Dictionary(lists_of.read(DICTIONARY)?);
    let prose: Vec<_> = texts
        .iter()
        .filter(|text| text.place == Place::Prose)
        .collect();
    let rules = Rules {
        dictionary: dictionary.words().collect(),
        off: lists
            .rule_off
            .iter()
            .map(|rule| rule.name.get_ref().as_str())
            .collect(),
    };
    let sent = prose.iter().map(|text| text.with_endings_in_code());
    let known = lists_of.path("target/grammar.json");
    let answer = harper.check(&rules, &sent.collect::<Vec<_>>(), &known)?;
    let mut accepted = BTreeSet::new();
    let mut of_texts = Vec::new();
    for (text, objections) in prose.iter().zip(&answer.objections) {
        for objection in objections.iter().filter(|objection| !is_code(objection)) {
            match lists.accepting(objection) {
                Some(entry) => drop(accepted.insert(entry)),
                None => of_texts.push((text.part.clone(), finding(text, objection))),
            }
        }
    }
    let mut of_lists = dictionary.check(&prose, &answer.known_words);
    of_lists.extend(lists.unused(&accepted, &answer.unknown_rules));
    Ok(Checked { of_texts, of_lists })
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
            .map(|name| self.finding(name, format!("Harper has no rule `{}`.", name.get_ref())));
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
                fault("is a word that Harper knows without this list.");
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

/// A word with a digit in it is spelled as a program spells it: `E0277`.
fn is_code(objection: &Objection) -> bool {
    objection.rule == "SpellCheck" && objection.words.contains(|c: char| c.is_ascii_digit())
}

fn finding(text: &Text, objection: &Objection) -> Finding {
    let mut chars = text.markdown.char_indices();
    let byte = chars.nth(objection.start).map_or(0, |(byte, _)| byte);
    let suggestions = match objection.suggestions.is_empty() {
        true => String::new(),
        false => format!(" Suggested: {}.", objection.suggestions.join(" or ")),
    };
    let message = format!(
        "\"{}\": {}{suggestions} [{}]",
        objection.words.replace('\n', " "),
        objection.message,
        objection.rule
    );
    Finding::new(&text.file, text.line_at(byte), message)
}
