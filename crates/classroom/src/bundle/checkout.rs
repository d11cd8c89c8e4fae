//! The last commit of a checkout.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tar::{Archive, EntryType};
use workbook::git::Git;

use super::archive::Content;

/// The folders of the answers and of the stubs.
const ANSWERS: &str = "exercises/src";
const STUBS: &str = "exercises/stubs";

/// The files of the last commit, in which every answer is the stub.
pub struct Checkout {
    /// The commit.
    pub commit: String,
    /// Its files, as git would check them out.
    pub files: BTreeMap<PathBuf, Content>,
    /// The files that differ from it, or are not in it, except answers.
    pub left_out: Vec<String>,
    /// Its files in the format in which git hands them out.
    pub tar: Vec<u8>,
}

impl Checkout {
    /// Reads the last commit.
    ///
    /// # Errors
    ///
    /// If the folder is not a clone of the workbook, or git fails.
    pub fn read(git: &Git) -> Result<Self> {
        if !git.has_workbook()? {
            bail!(
                "This folder is not a clone of the workbook. A bundle contains what git has, so that nothing of yours gets \
                 into it. Clone the workbook with `git clone`, and run this command in the clone."
            );
        }
        let commit = git.must(
            &["rev-parse", "--short=10", "HEAD"],
            "git does not know the last commit.",
        )?;
        let tar = git.must(
            &["archive", "--format=tar", "HEAD"],
            "git could not read the last commit.",
        )?;
        let mut files = files(&tar)?;
        restore_stubs(&mut files);
        let is_answer = |file: &String| is_answer(Path::new(file), &files);
        let mut left_out = git.files(&["diff", "--name-only", "--relative", "-z", "HEAD"])?;
        left_out.extend(git.files(&["ls-files", "--others", "--exclude-standard", "-z"])?);
        left_out.retain(|file| !is_answer(file));
        Ok(Self {
            commit: String::from_utf8_lossy(&commit).trim().to_owned(),
            files,
            left_out,
            tar,
        })
    }

    /// The text of a file.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is not text.
    pub fn text(&self, file: &str) -> Result<String> {
        let Some(Content::Bytes { bytes, .. }) = self.files.get(Path::new(file)) else {
            bail!("The last commit has no file {file}.");
        };
        let text = String::from_utf8(bytes.clone());
        text.with_context(|| format!("{file} is not UTF-8 text."))
    }
}

/// The files in what `git archive` prints.
fn files(tar: &[u8]) -> Result<BTreeMap<PathBuf, Content>> {
    let mut files = BTreeMap::new();
    let mut archive = Archive::new(tar);
    let entries = archive
        .entries()
        .context("git could not read the last commit.")?;
    for entry in entries {
        let mut entry = entry.context("git could not read the last commit.")?;
        let path = entry
            .path()
            .context("A file has a name that this system cannot have.")?
            .into_owned();
        let content = match entry.header().entry_type() {
            EntryType::Regular => {
                let mut bytes = Vec::new();
                std::io::Read::read_to_end(&mut entry, &mut bytes)?;
                let executable = entry.header().mode()? & 0o100 != 0;
                Content::Bytes { bytes, executable }
            }
            EntryType::Symlink => {
                let target = entry.link_name()?;
                Content::Link(
                    target
                        .context("A symbolic link leads somewhere.")?
                        .into_owned(),
                )
            }
            // A folder, or a comment of git's.
            _ => continue,
        };
        files.insert(path, content);
    }
    Ok(files)
}

/// Replaces each answer by its stub.
fn restore_stubs(files: &mut BTreeMap<PathBuf, Content>) {
    let stubs: Vec<_> = files
        .iter()
        .filter_map(|(path, stub)| Some((path.strip_prefix(STUBS).ok()?.to_owned(), stub.clone())))
        .collect();
    for (name, stub) in stubs {
        files.insert(Path::new(ANSWERS).join(name), stub);
    }
}

/// Whether a file is an answer: that of a chapter, or one of the learner's own beside them.
fn is_answer(file: &Path, files: &BTreeMap<PathBuf, Content>) -> bool {
    let Ok(name) = file.strip_prefix(ANSWERS) else {
        return false;
    };
    files.contains_key(&Path::new(STUBS).join(name)) || !files.contains_key(file)
}
