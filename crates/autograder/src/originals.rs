//! The hashes of the workbook's original graders and stubs, from `exercises/originals.lock`.
//!
//! Each line of that file contains the hash of a file's text and the file's path. A verdict counts only if the
//! grader is the original one: a test that was deleted cannot fail.

use anyhow::{Context, Result};

use crate::hash::hash;
use crate::project::Project;
use crate::source::Source;

/// The hashes of the workbook's original graders and stubs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Originals {
    files: Vec<(String, String)>,
}

impl Originals {
    /// The path of the file, relative to the project's root.
    pub const FILE: &str = "exercises/originals.lock";

    /// Reads the file.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(project: &Project) -> Result<Self> {
        let text = project.read(Self::FILE)?;
        let files = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                let (hash, file) = line.split_once("  ").with_context(|| {
                    format!("{}: \"{line}\" is not a hash and a path.", Self::FILE)
                })?;
                Ok((file.to_owned(), hash.to_owned()))
            })
            .collect::<Result<_>>()?;
        Ok(Self { files })
    }

    /// The hashes of the graders and stubs as they are now.
    ///
    /// # Errors
    ///
    /// If one of them cannot be read.
    pub fn of(project: &Project) -> Result<Self> {
        let mut files = project.files("exercises/tests", "rs")?;
        files.extend(project.files("exercises/stubs", "rs")?);
        files.sort();
        let hashed = |file: String| Ok((file.clone(), fingerprint(&project.read(&file)?)));
        Ok(Self {
            files: files.into_iter().map(hashed).collect::<Result<_>>()?,
        })
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text =
            "# The graders and stubs as the workbook has them. `cargo refresh` writes this file.\n"
                .to_owned();
        for (file, hash) in &self.files {
            text += &format!("{hash}  {file}\n");
        }
        text
    }

    /// The `sources` that differ from the originals, and the originals below `places` that are missing.
    pub(crate) fn changed(&self, sources: &[Source], places: &[&str]) -> Vec<String> {
        let is_original = |source: &&Source| {
            let text = String::from_utf8_lossy(&source.text);
            let present = (source.file.clone(), fingerprint(&text));
            self.files.contains(&present)
        };
        let is_missing = |file: &&String| {
            places.iter().any(|place| file.starts_with(place))
                && sources.iter().all(|source| source.file != **file)
        };
        let missing = self.files.iter().map(|(file, _)| file).filter(is_missing);
        let changed = sources.iter().filter(|source| !is_original(source));
        let mut all: Vec<_> = changed
            .map(|source| source.file.clone())
            .chain(missing.cloned())
            .collect();
        all.sort();
        all
    }
}

/// Ignores line endings, which git may convert.
fn fingerprint(text: &str) -> String {
    hash(&[text.replace("\r\n", "\n")])
}
