//! A chapter's grader: its tests, and the program that runs one of them in a process of its own.
//!
//! `cargo test` runs the same files under libtest. There, an answer that ends the process, or prints
//! what libtest prints, could be mistaken for a correct one. Here each test runs in a process of its own
//! under `harness.rs`, which reports the result with a key that the answer cannot know.

mod harness;
mod prepare;

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::files;
use crate::manifest::Chapter;
use crate::originals::Originals;
use crate::project::Project;
use crate::source::Source;

pub(crate) use harness::{HarnessResult, Keys, MAIN};
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
    /// Reads a chapter's grader, with the tests of a teacher in the folder `hidden`, if there are any.
    ///
    /// # Errors
    ///
    /// If the list of original files, or a file in `hidden`, cannot be read.
    pub fn read(project: &Project, chapter: &Chapter, hidden: Option<&Path>) -> Result<Self> {
        let root = format!("exercises/tests/{}.rs", chapter.module());
        let folder = format!("exercises/tests/{}/", chapter.module());
        let mut files = project.files(&folder, "rs")?;
        files.push(root.clone());
        let read = |file: String| {
            let text = files::bytes(&project.path(&file)).ok()?;
            Some(Source::new(file, text))
        };
        let sources: Vec<_> = files.into_iter().filter_map(read).collect();
        let originals = Originals::read(project)?;
        let changed = originals.changed(&sources, &[&root, &folder]);
        let mut grader = Self {
            root,
            sources,
            changed,
        };
        if let Some(hidden) = hidden {
            grader.add_hidden(&hidden.join(chapter.module()), &folder)?;
        }
        Ok(grader)
    }

    /// Adds the tests of a teacher, which students do not have: each file `<exercise>.rs` in `hidden` becomes a module of
    /// the exercise's own.
    fn add_hidden(&mut self, hidden: &Path, folder: &str) -> Result<()> {
        for path in files::below(hidden, "rs")? {
            let exercise = path.file_stem().unwrap_or_default().to_string_lossy();
            let file = format!("{folder}{exercise}.rs");
            let mut sources = self.sources.iter_mut();
            let own = sources.find(|source| source.file == file);
            let own = own.with_context(|| {
                format!(
                    "{} is named like no exercise of its chapter.",
                    path.display()
                )
            })?;
            let module = format!("\n#[path = \"{exercise}.hidden.rs\"]\nmod hidden;\n");
            own.text.extend(module.into_bytes());
            let text = files::read(&path)?;
            self.sources
                .push(Source::new(format!("{folder}{exercise}.hidden.rs"), text));
        }
        Ok(())
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
