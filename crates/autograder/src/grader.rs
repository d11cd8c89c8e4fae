//! A chapter's grader: its tests, and the program that runs one of them in a process of its own.
//!
//! `cargo test` runs the same files under libtest. There, an answer that ends the process, or prints
//! what libtest prints, could be mistaken for a correct one. Here each test runs in a process of its own
//! under `harness.rs`, which reports the result with a key that the answer cannot know.

mod harness;
mod prepare;

use anyhow::{Context, Result, ensure};

use crate::manifest::Chapter;
use crate::originals::Originals;
use crate::project::Project;
use crate::source::Source;

pub(crate) use harness::{HarnessResult, MAIN, parse_result};
pub(crate) use prepare::Prepared;

/// The grader of one chapter.
#[derive(Debug)]
pub struct Grader {
    /// Its root file, relative to the project: `exercises/tests/gather.rs`.
    root: String,
    /// Its files as they are on the disk.
    pub sources: Vec<Source>,
    /// The files that differ from the workbook's originals.
    pub changed: Vec<String>,
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

    /// The sources of the program that runs its tests.
    ///
    /// # Errors
    ///
    /// If it does not have the form of the workbook's graders.
    pub fn prepare(&self) -> Result<Prepared> {
        let root = &self.root;
        let mut prepared = prepare::prepare(&self.sources, root)
            .with_context(|| format!("The grader {root} cannot be used."))?;
        ensure!(
            !prepared.tests.is_empty(),
            "The grader {root} has no tests."
        );
        let main = harness::main_of(&prepared.tests);
        let mut sources = prepared.sources.iter_mut();
        let source = sources
            .find(|source| source.file == *root)
            .context("The grader has no root file.")?;
        source.text.extend(main.into_bytes());
        Ok(prepared)
    }
}
