//! `reset`: replaces an answer with its stub, or undoes that.

use anyhow::{Result, bail};

use crate::answers::{self, Error, Undo};
use crate::cli::Reset;
use crate::names::{self, ExerciseRef, Selection};
use crate::status::Status;
use crate::terminal::{paragraph, print};
use crate::tool::Tool;

/// Resets a chapter or an exercise, or undoes that.
///
/// # Errors
///
/// If there is no such exercise, or its file cannot be changed; the file is unchanged then.
pub fn run(tool: &Tool, arguments: &Reset) -> Result<Status> {
    let selection = names::find(tool.manifest(), &arguments.name)?;
    let message = if arguments.undo {
        undo(tool, selection)?
    } else {
        reset(tool, selection)?.message
    };
    print(&(paragraph(&message) + "\n"))?;
    Ok(Status::Solved)
}

/// The result of a reset.
#[derive(Debug)]
pub struct ResetResult {
    /// Whether the file has been changed.
    pub changed: bool,
    /// What was done, in sentences.
    pub message: String,
}

/// Restores the stub, and says where the answer was saved.
///
/// # Errors
///
/// If the file cannot be changed; it is unchanged then.
pub fn reset(tool: &Tool, selection: Selection<'_>) -> Result<ResetResult> {
    let (chapter, exercise, name) = parts(selection);
    let stub = tool.grader.stub(chapter)?;
    match answers::reset(tool.project.root(), chapter, exercise, &stub) {
        Ok(answers::Reset::Unchanged) => Ok(ResetResult {
            changed: false,
            message: format!("{name} is the stub already. Nothing was changed."),
        }),
        Ok(answers::Reset::Done { backup }) => Ok(ResetResult {
            changed: true,
            message: format!(
                "The stub of {name} is back. Your answer was saved in {}. To restore it, run `cargo workbook \
                 reset {name} --undo`.",
                tool.project.relative(&backup)
            ),
        }),
        Err(Error::DoesNotParse { file, line }) => bail!(
            "{} cannot be parsed, because line {line} is not valid Rust. Fix that line, or reset the whole \
             chapter with `cargo workbook reset {chapter}`, which saves a backup.",
            tool.project.relative(&file)
        ),
        Err(Error::Conflict { file }) => bail!(conflict(tool, &file)),
        Err(error) => Err(error.into()),
    }
}

/// Restores what the last reset replaced, and says where the present answer was saved.
///
/// # Errors
///
/// If there is nothing to restore, or the file cannot be changed; it is unchanged then.
pub fn undo(tool: &Tool, selection: Selection<'_>) -> Result<String> {
    let (chapter, exercise, name) = parts(selection);
    match answers::undo(tool.project.root(), chapter, exercise) {
        Ok(Undo::Nothing) => bail!(
            "There is no answer of {name} to restore: it was not reset, or has been restored already."
        ),
        Ok(Undo::Done { backup, .. }) => Ok(format!(
            "Your answer of {name} is back. What it replaced was saved in {}.",
            tool.project.relative(&backup)
        )),
        Err(Error::DoesNotParse { file, line }) => bail!(
            "{} cannot be parsed, because line {line} is not valid Rust. Fix that line first. Nothing \
             was changed.",
            tool.project.relative(&file)
        ),
        Err(Error::Conflict { file }) => bail!(conflict(tool, &file)),
        Err(error) => Err(error.into()),
    }
}

fn conflict(tool: &Tool, file: &std::path::Path) -> String {
    format!(
        "Another program saved {} at the same time. Nothing was changed; try again.",
        tool.project.relative(file)
    )
}

fn parts<'m>(selection: Selection<'m>) -> (&'m str, Option<&'m str>, String) {
    match selection {
        Selection::Chapter(chapter) => (chapter.slug(), None, chapter.slug().to_owned()),
        Selection::Exercise(exercise_ref @ ExerciseRef { chapter, exercise }) => {
            (chapter.slug(), Some(exercise.name()), exercise_ref.name())
        }
    }
}
