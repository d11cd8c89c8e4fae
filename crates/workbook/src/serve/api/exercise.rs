//! Checks and resets an exercise, shows hints and the solution, and asks for help.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::commands::class as class_command;
use crate::commands::reset as reset_command;
use crate::commands::solution::{self as solution_command, Comparison};
use crate::names::Selection;
use crate::serve::api_error::{ApiError, ApiResult};
use crate::serve::app_state::{AppState, blocking, find_exercise};

/// The name of an exercise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExerciseRequest {
    exercise: String,
}

/// Requests that an exercise be graded.
pub async fn check(
    State(state): State<AppState>,
    Json(request): Json<ExerciseRequest>,
) -> ApiResult {
    let exercise = find_exercise(&state.tool, &request.exercise)?;
    let (chapter, name) = (exercise.chapter.slug(), exercise.exercise.name());
    state.queue.check(chapter, name);
    Ok(Json(json!({})))
}

/// Shows one more hint on the exercise's card.
pub async fn hint(
    State(state): State<AppState>,
    Json(request): Json<ExerciseRequest>,
) -> ApiResult {
    blocking(move || {
        let exercise = find_exercise(&state.tool, &request.exercise)?;
        let (_, notice) = state.tool.learner.one_more_hint(&exercise);
        state.states.record_save_error(notice);
        Ok(Json(json!({})))
    })
    .await
}

/// Sends the answer to the teacher of the class that the reader has joined.
pub async fn help(
    State(state): State<AppState>,
    Json(request): Json<ExerciseRequest>,
) -> ApiResult {
    blocking(move || {
        let exercise = find_exercise(&state.tool, &request.exercise)?;
        let asked = class_command::ask_for_help(&state.tool, &exercise, String::new())?;
        let message = [Some(asked.message), asked.notice];
        let message: Vec<_> = message.into_iter().flatten().collect();
        Ok(Json(json!({ "message": message.join(" ") })))
    })
    .await
}

/// The name of an exercise, and whether to undo its last reset.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetRequest {
    exercise: String,
    undo: bool,
}

/// Restores the stub, or undoes that.
pub async fn reset(State(state): State<AppState>, Json(request): Json<ResetRequest>) -> ApiResult {
    blocking(move || {
        let exercise = Selection::Exercise(find_exercise(&state.tool, &request.exercise)?);
        let message = if request.undo {
            reset_command::undo(&state.tool, exercise)?;
            "Your answer is back."
        } else if reset_command::reset(&state.tool, exercise)?.changed {
            "The stub is back. Your answer has been saved: you can undo the reset."
        } else {
            "This is the stub already. Nothing was changed."
        };
        state.states.refresh();
        state.queue.files_changed();
        Ok(Json(json!({ "message": message })))
    })
    .await
}

/// The name of an exercise, and whether to show its solution before it is solved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SolutionRequest {
    exercise: String,
    show_me: bool,
}

/// The solution, and the answer to compare it with.
pub async fn solution(
    State(state): State<AppState>,
    Json(request): Json<SolutionRequest>,
) -> ApiResult {
    blocking(move || {
        let AppState { tool, states, .. } = state;
        let exercise = find_exercise(&tool, &request.exercise)?;
        let progress = tool.learner.progress().0;
        let was_solved = progress.of(&exercise.name()).solved.is_some();
        if !(request.show_me || was_solved || states.is_solved(&exercise)) {
            let why = format!("{} is not solved yet.", exercise.name());
            return Err(ApiError::new(StatusCode::FORBIDDEN, why));
        }
        let Comparison { answer, solution } = solution_command::compare(&tool, &exercise)?;
        states.record_save_error(tool.learner.solution_shown(&exercise));
        Ok(Json(json!({ "answer": answer, "solution": solution })))
    })
    .await
}
