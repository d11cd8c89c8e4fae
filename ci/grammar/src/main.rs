//! Checks texts with harper-core: a request on standard input, its answer on standard output, both JSON.
//!
//! A text is Markdown. What is not prose in it, such as code, has been masked by the proof that sends it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use harper_core::linting::{LintGroup, Suggestion};
use harper_core::parsers::Markdown;
use harper_core::spell::{Dictionary, FstDictionary, MergedDictionary, MutableDictionary};
use harper_core::{Dialect, DialectFlags, DictWordMetadata, Document, remove_overlaps_map};
use serde::{Deserialize, Serialize};

const DIALECT: Dialect = Dialect::American;

/// What is to be checked, and how.
#[derive(Deserialize)]
struct Request {
    /// Words that are right although harper does not know them.
    dictionary: Vec<String>,
    /// The names of the rules that are switched off.
    off: Vec<String>,
    texts: Vec<String>,
}

#[derive(Serialize)]
struct Answer {
    /// The names in `off` that no rule of harper has.
    unknown_rules: Vec<String>,
    /// The words of the dictionary that harper knows without it.
    known_words: Vec<String>,
    /// What harper objects to, one list for each text.
    objections: Vec<Vec<Objection>>,
}

#[derive(Serialize)]
struct Objection {
    rule: String,
    /// Where it begins: a number of characters.
    start: usize,
    /// The words in question.
    words: String,
    message: String,
    /// What harper would write instead.
    suggestions: Vec<String>,
}

fn main() -> Result<()> {
    let request: Request = serde_json::from_reader(io::stdin().lock())
        .context("The request is not what it should be.")?;
    serde_json::to_writer(io::stdout().lock(), &answer(&request))?;
    Ok(())
}

fn answer(request: &Request) -> Answer {
    let curated = FstDictionary::curated();
    let known_words = request
        .dictionary
        .iter()
        .filter(|word| {
            let known = curated.get_word_metadata_str(word);
            curated.contains_exact_word_str(word)
                && known.is_some_and(|known| known.dialects.is_dialect_enabled(DIALECT))
        })
        .cloned()
        .collect();
    let dictionary = dictionary(&request.dictionary);
    let rules = rules(&dictionary, &[]);
    let unknown_rules = request
        .off
        .iter()
        .filter(|rule| !rules.contains_key(rule))
        .cloned()
        .collect();
    Answer {
        unknown_rules,
        known_words,
        objections: objections(request, &dictionary),
    }
}

fn dictionary(words: &[String]) -> Arc<MergedDictionary> {
    let mut own = MutableDictionary::new();
    let metadata = DictWordMetadata {
        dialects: DialectFlags::AMERICAN,
        ..DictWordMetadata::default()
    };
    for word in words {
        own.append_word_str(word, metadata.clone());
        own.append_word_str(&format!("{word}'s"), metadata.clone());
    }
    let mut merged = MergedDictionary::new();
    merged.add_dictionary(FstDictionary::curated());
    merged.add_dictionary(Arc::new(own));
    Arc::new(merged)
}

/// The rules that harper has on by default, without those in `off`.
fn rules(dictionary: &Arc<MergedDictionary>, off: &[String]) -> LintGroup {
    let mut rules = LintGroup::new_curated(Arc::clone(dictionary), DIALECT);
    for rule in off {
        rules.config.set_rule_enabled(rule, false);
    }
    rules
}

/// The texts are shared out among as many threads as there are cores.
fn objections(request: &Request, dictionary: &Arc<MergedDictionary>) -> Vec<Vec<Objection>> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut all: Vec<Vec<Objection>> = request.texts.iter().map(|_| Vec::new()).collect();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let mut rules = rules(dictionary, &request.off);
                    let texts = request.texts.iter().enumerate();
                    texts
                        .skip(first)
                        .step_by(threads)
                        .map(|(n, text)| (n, check(text, &mut rules, dictionary)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for worker in workers {
            for (n, found) in worker.join().expect("harper does not panic") {
                all[n] = found;
            }
        }
    });
    all
}

fn check(text: &str, rules: &mut LintGroup, dictionary: &Arc<MergedDictionary>) -> Vec<Objection> {
    let document = Document::new(text, &Markdown::default(), dictionary);
    let mut lints: BTreeMap<_, _> = rules.organized_lints(&document);
    remove_overlaps_map(&mut lints);
    let mut objections: Vec<_> = lints
        .into_iter()
        .flat_map(|(rule, lints)| lints.into_iter().map(move |lint| (rule.clone(), lint)))
        .map(|(rule, lint)| Objection {
            rule,
            start: lint.span.start,
            words: lint.get_str(document.get_source()),
            suggestions: suggestions(&lint.suggestions),
            message: lint.message,
        })
        .collect();
    objections.sort_by_key(|objection| objection.start);
    objections
}

fn suggestions(suggestions: &[Suggestion]) -> Vec<String> {
    let said: BTreeSet<_> = suggestions.iter().take(3).map(said).collect();
    said.into_iter().collect()
}

fn said(suggestion: &Suggestion) -> String {
    match suggestion {
        Suggestion::ReplaceWith(words) => format!("`{}`", words.iter().collect::<String>()),
        Suggestion::InsertAfter(words) => {
            format!("`{}` after it", words.iter().collect::<String>())
        }
        Suggestion::Remove => "nothing".to_owned(),
    }
}
