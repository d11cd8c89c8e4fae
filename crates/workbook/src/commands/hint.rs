//! `hint`: one more each time.

use std::fmt::Write;

use anyhow::Result;

use super::{Done, show};
use crate::cli::Hint;
use crate::json::{self, Hinted, Output};
use crate::names::Place;
use crate::terminal::{paint, paragraph};
use crate::tool::{Tool, tell};

/// Shows one more hint, under those that were shown before.
///
/// # Errors
///
/// If there is no such exercise.
pub fn run(tool: &Tool, arguments: &Hint) -> Result<Done> {
    let place = tool.exercise(arguments.name.as_deref())?;
    let (shown, notice) = tool.learner.one_more_hint(&place);
    tell(notice);
    if arguments.json.json {
        let hints = &place.exercise.hints;
        json::print(&Output::Hint(Hinted {
            exercise: place.name(),
            hints: hints[..shown.min(hints.len())].to_vec(),
            all: hints.len(),
        }))?;
    } else {
        show(&text(&place, shown))?;
    }
    Ok(Done::Solved)
}

/// The first `shown` hints of an exercise.
pub fn text(place: &Place<'_>, shown: usize) -> String {
    let hints = &place.exercise.hints;
    let mut text = String::new();
    for (index, hint) in hints.iter().take(shown).enumerate() {
        let title = format!("Hint {} of {} for {}", index + 1, hints.len(), place.name());
        let _ = writeln!(text, "{}\n{}\n", paint::bold(&title), paragraph(hint));
    }
    if shown >= hints.len() {
        text += "There are no more hints.\n";
    }
    text
}
