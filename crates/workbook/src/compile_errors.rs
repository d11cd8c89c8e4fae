//! Which exercise causes the compile errors of a chapter.

use autograder::manifest::Chapter;
use autograder::verdict::ChapterVerdict;

use crate::answers;

/// The exercises that contain a chapter's compile errors.
#[derive(Debug)]
pub struct CompileErrors {
    exercises: Vec<String>,
}

impl CompileErrors {
    /// Locates the errors in `text`, the chapter's file. If an error is outside of all exercises, in a helper for
    /// example, any exercise may be at fault, and the result is empty.
    pub fn locate(verdict: &ChapterVerdict, chapter: &Chapter, text: &str) -> Self {
        let file = autograder::file_of(chapter);
        let is_exercise = |name: &String| {
            let mut exercises = chapter.exercises.iter();
            exercises.any(|exercise| exercise.name() == name)
        };
        let exercises = verdict.errors.iter().map(|error| {
            let line = error.line.filter(|_| error.file.as_ref() == Some(&file))?;
            answers::item_at(text, line).filter(is_exercise)
        });
        Self {
            exercises: exercises.collect::<Option<_>>().unwrap_or_default(),
        }
    }

    /// The other exercise that keeps this one from being graded, if this one has no error itself.
    pub fn blocking(&self, exercise: &str) -> Option<&str> {
        let has_error = self.exercises.iter().any(|other| other == exercise);
        let first = self.exercises.first().filter(|_| !has_error);
        first.map(String::as_str)
    }
}
