//! Whose the mistake is, where a chapter does not compile.

use autograder::manifest::Chapter;
use autograder::verdict::ChapterVerdict;

use crate::answers;

/// The exercises in which a chapter's errors stand.
#[derive(Debug)]
pub struct Culprits(Vec<String>);

impl Culprits {
    /// `text` is the chapter's file. If an error stands in none of the exercises, in a helper say, it may be
    /// anybody's: then there are no culprits.
    pub fn of(verdict: &ChapterVerdict, chapter: &Chapter, text: &str) -> Self {
        let file = autograder::file_of(chapter);
        let is_exercise = |name: &String| {
            let mut exercises = chapter.exercises.iter();
            exercises.any(|exercise| exercise.name() == name)
        };
        let places = verdict.errors.iter().map(|error| {
            let line = error.line.filter(|_| error.file.as_ref() == Some(&file))?;
            answers::item_at(text, line).filter(is_exercise)
        });
        Self(places.collect::<Option<_>>().unwrap_or_default())
    }

    /// The one that keeps an exercise from being graded, which is no mistake of its own.
    pub fn block(&self, exercise: &str) -> Option<&str> {
        let is_one = self.0.iter().any(|culprit| culprit == exercise);
        self.0.first().filter(|_| !is_one).map(String::as_str)
    }
}
