//! `check`: grades answers once.

use anyhow::Result;
use autograder::manifest::Chapter;
use autograder::verdict::{ChapterVerdict, ExerciseVerdict, State};

use crate::cli::Check;
use crate::json::{self, CheckOutput, Output};
use crate::names::{self, ExerciseRef, Selection};
use crate::status::Status;
use crate::terminal::report::{self, Detail};
use crate::terminal::spinner::Spinner;
use crate::terminal::{count, print, style, warn};
use crate::tool::Tool;

/// Grades what was asked for and prints the verdicts, also if it is interrupted.
///
/// # Errors
///
/// If there is no such exercise, or it cannot be graded.
pub fn run(tool: &Tool, arguments: &Check) -> Result<Status> {
    let name = arguments.name.as_deref();
    let selection = name
        .map(|name| names::find(tool.manifest(), name))
        .transpose()?;
    let (chapters, exercise): (Vec<&Chapter>, Option<&str>) = match selection {
        None => (tool.manifest().chapters.iter().collect(), None),
        Some(Selection::Chapter(chapter)) => (vec![chapter], None),
        Some(Selection::Exercise(exercise)) => {
            (vec![exercise.chapter], Some(exercise.exercise.name()))
        }
    };
    let spinner = Spinner::new("Grading");
    let (mut verdicts, mut ended) = (Vec::new(), Ok(()));
    for chapter in &chapters {
        let on_step = &mut |step| spinner.step(&step);
        match tool.grade(chapter.slug(), exercise, on_step) {
            Ok(verdict) => verdicts.push(verdict),
            Err(error) => {
                ended = Err(error);
                break;
            }
        }
    }
    drop(spinner);
    for verdict in &verdicts {
        warn(tool.record(verdict, exercise));
    }
    let mut exercises = verdicts.iter().flat_map(|verdict| &verdict.exercises);
    let solved = exercises.all(|exercise| exercise.state == State::Solved);
    let complete = ended.is_ok();
    if arguments.json.json {
        let output = CheckOutput {
            solved: solved && complete,
            complete,
            chapters: verdicts,
        };
        json::print(&Output::Check(output))?;
    } else if complete || !verdicts.is_empty() {
        print(&text(
            tool,
            &chapters,
            &verdicts,
            exercise.is_some(),
            arguments.all,
        ))?;
    }
    tool.tell_class();
    ended?;
    Ok(if solved {
        Status::Solved
    } else {
        Status::NotSolved
    })
}

/// The states of all exercises, then a report on the first one that was started and is not solved.
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
        let errors = tool.compile_errors(chapter, verdict);
        text += &report::lines(&chapter.title, verdict, &errors);
        for exercise in names::of_chapter(chapter) {
            let name = exercise.exercise.name();
            let is_own = |verdict: &&ExerciseVerdict| verdict.exercise == name;
            if let Some(own) = verdict.exercises.iter().find(is_own) {
                blocked.push(errors.blocking(name).is_some());
                graded.push((exercise, verdict, own));
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
        text += &summary(
            &graded
                .iter()
                .map(|(_, _, exercise)| exercise.state)
                .collect::<Vec<_>>(),
        );
    }
    let is_started = |state| !matches!(state, State::Solved | State::NotStarted);
    let started =
        (0..graded.len()).find(|&index| is_started(graded[index].2.state) && !blocked[index]);
    let unsolved = graded
        .iter()
        .position(|(_, _, exercise)| exercise.state != State::Solved);
    let first = started.or(unsolved).or(one.then_some(0));
    for (index, (exercise, chapter, verdict)) in graded.iter().enumerate() {
        let is_reported =
            Some(index) == first || (all && is_started(verdict.state) && !blocked[index]);
        if is_reported {
            text += &report_on(exercise, chapter, verdict, detail);
        }
    }
    text
}

fn report_on(
    exercise: &ExerciseRef<'_>,
    chapter: &ChapterVerdict,
    verdict: &ExerciseVerdict,
    detail: Detail,
) -> String {
    report::of_exercise(exercise, chapter, verdict, detail)
        + &report::next_step(exercise, verdict.state)
}

fn summary(states: &[State]) -> String {
    let solved = states
        .iter()
        .filter(|state| **state == State::Solved)
        .count();
    match states.len() {
        0 => "There are no exercises here yet.\n".to_owned(),
        all if solved == all => {
            style::success(&format!("All of {} solved.", count(all, "exercise"))) + "\n"
        }
        all => format!("{solved} of {} solved.\n\n", count(all, "exercise")),
    }
}
