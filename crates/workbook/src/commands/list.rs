//! `list`: all exercises, and how far the learner is.

use anyhow::Result;

use super::{Done, show};
use crate::cli::Json;
use crate::json::{self, Listed, ListedChapter, ListedExercise, Output};
use crate::names;
use crate::progress::Progress;
use crate::terminal::{commands, list};
use crate::tool::{Tool, current};

/// Lists all exercises. That is a look at them, so the exit code does not depend on what is solved.
///
/// # Errors
///
/// If it cannot be printed.
pub fn run(tool: &Tool, json: Json) -> Result<Done> {
    let progress = tool.progress();
    let all = names::all(tool.manifest());
    if json.json {
        json::print(&Output::List(listed(tool, &progress)))?;
    } else {
        let at = current(&all, &progress);
        let mut text = list::text(tool.manifest(), &progress, at.as_ref());
        if let Some(at) = at.filter(|at| progress.of(&at.name()).solved.is_none()) {
            text += &commands(&[("watch", &format!("go on with {}", at.name()))]);
        }
        show(&text)?;
    }
    Ok(Done::Solved)
}

fn listed(tool: &Tool, progress: &Progress) -> Listed {
    let exercise = |place: names::Place<'_>| {
        let record = progress.of(&place.name());
        ListedExercise {
            name: place.name(),
            title: place.exercise.title.clone(),
            minutes: place.exercise.minutes,
            teaches: place.exercise.teaches.clone(),
            file: place.file(),
            solved: record.solved,
            seconds: record.seconds,
            hints: record.hints,
            all_hints: place.exercise.hints.len(),
            solution_shown: record.solution.is_some(),
        }
    };
    let chapters = tool
        .manifest()
        .chapters
        .iter()
        .map(|chapter| ListedChapter {
            slug: chapter.slug().to_owned(),
            title: chapter.title.clone(),
            exercises: names::of_chapter(chapter).map(exercise).collect(),
        });
    Listed {
        current: current(&names::all(tool.manifest()), progress).map(|place| place.name()),
        chapters: chapters.collect(),
    }
}
