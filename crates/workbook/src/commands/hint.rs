//! `hint`: shows one more hint each time.

use std::fmt::Write;

use anyhow::Result;

use crate::cli::Hint;
use crate::json::{self, HintOutput, Output};
use crate::names::ExerciseRef;
use crate::status::Status;
use crate::terminal::{paragraph, print, style, warn};
use crate::tool::Tool;

/// Shows one more hint, below those that were shown before.
///
/// # Errors
///
/// If there is no such exercise.
pub fn run(tool: &Tool, arguments: &Hint) -> Result<Status> {
    let exercise_ref = tool.exercise(arguments.name.as_deref())?;
    let (shown, notice) = tool.learner.one_more_hint(&exercise_ref);
    warn(notice);
    if arguments.json.json {
        let hints = &exercise_ref.exercise.hints;
        json::print(&Output::Hint(HintOutput {
            exercise: exercise_ref.name(),
            hints: hints[..shown.min(hints.len())].to_vec(),
            hint_count: hints.len(),
        }))?;
    } else {
        print(&text(&exercise_ref, shown))?;
    }
    Ok(Status::Solved)
}

/// The first `shown` hints of an exercise.
pub fn text(exercise_ref: &ExerciseRef<'_>, shown: usize) -> String {
    let hints = &exercise_ref.exercise.hints;
    let mut text = String::new();
    for (index, hint) in hints.iter().take(shown).enumerate() {
        let title = format!(
            "Hint {} of {} for {}",
            index + 1,
            hints.len(),
            exercise_ref.name()
        );
        let _ = writeln!(text, "{}\n{}\n", style::bold(&title), paragraph(hint));
    }
    if shown >= hints.len() {
        text += "There are no more hints.\n";
    }
    text
}
