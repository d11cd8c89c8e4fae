//! A chapter's grader: its tests, and the program that runs one of them in a process of its own.
//!
//! `cargo test` runs the same files under libtest. There an answer that ends the process, or prints
//! what libtest prints, could be taken for a right one. Here each test runs in a process of its own
//! under `harness.rs`, which has the last word and says it in a way that the answer cannot know.

mod harness;
mod source;

use anyhow::{Context, Result, ensure};

use crate::manifest::Chapter;
use crate::originals::Originals;
use crate::{Project, Source};

pub(crate) use harness::{Word, word};
use source::Prepared;

/// The grader of one chapter.
#[derive(Debug)]
pub struct Grader {
    /// Its root file, relative to the project: `exercises/tests/gather.rs`.
    pub root: String,
    /// The names of its tests, in the order of the files: `fetch_all::downloads_overlap`.
    pub tests: Vec<String>,
    /// Its files, with the tests made public and a `main` that runs one of them.
    pub(crate) sources: Vec<Source>,
    /// Those of its files that are not the workbook's own.
    pub changed: Vec<String>,
}

impl Grader {
    /// Reads a chapter's grader.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn read(project: &Project, chapter: &Chapter) -> Result<Self> {
        let root = format!("exercises/tests/{}.rs", chapter.module());
        let originals = Originals::read(project)?;
        let folder = format!("exercises/tests/{}", chapter.module());
        let mut files = project.files(&folder, "rs")?;
        files.push(root.clone());
        let changed = originals.changed(project, &files, &[&root, &format!("{folder}/")]);
        if !changed.is_empty() {
            // Nothing that it says counts, so nothing of it is read.
            return Ok(Self {
                root,
                tests: Vec::new(),
                sources: Vec::new(),
                changed,
            });
        }
        let Prepared { tests, mut sources } = source::prepare(project, &root)
            .with_context(|| format!("The grader {root} cannot be used."))?;
        ensure!(!tests.is_empty(), "The grader {root} has no tests.");
        let main = sources
            .iter_mut()
            .find(|source| source.file == root)
            .context("the root is the first file")?;
        main.text.extend(harness::main_of(&tests).into_bytes());
        Ok(Self {
            root,
            tests,
            sources,
            changed,
        })
    }

    /// The tests of one exercise.
    pub fn tests_of<'a>(&'a self, exercise: &'a str) -> impl Iterator<Item = &'a str> {
        let of_exercise = move |test: &&str| {
            test.split_once("::")
                .is_some_and(|(module, _)| module == exercise)
        };
        self.tests.iter().map(String::as_str).filter(of_exercise)
    }
}
