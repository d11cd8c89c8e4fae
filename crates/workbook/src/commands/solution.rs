//! `solution`: the learner's answer beside ours.

use anyhow::{Result, bail};
use autograder::verdict::State;

use super::{Done, show};
use crate::answers::items_of;
use crate::cli::Solution;
use crate::names::Place;
use crate::terminal::waiting::Waiting;
use crate::terminal::{commands, diff, paint};
use crate::tool::{Tool, tell};

/// Shows the solution, once the exercise is solved or on `--show-me`.
///
/// # Errors
///
/// If there is no such exercise, or it cannot be graded.
pub fn run(tool: &Tool, arguments: &Solution) -> Result<Done> {
    let place = tool.exercise(arguments.name.as_deref())?;
    if !arguments.show_me && !is_solved(tool, &place)? {
        let name = place.name();
        let lines = commands(&[
            (&format!("hint {name}"), "ask for a hint"),
            (
                &format!("solution {name} --show-me"),
                "see the solution all the same",
            ),
        ]);
        show(&format!("{name} is not solved yet.\n{lines}"))?;
        return Ok(Done::NotSolved);
    }
    show(&text(tool, &place)?)?;
    tell(tool.learner.solution_shown(&place));
    Ok(Done::Solved)
}

/// What would make the learner's answer into the solution.
///
/// # Errors
///
/// If one of the two files cannot be read.
pub fn text(tool: &Tool, place: &Place<'_>) -> Result<String> {
    let file = format!("solutions/src/{}.rs", place.chapter.module());
    let name = place.exercise.name();
    let Some(solution) = items_of(&tool.project.read(&file)?, name) else {
        bail!("{file} has no `{name}`.");
    };
    let own = tool.project.read(&place.file()).ok();
    let own = own.and_then(|text| items_of(&text, name));
    let Some(own) = own else {
        return Ok(format!(
            "{}\n\n{solution}",
            paint::bold(&format!("The solution of {}", place.name()))
        ));
    };
    if own.trim() == solution.trim() {
        return Ok("Your answer is the solution, word for word.\n".to_owned());
    }
    let title = format!("{}: from your answer (-) to the solution (+)", place.name());
    Ok(format!(
        "{}\n\n{}",
        paint::bold(&title),
        diff::text(&own, &solution)
    ))
}

fn is_solved(tool: &Tool, place: &Place<'_>) -> Result<bool> {
    // Once solved is enough: who has broken an answer since may look as well.
    if tool.progress().of(&place.name()).solved.is_some() {
        return Ok(true);
    }
    let waiting = Waiting::new("Grading");
    let exercise = Some(place.exercise.name());
    let verdict = tool.grade(place.chapter.slug(), exercise, &mut |step| {
        waiting.step(&step)
    })?;
    drop(waiting);
    tell(tool.note(&verdict));
    Ok(verdict
        .exercises
        .iter()
        .all(|exercise| exercise.state == State::Solved))
}
