//! Updates the workbook with git, and keeps the learner's answers.
//!
//! Git does not replace a file that has been changed, and every answer is such a file. So the answers that the new version
//! changes, too, are put aside, the branch is moved forward, and each answer is merged, item by item, with its new stub.
//! Before that, a backup of each is saved, and a journal: if anything fails, or the process is killed, the same step that
//! finishes an update restores the answers.

mod changes;
mod journal;
mod upstream;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use autograder::files;

use crate::answers;
use crate::git::Git;
use crate::storage;
use changes::ChangedExercise;
use journal::{Journal, PutAside};
use upstream::Upstream;

/// The folder of the answers, relative to the root.
const ANSWERS: &str = "exercises/src/";

/// What was updated.
pub struct Updated {
    /// The upstream branch: `origin/main`.
    pub upstream: String,
    /// The exercises that are different now.
    pub exercises: Vec<ChangedExercise>,
    /// The items that were kept although their stubs have changed in the same place, with their files.
    pub kept: Vec<(String, String)>,
    /// The backups of the answers that were written again.
    pub backups: Vec<PathBuf>,
}

/// Whether an update was interrupted, and is to be finished.
pub fn is_unfinished(root: &Path) -> bool {
    journal::exists(root)
}

/// Updates the workbook in `root` to its upstream branch. `None` if there is nothing new.
///
/// # Errors
///
/// If git is missing or fails, or something is in the way; everything is as it was before then.
pub fn update(root: &Path) -> Result<Option<Updated>> {
    let git = Git::of(root);
    let _lock = storage::lock(root, "answers.lock").map_err(|error| {
        files::advise(
            "The workbook was not updated",
            &storage::folder(root),
            error,
        )
    })?;
    finish(root, &git)?;
    let Some(upstream) = upstream::fetch(&git)? else {
        return Ok(None);
    };
    let Upstream { old, new, .. } = &upstream;
    let new_files = git.files(&[
        "diff",
        "--name-only",
        "--no-renames",
        "--relative",
        "-z",
        old,
        new,
    ])?;
    let exercises = changes::between(&git, &upstream, &new_files)?;
    let answers = answers_in_the_way(&git, &new_files)?;
    // Nothing is written before it is certain that each of them can be merged.
    for file in &answers {
        let mine = files::read(&root.join(file))?;
        merge(&git, root, old, new, file, &mine)?;
    }
    let backups = put_aside(root, &git, old, &answers)?;
    let moved = git.must(
        &["merge", "--ff-only", "--quiet", new],
        "The workbook was not updated, and everything is as it was.",
    );
    if moved.is_err() {
        // Files of the new version may have been written already. This is the way back, which keeps all other changes.
        let back = ["read-tree", "-m", "-u", new, old];
        git.must(&back, "git could not restore the former version.")?;
    }
    let kept = finish(root, &git)?;
    moved?;
    Ok(Some(Updated {
        upstream: upstream.name,
        exercises,
        kept,
        backups,
    }))
}

/// The answers that were changed here and by the new version.
fn answers_in_the_way(git: &Git, new_files: &[String]) -> Result<Vec<String>> {
    let staged = git.files(&["diff", "--cached", "--name-only", "-z"])?;
    if !staged.is_empty() {
        bail!(
            "Some changes are staged for a commit: {}. Commit them, or take them out with `git restore --staged .` from the \
             top of the repository, and try again. Nothing was changed.",
            staged.join(", ")
        );
    }
    let mut local = git.files(&["diff", "--name-only", "--relative", "-z", "HEAD"])?;
    local.extend(git.files(&["ls-files", "--others", "-z"])?);
    local.retain(|file| new_files.contains(file));
    let (answers, others): (Vec<_>, Vec<_>) = local
        .into_iter()
        .partition(|file| file.starts_with(ANSWERS) && file.ends_with(".rs"));
    if !others.is_empty() {
        bail!(
            "The new version changes files that have been changed here, too: {}. Put your changes aside with `git stash \
             --include-untracked -- {}`, and try again. Nothing was changed.",
            others.join(", "),
            others.join(" ")
        );
    }
    Ok(answers)
}

/// Saves the answers, and shows git the files that it knows in their place.
fn put_aside(root: &Path, git: &Git, old: &str, answers: &[String]) -> Result<Vec<PathBuf>> {
    let mut journal = Journal {
        old: old.to_owned(),
        answers: Vec::new(),
    };
    for file in answers {
        let path = root.join(file);
        let bytes = files::bytes(&path).with_context(|| format!("{file} could not be read."))?;
        journal.answers.push(PutAside {
            backup: answers::before_update(root, file, &bytes)?,
            link: fs::read_link(&path).ok(),
            file: file.clone(),
        });
    }
    journal.write(root)?;
    for file in answers {
        let is_known = git.file(old, file)?.is_some();
        let put = if is_known {
            let checkout = ["checkout", "--quiet", old, "--", &format!("./{file}")];
            git.must(
                &checkout,
                "git could not put your answers aside. Nothing was changed.",
            )
            .map(drop)
        } else {
            fs::remove_file(root.join(file))
                .with_context(|| format!("{file} could not be put aside."))
        };
        if put.is_err() {
            finish(root, git)?;
            put?;
        }
    }
    let backups = journal.answers.into_iter().map(|answer| answer.backup);
    Ok(backups.collect())
}

/// Finishes the update that has begun, if there is one: merges each answer that was put aside with the version that is
/// checked out, whether that is the old one or the new one. Returns the items that were kept although their stubs have changed.
fn finish(root: &Path, git: &Git) -> Result<Vec<(String, String)>> {
    let Some(journal) = Journal::read(root)? else {
        return Ok(Vec::new());
    };
    let mut kept = Vec::new();
    for PutAside { file, backup, link } in journal.answers {
        let mine = files::read(&backup)?;
        let merged = merge(git, root, &journal.old, "HEAD", &file, &mine)?;
        let path = root.join(&file);
        if let Some(link) = link {
            restore_link(&link, &path)?;
        }
        files::write_atomically(&path, merged.text)?;
        kept.extend(merged.kept.into_iter().map(|item| (item, file.clone())));
    }
    Journal::remove(root)?;
    Ok(kept)
}

/// Merges an answer with the changes of its file between two commits.
fn merge(
    git: &Git,
    root: &Path,
    old: &str,
    new: &str,
    file: &str,
    mine: &str,
) -> Result<answers::Merged> {
    let base = git.file(old, file)?.unwrap_or_default();
    // A chapter that is no longer in the book: the answer stays.
    let theirs = git.file(new, file)?.unwrap_or_else(|| base.clone());
    let texts = &mut |base: &str, mine: &str, theirs: &str| git.merge_texts(base, mine, theirs);
    Ok(answers::merge(
        &root.join(file),
        &base,
        mine,
        &theirs,
        texts,
    )?)
}

/// Puts a symbolic link back in place of the file that git has written.
fn restore_link(link: &Path, path: &Path) -> Result<()> {
    if path.is_symlink() {
        return Ok(());
    }
    let context = || {
        format!(
            "The symbolic link {} could not be restored.",
            path.display()
        )
    };
    if path.exists() {
        fs::remove_file(path).with_context(context)?;
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(link, path).with_context(context)?;
    #[cfg(windows)]
    std::os::windows::fs::symlink_file(link, path).with_context(context)?;
    Ok(())
}
