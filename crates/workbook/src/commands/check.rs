//! `check`: the verdicts, once.

use anyhow::Result;
use autograder::manifest::Chapter;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, State};

use super::{Done, show};
use crate::cli::Check;
use crate::json::{self, Checked, Output};
use crate::names::{self, Named, Place};
use crate::terminal::report::{self, Detail};
use crate::terminal::waiting::Waiting;
use crate::terminal::{count, paint};
use crate::tool::{Tool, tell};

/// Grades what was asked for and shows it.
///
/// # Errors
///
/// If there is no such exercise, or it cannot be graded.
pub fn run(tool: &Tool, arguments: &Check) -> Result<Done> {
    let name = arguments.name.as_deref();
    let named = name
        .map(|name| names::find(tool.manifest(), name))
        .transpose()?;
    let (chapters, exercise): (Vec<&Chapter>, Option<&str>) = match named {
        None => (tool.manifest().chapters.iter().collect(), None),
        Some(Named::Chapter(chapter)) => (vec![chapter], None),
        Some(Named::Exercise(place)) => (vec![place.chapter], Some(place.exercise.name())),
    };
    let waiting = Waiting::new("Grading");
    let mut verdicts = Vec::new();
    for chapter in &chapters {
        let on = &mut |step| waiting.step(&step);
        verdicts.push(tool.grade(chapter.slug(), exercise, on)?);
    }
    drop(waiting);
    for verdict in &verdicts {
        tell(tool.note(verdict, exercise));
    }
    let mut exercises = verdicts.iter().flat_map(|verdict| &verdict.exercises);
    let solved = exercises.all(|exercise| exercise.state == State::Solved);
    if arguments.json.json {
        let chapters = verdicts;
        json::print(&Output::Check(Checked { solved, chapters }))?;
    } else {
        show(&text(
            tool,
            &chapters,
            &verdicts,
            exercise.is_some(),
            arguments.all,
        ))?;
    }
    Ok(if solved {
        Done::Solved
    } else {
        Done::NotSolved
    })
}

/// The states of all, then what is to be said about the first that was begun and is not solved.
fn text(
    tool: &Tool,
    chapters: &[&Chapter],
    verdicts: &[ChapterVerdict],
    one: bool,
    all: bool,
) -> String {
    let mut text = String::new();
    let (mut graded, mut blocked) = (Vec::new(), Vec::new());
    for (chapter, verdict) in chapters.iter().zip(verdicts) {
        let culprits = tool.culprits(chapter, verdict);
        text += &report::lines(&chapter.title, verdict, &culprits);
        for place in names::of_chapter(chapter) {
            let name = place.exercise.name();
            let own = |exercise: &&ExerciseVerdict| exercise.exercise == name;
            if let Some(exercise) = verdict.exercises.iter().find(own) {
                blocked.push(culprits.block(name).is_some());
                graded.push((place, verdict, exercise));
            }
        }
    }
    text.push('\n');
    let detail = match (all, one) {
        (true, _) => Detail::All,
        (false, true) => Detail::Tests,
        (false, false) => Detail::First,
    };
    if !one {
        text += &sum(&graded
            .iter()
            .map(|(_, _, exercise)| exercise.state)
            .collect::<Vec<_>>());
    }
    let is_begun = |state| !matches!(state, State::Solved | State::NotStarted);
    let begun = (0..graded.len()).find(|&index| is_begun(graded[index].2.state) && !blocked[index]);
    let unsolved = graded
        .iter()
        .position(|(_, _, exercise)| exercise.state != State::Solved);
    let told = begun.or(unsolved).or(one.then_some(0));
    for (index, (place, chapter, exercise)) in graded.iter().enumerate() {
        let is_told = Some(index) == told || (all && is_begun(exercise.state) && !blocked[index]);
        if is_told {
            text += &about(place, chapter, exercise, detail);
        }
    }
    text
}

fn about(
    place: &Place<'_>,
    chapter: &ChapterVerdict,
    exercise: &ExerciseVerdict,
    detail: Detail,
) -> String {
    report::of_exercise(place, chapter, exercise, detail)
        + &report::next_step(place, exercise.state)
}

fn sum(states: &[State]) -> String {
    let solved = states
        .iter()
        .filter(|state| **state == State::Solved)
        .count();
    match states.len() {
        0 => "There are no exercises here yet.\n".to_owned(),
        all if solved == all => {
            paint::good(&format!("All of {} solved.", count(all, "exercise"))) + "\n"
        }
        all => format!("{solved} of {} solved.\n\n", count(all, "exercise")),
    }
}
