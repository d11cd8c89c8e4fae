//! What an update has changed in the exercises.

use anyhow::{Result, anyhow};
use autograder::manifest::{Chapter, Manifest};

use super::upstream::Upstream;
use crate::answers::items_of;
use crate::git::Git;
use crate::names;

/// An exercise that differs from what it was before the update.
pub struct ChangedExercise {
    /// The name to type: `gather/fetch_all`.
    pub name: String,
    /// What is different, in a few words.
    pub what: Vec<&'static str>,
}

/// The exercises that differ between two commits, in the order of the book. `files` are the files that differ.
///
/// # Errors
///
/// If a manifest is invalid, or git fails.
pub fn between(git: &Git, upstream: &Upstream, files: &[String]) -> Result<Vec<ChangedExercise>> {
    let manifest = |commit: &str| -> Result<Manifest> {
        let text = git.file(commit, Manifest::FILE)?;
        text.map_or_else(
            || Err(anyhow!("{} is missing.", Manifest::FILE)),
            |text| Manifest::parse(&text),
        )
    };
    let (before, after) = (manifest(&upstream.old)?, manifest(&upstream.new)?);
    let names_before: Vec<_> = names::all(&before)
        .iter()
        .map(names::ExerciseRef::name)
        .collect();
    let mut changed = Vec::new();
    for chapter in &after.chapters {
        let [old, new] = [&upstream.old, &upstream.new].map(|commit| stub(git, commit, chapter));
        let (old, new) = (old?, new?);
        for exercise in names::of_chapter(chapter) {
            let name = exercise.exercise.name();
            let tests = format!("exercises/tests/{}/{name}.rs", chapter.module());
            let mut what = Vec::new();
            if !names_before.contains(&exercise.name()) {
                what.push("new");
            } else {
                if items_of(&old, name) != items_of(&new, name) {
                    what.push("its stub");
                }
                if files.contains(&tests) {
                    what.push("its tests");
                }
            }
            if !what.is_empty() {
                changed.push(ChangedExercise {
                    name: exercise.name(),
                    what,
                });
            }
        }
    }
    let names_after: Vec<_> = names::all(&after)
        .iter()
        .map(names::ExerciseRef::name)
        .collect();
    let gone = names_before
        .into_iter()
        .filter(|name| !names_after.contains(name));
    changed.extend(gone.map(|name| ChangedExercise {
        name,
        what: vec!["no longer in the book"],
    }));
    Ok(changed)
}

fn stub(git: &Git, commit: &str, chapter: &Chapter) -> Result<String> {
    Ok(git
        .file(commit, &autograder::stub_of(chapter))?
        .unwrap_or_default())
}
