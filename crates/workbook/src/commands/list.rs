//! `list`: lists all exercises with the learner's progress.

use anyhow::Result;

use crate::cli::Json;
use crate::json::{self, ListOutput, ListedChapter, ListedExercise, Output};
use crate::names;
use crate::progress::Progress;
use crate::status::Status;
use crate::terminal::{command_list, list, print};
use crate::tool::{Tool, current};

/// Lists all exercises. The exit code does not depend on what is solved.
///
/// # Errors
///
/// If the list cannot be printed.
pub fn run(tool: &Tool, json: Json) -> Result<Status> {
    let progress = tool.progress();
    let all = names::all(tool.manifest());
    if json.json {
        json::print(&Output::List(listed(tool, &progress)))?;
    } else {
        let current = current(&all, &progress);
        let mut text = list::text(tool.manifest(), &progress, current.as_ref());
        let is_unsolved = |name: &String| progress.of(name).solved.is_none();
        if let Some(name) = current.map(|current| current.name()).filter(is_unsolved) {
            text += &command_list(&[("watch", &format!("continue with {name}"))]);
        }
        print(&text)?;
    }
    Ok(Status::Solved)
}

fn listed(tool: &Tool, progress: &Progress) -> ListOutput {
    let exercise = |exercise_ref: names::ExerciseRef<'_>| {
        let record = progress.of(&exercise_ref.name());
        ListedExercise {
            name: exercise_ref.name(),
            title: exercise_ref.exercise.title.clone(),
            minutes: exercise_ref.exercise.minutes,
            teaches: exercise_ref.exercise.teaches.clone(),
            file: exercise_ref.file(),
            solved: record.solved,
            seconds: record.seconds,
            hints_shown: record.hints,
            hint_count: exercise_ref.exercise.hints.len(),
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
    ListOutput {
        current: current(&names::all(tool.manifest()), progress)
            .map(|exercise_ref| exercise_ref.name()),
        chapters: chapters.collect(),
    }
}
