//! The verdict on the current exercise, as text.

use autograder::verdict::{ChapterVerdict, State};

use crate::names::ExerciseRef;
use crate::terminal::report::{self, Detail};
use crate::terminal::{describe, style};
use crate::tool::Tool;

/// The verdict on an exercise. `next` is the name of the exercise to continue with, if there is one, and `has_keys` says
/// whether keys lead there.
pub fn text(
    tool: &Tool,
    exercise: &ExerciseRef<'_>,
    verdict: &ChapterVerdict,
    next: Option<&str>,
    has_keys: bool,
) -> String {
    let Some(own) = verdict.exercises.first() else {
        return String::new();
    };
    let errors = tool.compile_errors(exercise.chapter, verdict);
    let blocked_by = errors.blocking(&own.exercise);
    let mut text = format!(
        "{} {}\n\n",
        style::mark(own.state),
        style::bold(&describe::state(own, blocked_by))
    );
    // The names of the tests give a first idea of the contract; later, the report needs the space.
    let detail = if own.state == State::NotStarted {
        Detail::Tests
    } else {
        Detail::First
    };
    text += &report::of_exercise(exercise, verdict, own, detail);
    if own.state == State::Solved {
        text += &match next {
            None => style::success("All exercises are solved.") + "\n",
            Some(next) if has_keys => format!(
                "Press {} to continue with {next}, or {} to compare your answer with the solution.\n",
                style::command("n"),
                style::command("s")
            ),
            Some(next) => format!("Continuing with {next}.\n"),
        };
    } else if own.state != State::NotStarted {
        text += &style::dim(&format!("Edit {} and save it.\n", exercise.file()));
    }
    text
}
