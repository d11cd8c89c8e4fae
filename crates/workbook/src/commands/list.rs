//! `list`: lists all exercises with the learner's progress.

use anyhow::Result;
use autograder::manifest::Chapter;

use crate::cli::List;
use crate::json::{self, ListOutput, ListedChapter, ListedExercise, Output};
use crate::names::{self, Selection};
use crate::progress::Progress;
use crate::status::Status;
use crate::terminal::{command_list, list, print};
use crate::tool::{Tool, next_up};

/// Lists all exercises, or those of a chapter. The exit code does not depend on what is solved.
///
/// # Errors
///
/// If there is no such chapter, or the list cannot be printed.
pub fn run(tool: &Tool, arguments: &List) -> Result<Status> {
    let name = arguments.name.as_deref();
    let selection = name
        .map(|name| names::find(tool.manifest(), name))
        .transpose()?;
    let chapters: Vec<&Chapter> = match selection {
        None => tool.manifest().chapters.iter().collect(),
        Some(Selection::Chapter(chapter)) => vec![chapter],
        Some(Selection::Exercise(exercise)) => vec![exercise.chapter],
    };
    let progress = tool.progress();
    let all = names::all(tool.manifest());
    if arguments.json.json {
        json::print(&Output::List(listed(tool, &chapters, &progress)))?;
    } else {
        let next = next_up(&all, &progress);
        let mut text = list::text(&chapters, &progress, next.as_ref());
        if let Some(next) = next {
            let name = next.name();
            text += &command_list(&[("watch", &format!("continue with {name}"))]);
        }
        print(&text)?;
    }
    Ok(Status::Solved)
}

fn listed(tool: &Tool, chapters: &[&Chapter], progress: &Progress) -> ListOutput {
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
    let chapters = chapters.iter().map(|chapter| ListedChapter {
        slug: chapter.slug().to_owned(),
        title: chapter.title.clone(),
        exercises: names::of_chapter(chapter).map(exercise).collect(),
    });
    ListOutput {
        current: next_up(&names::all(tool.manifest()), progress)
            .map(|exercise_ref| exercise_ref.name()),
        chapters: chapters.collect(),
    }
}
