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

pub(crate) use harness::{MAIN, Word, word};

/// The grader of one chapter.
#[derive(Debug)]
pub struct Grader {
    /// Its root file, relative to the project: `exercises/tests/gather.rs`.
    root: String,
    /// Its files as they are.
    pub sources: Vec<Source>,
    /// Those of its files that are not the workbook's own.
    pub changed: Vec<String>,
}

/// A grader that can be compiled.
#[derive(Debug)]
pub struct Prepared {
    /// Its root file.
    pub root: String,
    /// The names of its tests, in the order of the files: `fetch_all::downloads_overlap`.
    pub tests: Vec<String>,
    /// Its files, with the tests made public and a `main` that runs one of them.
    pub sources: Vec<Source>,
}

impl Grader {
    /// Reads a chapter's grader.
    ///
    /// # Errors
    ///
    /// If the list of original files cannot be read.
    pub fn read(project: &Project, chapter: &Chapter) -> Result<Self> {
        let root = format!("exercises/tests/{}.rs", chapter.module());
        let folder = format!("exercises/tests/{}/", chapter.module());
        let mut files = project.files(&folder, "rs")?;
        files.push(root.clone());
        let read = |file: String| {
            let text = std::fs::read(project.path(&file)).ok()?;
            Some(Source::new(file, text))
        };
        let sources: Vec<_> = files.into_iter().filter_map(read).collect();
        let originals = Originals::read(project)?;
        Ok(Self {
            changed: originals.changed(&sources, &[&root, &folder]),
            root,
            sources,
        })
    }

    /// What the program that runs its tests is made of.
    ///
    /// # Errors
    ///
    /// If it is not a grader as the workbook's graders are.
    pub fn prepare(&self) -> Result<Prepared> {
        let root = &self.root;
        let mut prepared = source::prepare(&self.sources, root)
            .with_context(|| format!("The grader {root} cannot be used."))?;
        ensure!(
            !prepared.tests.is_empty(),
            "The grader {root} has no tests."
        );
        let main = harness::main_of(&prepared.tests);
        let mut sources = prepared.sources.iter_mut();
        let source = sources
            .find(|source| source.file == *root)
            .context("a grader has its root")?;
        source.text.extend(main.into_bytes());
        Ok(prepared)
    }
}

impl Prepared {
    /// The tests of one exercise.
    pub fn tests_of<'a>(&'a self, exercise: &'a str) -> impl Iterator<Item = &'a str> {
        let of_exercise = move |test: &&str| {
            test.split_once("::")
                .is_some_and(|(module, _)| module == exercise)
        };
        self.tests.iter().map(String::as_str).filter(of_exercise)
    }
}
