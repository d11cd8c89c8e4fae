//! What can be done with an exercise.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Refusal, Served, apart, place};
use crate::commands::{reset as resets, solution as solutions};
use crate::names::Named;

/// Which one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    exercise: String,
}

/// Has it graded.
pub async fn check(State(served): State<Served>, Json(which): Json<Which>) -> Answer {
    let place = place(&served.tool, &which.exercise)?;
    let (chapter, exercise) = (place.chapter.slug(), place.exercise.name());
    served.desk.check(chapter, exercise);
    Ok(Json(json!({})))
}

/// Puts one more hint on its card.
pub async fn hint(State(served): State<Served>, Json(which): Json<Which>) -> Answer {
    apart(move || {
        let place = place(&served.tool, &which.exercise)?;
        let (_, notice) = served.tool.learner.one_more_hint(&place);
        served.shelf.unsaved(notice);
        Ok(Json(json!({})))
    })
    .await
}

/// Which one, and which way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    exercise: String,
    undo: bool,
}

/// Puts the stub back, or brings back what was there before.
pub async fn reset(State(served): State<Served>, Json(way): Json<Way>) -> Answer {
    apart(move || {
        let named = Named::Exercise(place(&served.tool, &way.exercise)?);
        let said = if way.undo {
            resets::undo(&served.tool, named)?;
            "Your answer is back."
        } else if resets::reset(&served.tool, named)?.changed {
            "It is as it was in the beginning. Your answer is kept: you can undo this."
        } else {
            "It is as it was in the beginning; nothing was changed."
        };
        served.shelf.refresh();
        served.desk.saved();
        Ok(Json(json!({ "said": said })))
    })
    .await
}

/// Which one, and whether to show what is not earned yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    exercise: String,
    show_me: bool,
}

/// The solution, and the answer to compare it with.
pub async fn solution(State(served): State<Served>, Json(show): Json<Show>) -> Answer {
    apart(move || {
        let Served { tool, shelf, .. } = served;
        let place = place(&tool, &show.exercise)?;
        let was_solved = tool.learner.progress().0.of(&place.name()).solved.is_some();
        if !(show.show_me || was_solved || shelf.is_solved(&place)) {
            let why = format!("{} is not solved yet.", place.name());
            return Err(Refusal::new(StatusCode::FORBIDDEN, why));
        }
        let solutions::Compared { own, solution } = solutions::compared(&tool, &place)?;
        shelf.unsaved(tool.learner.solution_shown(&place));
        Ok(Json(json!({ "own": own, "solution": solution })))
    })
    .await
}
