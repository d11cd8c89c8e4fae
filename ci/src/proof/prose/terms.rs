//! The words and patterns of `ci/terms.toml` are nowhere, except where that file allows them.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use regex::{Regex, RegexSet};
use serde::Deserialize;

use crate::prose::{Place, Text};
use crate::{Finding, Project};

/// The list, relative to the project's root.
pub const TERMS: &str = "ci/terms.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    #[serde(default)]
    term: Vec<Entry>,
}

/// One entry of the list, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// A regular expression. A space in it stands for any white space; large and small letters are the same.
    pattern: String,
    /// What to write instead.
    write: String,
    /// Where it is right.
    #[serde(default)]
    allowed: Vec<Place>,
    /// Longer phrases in which it is right.
    #[serde(default)]
    except: Vec<String>,
}

/// The list, ready to be looked for.
pub struct Terms {
    all: RegexSet,
    terms: Vec<Term>,
}

struct Term {
    pattern: Regex,
    except: Vec<Regex>,
    write: String,
    allowed: Vec<Place>,
}

impl Terms {
    /// The list of a project.
    ///
    /// # Errors
    ///
    /// If it cannot be read or a pattern is not a regular expression.
    pub fn of(project: &Project) -> Result<Self> {
        let entries: Entries = toml::from_str(&project.read(TERMS)?)
            .with_context(|| format!("{TERMS} has a mistake."))?;
        let patterns: Vec<_> = entries
            .term
            .iter()
            .map(|entry| expression(&entry.pattern))
            .collect();
        let all = RegexSet::new(patterns)?;
        let terms = entries
            .term
            .into_iter()
            .map(Term::new)
            .collect::<Result<_>>()?;
        Ok(Self { all, terms })
    }

    /// Every term in these texts, each with the part of the project that it is in.
    pub fn check(&self, texts: &[Text]) -> Vec<(String, Finding)> {
        let mut findings: Vec<(String, Finding)> = Vec::new();
        let mut names = BTreeSet::new();
        for text in texts {
            let words = text.words();
            for term in self.all.matches(&words) {
                if text.place == Place::Identifier
                    && !names.insert((term, &text.file, words.clone()))
                {
                    // Once for each file is enough.
                    continue;
                }
                let found = self.terms[term].in_text(text, &words);
                findings.extend(found.map(|finding| (text.part.clone(), finding)));
            }
        }
        findings
    }
}

impl Term {
    fn new(entry: Entry) -> Result<Self> {
        let except = entry
            .except
            .iter()
            .map(|pattern| Regex::new(&expression(pattern)));
        Ok(Self {
            pattern: Regex::new(&expression(&entry.pattern))?,
            except: except.collect::<Result<_, _>>()?,
            write: entry.write,
            allowed: entry.allowed,
        })
    }

    fn in_text<'a>(&'a self, text: &'a Text, words: &'a str) -> impl Iterator<Item = Finding> + 'a {
        let is_allowed = self.allowed.contains(&text.place);
        let found = self.pattern.find_iter(words).filter(move |_| !is_allowed);
        let found = found.filter(move |found| {
            let mut phrases = self
                .except
                .iter()
                .flat_map(|except| except.find_iter(words));
            !phrases.any(|phrase| phrase.start() <= found.start() && found.end() <= phrase.end())
        });
        found.map(move |found| {
            let shown = match text.place {
                Place::Identifier => format!("a name with \"{words}\""),
                _ => format!("\"{}\"", shown(found.as_str())),
            };
            let message = format!("{shown}: write {}.", self.write);
            Finding::new(&text.file, text.line_at(found.start()), message)
        })
    }
}

/// What was found, without the white space in place of what is not prose, and without the end of the sentence before.
fn shown(found: &str) -> String {
    let words: Vec<_> = found.split_whitespace().collect();
    words
        .join(" ")
        .trim_start_matches(['.', ':', ';', ' '])
        .to_owned()
}

/// The pattern as the regex crate reads it.
fn expression(pattern: &str) -> String {
    format!("(?i){}", pattern.replace(' ', r"\s+"))
}
