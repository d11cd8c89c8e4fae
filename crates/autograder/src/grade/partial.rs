//! Verdicts on some of the exercises of a chapter.

use crate::manifest::Chapter;
use crate::verdict::{ChapterVerdict, ExerciseVerdict, State};

/// The verdict on these exercises in this order, if each of them has one.
pub(super) fn only(verdict: Option<&ChapterVerdict>, exercises: &[&str]) -> Option<ChapterVerdict> {
    let verdict = verdict?;
    let of = |name: &&str| {
        verdict
            .exercises
            .iter()
            .find(|known| known.exercise == **name)
    };
    Some(ChapterVerdict {
        exercises: exercises
            .iter()
            .map(|name| of(name).cloned())
            .collect::<Option<_>>()?,
        ..verdict.clone()
    })
}

/// A verdict on exercises none of whose tests was run.
pub(super) fn nothing_run(chapter: &Chapter, exercises: &[&str], state: State) -> ChapterVerdict {
    let exercises = exercises.iter().map(|exercise| ExerciseVerdict {
        exercise: (*exercise).to_owned(),
        state,
        tests: Vec::new(),
        misconceptions: Vec::new(),
    });
    ChapterVerdict {
        chapter: chapter.slug().to_owned(),
        exercises: exercises.collect(),
        errors: Vec::new(),
        warnings: Vec::new(),
        changed: Vec::new(),
    }
}
