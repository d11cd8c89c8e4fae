//! The learner's crate, as it is built to grade one chapter.
//!
//! A chapter is built with its own file, the learner's helper modules, and the original stubs of all other
//! chapters, so that a chapter that does not compile does not keep the others from being graded. The learner's
//! file of another chapter is used only if the answers refer to it, as in `crate::gather::fetch_all`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::files::{self, read};
use crate::hash::hash;
use crate::manifest::{Chapter, Manifest};
use crate::project::Project;
use crate::source::Source;

/// The maximal size of a file, in bytes. No answer is that large, but a device or a log might be.
const MAX_SIZE: u64 = 1 << 20;

/// The root of the learner's crate.
pub(crate) const ROOT: &str = "exercises/src/lib.rs";

/// The sources of the learner's crate.
#[derive(Debug)]
pub(crate) struct Answers {
    pub sources: Vec<Source>,
    /// A file that cannot be read, and why. There is nothing to compile then.
    pub unreadable: Option<(String, String)>,
}

/// The path of a chapter's stub, relative to the project's root.
pub fn stub_of(chapter: &Chapter) -> String {
    format!("exercises/stubs/{}.rs", chapter.module())
}

/// The path of a chapter's answers, relative to the project's root.
pub fn file_of(chapter: &Chapter) -> String {
    format!("exercises/src/{}.rs", chapter.module())
}

impl Answers {
    pub fn read(project: &Project, manifest: &Manifest, chapter: &Chapter) -> Result<Self> {
        let files = project.files("exercises/src", "rs")?;
        let of = |chapter: &Chapter| -> Vec<String> {
            let (file, folder) = (
                file_of(chapter),
                format!("exercises/src/{}/", chapter.module()),
            );
            let below = files.iter().filter(|other| other.starts_with(&folder));
            // Included even if it does not exist, so that the missing file is reported.
            std::iter::once(file).chain(below.cloned()).collect()
        };
        let mut others: Vec<&Chapter> = manifest.chapters.iter().collect();
        others.retain(|other| other.slug() != chapter.slug());
        let of_others: BTreeSet<String> = others.iter().flat_map(|other| of(other)).collect();
        let mut answers = Self {
            sources: Vec::new(),
            unreadable: None,
        };
        // A file that belongs to no chapter is a helper module, which any chapter may use.
        let helpers = files.iter().filter(|file| !of_others.contains(*file));
        let mut wanted: Vec<String> = helpers.cloned().chain(of(chapter)).collect();
        while let Some(file) = wanted.pop() {
            if answers.sources.iter().any(|source| source.file == file) {
                continue;
            }
            match bytes_of(&project.path(&file)) {
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes);
                    let named = |other: &mut &Chapter| names(&text, &other.module());
                    let named: Vec<_> = others.extract_if(.., named).collect();
                    wanted.extend(named.into_iter().flat_map(of));
                    answers.sources.push(Source::new(file, bytes));
                }
                Err(why) => {
                    answers.unreadable.get_or_insert((file, why));
                }
            }
        }
        for other in others {
            let stub = read(&project.path(&stub_of(other)))?;
            answers.sources.push(Source::new(file_of(other), stub));
        }
        answers.sources.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(answers)
    }

    /// A hash of all sources.
    pub fn hash(&self) -> String {
        let parts = self.sources.iter();
        let parts = parts.flat_map(|source| [source.file.as_bytes(), &source.text]);
        hash(&parts.collect::<Vec<_>>())
    }

    /// The text of a chapter's file.
    pub fn text_of(&self, chapter: &Chapter) -> String {
        let file = file_of(chapter);
        let source = self.sources.iter().find(|source| source.file == file);
        source.map_or_else(String::new, |source| {
            String::from_utf8_lossy(&source.text).into_owned()
        })
    }
}

/// Whether a text refers to another module of its crate, as in `crate::gather` or `super::gather`.
fn names(text: &str, module: &str) -> bool {
    ["crate::", "super::"].iter().any(|from| {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(from) {
            rest = after;
            let word = |c: char| c.is_alphanumeric() || c == '_';
            // In `use crate::{gather, tasks};`, each word may be a module.
            let list = after
                .strip_prefix('{')
                .and_then(|list| list.split_once(';'));
            let (path, _) = list.unwrap_or((after.split(|c| !word(c)).next().unwrap_or(""), ""));
            if path.split(|c| !word(c)).any(|part| part == module) {
                return true;
            }
        }
        false
    })
}

/// The content of a file. Only regular files are read: a pipe would block, and a device may be endless.
fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            format!(
                "The file does not exist. To restore it, run `{}`.",
                reset_of(path)
            )
        }
        _ => format!("The file cannot be read: {error}."),
    })?;
    if !metadata.is_file() {
        return Err(format!(
            "This is not a regular file. Rename it, then restore the stub with `{}`.",
            reset_of(path)
        ));
    }
    if metadata.len() > MAX_SIZE {
        return Err(format!(
            "The file has {} bytes. Answers larger than 1 MiB are not graded.",
            metadata.len()
        ));
    }
    files::bytes(path).map_err(|error| format!("The file cannot be read: {error}."))
}

/// The command that restores a chapter's file.
fn reset_of(file: &Path) -> String {
    let module = file.file_stem().unwrap_or_default().to_string_lossy();
    format!("cargo workbook reset {}", module.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn only_a_path_names_a_module() {
        assert!(names("use crate::gather::fetch_all;", "gather"));
        assert!(names("super::gather::x()", "gather"));
        assert!(names("use crate::{tasks, gather::fetch_all};", "gather"));
        assert!(!names("// gather\nuse crate::gathering;", "gather"));
        assert!(!names("use crate::tasks::gather;", "gather"));
    }
}
