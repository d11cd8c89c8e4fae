//! harper, in a process of its own: `ci/grammar`. Compiling it takes longer than everything else that `cargo test`
//! needs, so it is not a dependency of this crate.

use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::Project;
use autograder::files;
use autograder::hash::hash;

/// The checker, where it is installed.
#[derive(Debug)]
pub struct Harper {
    program: PathBuf,
}

/// What is right although harper objects to it.
#[derive(Debug, Clone, Serialize)]
pub struct Rules<'a> {
    /// The project's own words.
    pub dictionary: Vec<&'a str>,
    /// The names of rules that are switched off.
    pub off: Vec<&'a str>,
}

/// What harper says.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Answer {
    /// The names of rules that it does not have.
    pub unknown_rules: Vec<String>,
    /// The words that it knows without the dictionary.
    pub known_words: Vec<String>,
    /// What it objects to, a list for each text.
    pub objections: Vec<Vec<Objection>>,
}

/// What harper objects to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Objection {
    /// The name of the rule.
    pub rule: String,
    /// Where in the text: a number of characters.
    pub start: usize,
    /// The words in question.
    pub words: String,
    /// What is wrong with them.
    pub message: String,
    /// What harper would write instead.
    pub suggestions: Vec<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    #[serde(flatten)]
    rules: &'a Rules<'a>,
    texts: &'a [&'a str],
}

/// What harper said earlier, so that only texts that have changed are checked again.
#[derive(Default, Serialize, Deserialize)]
struct Known {
    /// What every objection depends on, beside its text and the words of the dictionary in it.
    stamp: String,
    /// What the other two lists depend on.
    rules: String,
    unknown_rules: Vec<String>,
    known_words: Vec<String>,
    objections: HashMap<String, Vec<Objection>>,
}

impl Harper {
    /// The checker, where it is installed: in the project's `target/tools/bin`, or beside the running program.
    pub fn find(project: &Project) -> Option<Self> {
        let name = format!("grammar{}", env::consts::EXE_SUFFIX);
        let installed = project.path("target/tools/bin").join(&name);
        let beside = env::current_exe().ok().map(|own| own.with_file_name(&name));
        let programs = [Some(installed), beside];
        let program = programs.into_iter().flatten().find(|file| file.is_file())?;
        Some(Self { program })
    }

    /// Checks texts that are Markdown. What harper said is kept in the file `known`.
    ///
    /// # Errors
    ///
    /// If the checker cannot be run.
    pub fn check(&self, rules: &Rules<'_>, texts: &[String], known: &Path) -> Result<Answer> {
        let (file, stamp) = (known, self.stamp(rules)?);
        let all_rules = hash(&[serde_json::to_vec(rules)?]);
        let mut known = Known::read(file, &stamp);
        let names: Vec<_> = texts.iter().map(|text| name(text, rules)).collect();
        let (new_names, new): (Vec<_>, Vec<_>) = names
            .iter()
            .zip(texts)
            .filter(|(name, _)| !known.objections.contains_key(*name))
            .map(|(name, text)| (name.clone(), text.as_str()))
            .unzip();
        if !new.is_empty() || known.rules != all_rules {
            let answer = self.ask(&Request { rules, texts: &new })?;
            known.stamp = stamp;
            known.rules = all_rules;
            known.unknown_rules = answer.unknown_rules;
            known.known_words = answer.known_words;
            known
                .objections
                .extend(new_names.into_iter().zip(answer.objections));
            files::write_atomically(file, serde_json::to_vec(&known)?)?;
        }
        let objections = names.iter().map(|name| known.objections.get(name).cloned());
        Ok(Answer {
            objections: objections.map(Option::unwrap_or_default).collect(),
            unknown_rules: known.unknown_rules,
            known_words: known.known_words,
        })
    }

    fn stamp(&self, rules: &Rules<'_>) -> Result<String> {
        let program = fs::metadata(&self.program)?;
        let built = format!("{} {:?}", program.len(), program.modified()?);
        Ok(hash(&[built, rules.off.join("\n")]))
    }

    fn ask(&self, request: &Request<'_>) -> Result<Answer> {
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("The checker of grammar could not be started.")?;
        let stdin = child.stdin.take().context("its input is a pipe")?;
        serde_json::to_writer(BufWriter::new(stdin), request)?;
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "The checker of grammar failed.");
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// A name for what harper says of a text: another one when the text changes, or the dictionary gets a word of it.
fn name(text: &str, rules: &Rules<'_>) -> String {
    let lower = text.to_lowercase();
    let words = rules.dictionary.iter().copied();
    let words = words.filter(|word| lower.contains(&word.to_lowercase()));
    hash(&[text].into_iter().chain(words).collect::<Vec<_>>())
}

impl Known {
    /// Nothing is known if the file is missing or broken, or if harper may answer otherwise by now.
    fn read(file: &Path, stamp: &str) -> Self {
        let known: Option<Self> = fs::read(file)
            .ok()
            .and_then(|text| serde_json::from_slice(&text).ok());
        known
            .filter(|known| known.stamp == stamp)
            .unwrap_or_default()
    }
}
