//! The version of the workbook that the branch follows.

use anyhow::{Result, bail};

use crate::git::Git;

/// The commits before and after an update.
pub struct Upstream {
    /// The commit that is checked out.
    pub old: String,
    /// The newest commit of the upstream branch.
    pub new: String,
    /// The upstream branch: `origin/main`.
    pub name: String,
}

/// Files in git's folder that exist while an operation has begun and is not finished, and the command that takes it back.
const UNFINISHED: &[(&str, &str)] = &[
    ("MERGE_HEAD", "git merge --abort"),
    ("rebase-merge", "git rebase --abort"),
    ("rebase-apply", "git rebase --abort"),
    ("CHERRY_PICK_HEAD", "git cherry-pick --abort"),
    ("REVERT_HEAD", "git revert --abort"),
];

/// Fetches the upstream branch. `None` if it has nothing new.
///
/// # Errors
///
/// If git is missing, the folder is not a clone, no branch is checked out, the branch has no upstream or has diverged from
/// it, another operation of git is not finished, or the upstream cannot be reached. Nothing has been changed then.
pub fn fetch(git: &Git) -> Result<Option<Upstream>> {
    if !git.has_workbook()? {
        bail!(
            "This folder is not a clone of the workbook, so there is nothing to update it from. Clone the workbook with \
             `git clone`, or unpack a newer bundle, and copy the folders `exercises/src` and `.workbook` from here into it."
        );
    }
    let Some(branch) = git.ask(&["symbolic-ref", "-q", "--short", "HEAD"])? else {
        bail!(
            "No branch is checked out (git calls this a detached HEAD), so it is not known what to update to. Switch to \
             the branch of the workbook, with `git switch main` for example, and try again."
        );
    };
    for (file, abort) in UNFINISHED {
        let path = git.ask(&["rev-parse", "--path-format=absolute", "--git-path", file])?;
        if path.is_some_and(|path| std::path::Path::new(&path).exists()) {
            bail!(
                "An operation of git is not finished. Finish it, or take it back with `{abort}`, and try again."
            );
        }
    }
    let upstream = [
        "rev-parse",
        "--abbrev-ref",
        "--symbolic-full-name",
        "@{upstream}",
    ];
    let Some(name) = git.ask(&upstream)? else {
        bail!(
            "The branch `{branch}` has no upstream branch to update from. Set it with `git branch \
             --set-upstream-to=origin/main`, and try again."
        );
    };
    git.must(
        &["fetch", "--quiet"],
        "The new version could not be fetched. Nothing was changed.",
    )?;
    let failure = "git does not know the commits to update.";
    let commit = |name: &str| -> Result<String> {
        let commit = git.must(&["rev-parse", name], failure)?;
        Ok(String::from_utf8_lossy(&commit).trim().to_owned())
    };
    let (old, new) = (commit("HEAD")?, commit("@{upstream}")?);
    let is_ancestor = |one: &str, of: &str| git.ask(&["merge-base", "--is-ancestor", one, of]);
    if is_ancestor(&new, &old)?.is_some() {
        return Ok(None);
    }
    if is_ancestor(&old, &new)?.is_none() {
        let common = git.ask(&["merge-base", &old, &new])?;
        let common = common.map_or(name.clone(), |commit| commit.chars().take(10).collect());
        bail!(
            "The branch `{branch}` has commits of its own, and has diverged from {name}. To keep your work as changes that \
             are not committed, run `git reset {common}`, and try again. It changes no file."
        );
    }
    Ok(Some(Upstream { old, new, name }))
}
