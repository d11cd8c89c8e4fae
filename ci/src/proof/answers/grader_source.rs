//! The sources of a chapter's grader, or of one exercise's part of it.

use std::path::Path;

use anyhow::{Context, Result};
use syn::{Item, ItemMod};

use super::library::{self, sources};
use super::reachable::{Words, path_of, reachable, words};
use crate::{Finding, Project};
use autograder::diagnostic::Diagnostic;
use autograder::files;
use autograder::manifest::{Chapter, Exercise};

/// What the graders of a chapter are compiled from.
pub(super) struct Source {
    pub file: String,
    root: String,
    /// The files of its modules.
    parts: Vec<library::Source>,
}

impl Source {
    /// A chapter's grader, or only one exercise's part of it.
    pub fn read(project: &Project, chapter: &Chapter, exercise: Option<&str>) -> Result<Self> {
        let folder = format!("exercises/tests/{}", chapter.module());
        let (file, parts) = (format!("{folder}.rs"), sources(project, &folder)?);
        let mut root = project.read(&file)?;
        if let Some(exercise) = exercise {
            let others = chapter.exercises.iter().map(Exercise::name);
            let others: Vec<_> = others.filter(|name| *name != exercise).collect();
            let used = Words::from([exercise.to_owned()]);
            let words_of = |module: &ItemMod| words_of(module, &file, &parts);
            root = reachable(&root, &used, &others, words_of)
                .with_context(|| format!("{file} is not Rust"))?;
        }
        Ok(Self { file, root, parts })
    }

    /// All words of it: the names of all that it uses are among them.
    pub fn words(&self) -> Result<Words> {
        let mut all = words(&self.root);
        for item in syn::parse_file(&self.root)?.items {
            if let Item::Mod(module) = item {
                all.extend(words_of(&module, &self.file, &self.parts));
            }
        }
        Ok(all)
    }

    /// Writes a copy that grades the answers in the crate or module `answers` to this folder.
    pub fn write(&self, folder: &Path, answers: &str) -> Result<()> {
        let files = self.parts.iter().map(|(file, text)| (file, text));
        for (file, text) in files.chain([(&self.file, &self.root)]) {
            let text = text.replace("exercises::", &format!("{answers}::"));
            files::write(&folder.join(file), text)?;
        }
        Ok(())
    }

    /// What it is made of, for the name of its entry in the cache.
    pub fn made_of(&self) -> Vec<&str> {
        let parts = self.parts.iter();
        let parts = parts.flat_map(|(file, text)| [&**file, &**text]);
        ["graders", &self.file, &self.root]
            .into_iter()
            .chain(parts)
            .collect()
    }

    /// An error in a copy of the grader. What has to be mended is the original.
    pub fn finding(&self, error: &Diagnostic) -> Finding {
        let found = error.file.as_deref();
        let original = found.and_then(|found| found.split_once('/'));
        let original = original.map_or(&*self.file, |(_copy, original)| original);
        let message = format!("The grader does not compile.\n{}", error.rendered);
        Finding::new(original, error.line.unwrap_or(1), message)
    }
}

/// The words of a module that the grader in `file` declares, and of the modules in it, whose files have longer names.
fn words_of(module: &ItemMod, file: &str, parts: &[library::Source]) -> Words {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = path_of(module).unwrap_or_else(|| format!("{}.rs", module.ident));
    let path = format!("{folder}/{}", path.trim_end_matches(".rs"));
    let parts = parts.iter().filter(|(part, _)| part.starts_with(&path));
    parts.flat_map(|(_, text)| words(text)).collect()
}
