//! Which exercise the learner has saved.

use std::collections::BTreeMap;

use autograder::files;
use autograder::manifest::Chapter;

use crate::answers::items_of;
use crate::names::{self, ExerciseRef};
use crate::tool::Tool;

/// The first exercise of a chapter whose items have changed, if both texts can be parsed.
pub fn first_changed<'m>(
    chapter: &'m Chapter,
    before: &[u8],
    now: &[u8],
) -> Option<ExerciseRef<'m>> {
    let before = str::from_utf8(before).ok()?;
    let now = str::from_utf8(now).ok()?;
    let mut exercises = names::of_chapter(chapter);
    exercises.find(|exercise| {
        let name = exercise.exercise.name();
        items_of(before, name) != items_of(now, name)
    })
}

/// The answers as they were read last.
#[derive(Default)]
pub struct LastRead(BTreeMap<String, Vec<u8>>);

impl LastRead {
    /// Reads all answers again, and returns the first exercise that has changed since the last time, if there was one.
    pub fn read_again<'t>(&mut self, tool: &'t Tool) -> Option<ExerciseRef<'t>> {
        let mut changed = None;
        for chapter in &tool.manifest().chapters {
            let file = autograder::file_of(chapter);
            let now = files::bytes(&tool.project.path(&file)).unwrap_or_default();
            if let Some(before) = self.0.insert(file, now.clone())
                && before != now
            {
                changed = changed.or_else(|| first_changed(chapter, &before, &now));
            }
        }
        changed
    }
}
