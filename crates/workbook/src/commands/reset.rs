//! `reset`: back to the stub, and back again.

use anyhow::{Result, bail};

use super::{Done, show};
use crate::answers::{self, Error, Undo};
use crate::cli::Reset;
use crate::names::{self, Named, Place};
use crate::terminal::paragraph;
use crate::tool::Tool;

/// Resets what was named, or undoes that.
///
/// # Errors
///
/// If there is no such exercise, or its file cannot be changed; then it is as it was.
pub fn run(tool: &Tool, arguments: &Reset) -> Result<Done> {
    let named = names::find(tool.manifest(), &arguments.name)?;
    let said = if arguments.undo {
        undo(tool, named)?
    } else {
        reset(tool, named)?.said
    };
    show(&(paragraph(&said) + "\n"))?;
    Ok(Done::Solved)
}

/// What a reset did.
#[derive(Debug)]
pub struct Outcome {
    /// Whether the file is another one now.
    pub changed: bool,
    /// The same in sentences.
    pub said: String,
}

/// Puts the stub back, and says where the answer is kept.
///
/// # Errors
///
/// If the file cannot be changed; then it is as it was.
pub fn reset(tool: &Tool, named: Named<'_>) -> Result<Outcome> {
    let (chapter, exercise, name) = parts(named);
    let stub = tool.grades.stub(chapter)?;
    match answers::reset(tool.project.root(), chapter, exercise, &stub) {
        Ok(answers::Reset::Already) => Ok(Outcome {
            changed: false,
            said: format!("{name} is as it was in the beginning; nothing was changed."),
        }),
        Ok(answers::Reset::Done { kept }) => Ok(Outcome {
            changed: true,
            said: format!(
                "{name} is as it was in the beginning. Your answer is kept in {}; `cargo workbook reset \
             {name} --undo` brings it back.",
                tool.project.relative(&kept)
            ),
        }),
        Err(Error::DoesNotParse { file, line }) => bail!(
            "{} cannot be taken apart, because its line {line} is not Rust. Mend that line, or put the \
             whole chapter back with `cargo workbook reset {chapter}`, which keeps what you have.",
            tool.project.relative(&file)
        ),
        Err(Error::ChangedMeanwhile { file }) => bail!(changed(tool, &file)),
        Err(error) => Err(error.into()),
    }
}

/// Brings back what the last reset took away, and says where the present answer is kept.
///
/// # Errors
///
/// If there is nothing to bring back, or the file cannot be changed; then it is as it was.
pub fn undo(tool: &Tool, named: Named<'_>) -> Result<String> {
    let (chapter, exercise, name) = parts(named);
    match answers::undo(tool.project.root(), chapter, exercise) {
        Ok(Undo::Nothing) => bail!(
            "There is no answer of {name} to bring back: it was not reset, or is back already."
        ),
        Ok(Undo::Done { kept, .. }) => Ok(format!(
            "Your answer of {name} is back. What was there until now is kept in {}.",
            tool.project.relative(&kept)
        )),
        Err(Error::DoesNotParse { file, line }) => bail!(
            "{} cannot be taken apart, because its line {line} is not Rust. Mend that line first; nothing \
             was changed.",
            tool.project.relative(&file)
        ),
        Err(Error::ChangedMeanwhile { file }) => bail!(changed(tool, &file)),
        Err(error) => Err(error.into()),
    }
}

fn changed(tool: &Tool, file: &std::path::Path) -> String {
    format!(
        "{} was saved at this very moment. Nothing was changed; try again.",
        tool.project.relative(file)
    )
}

fn parts<'m>(named: Named<'m>) -> (&'m str, Option<&'m str>, String) {
    match named {
        Named::Chapter(chapter) => (chapter.slug(), None, chapter.slug().to_owned()),
        Named::Exercise(place @ Place { chapter, exercise }) => {
            (chapter.slug(), Some(exercise.name()), place.name())
        }
    }
}
