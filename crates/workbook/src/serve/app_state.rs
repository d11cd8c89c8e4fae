//! What the handlers of requests share.

use std::sync::Arc;

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use super::api_error::{ApiError, INTERNAL_ERROR};
use super::events::Events;
use super::exercise_state::ExerciseStates;
use super::grading_queue::GradingQueue;
use super::site::Site;
use crate::auth::Auth;
use crate::names::{self, ExerciseRef, Selection};
use crate::terminal::sentences;
use crate::tool::Tool;

/// What the handlers of requests share. Clones refer to the same state.
#[derive(Clone)]
pub struct AppState {
    /// The project, and the learner's progress.
    pub tool: Arc<Tool>,
    /// What every page should know.
    pub events: Arc<Events>,
    /// The state of the exercises.
    pub states: Arc<ExerciseStates>,
    /// Grades answers.
    pub queue: GradingQueue,
    /// Checks keys and tokens.
    pub auth: Arc<Auth>,
    /// The book's files.
    pub site: Arc<Site>,
    /// Limits how many programs run at once.
    pub run_permits: Arc<Semaphore>,
}

/// Runs blocking work on another thread, so that it does not delay other requests.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            INTERNAL_ERROR,
        ))
    })
}

/// The exercise of this name.
pub fn find_exercise<'t>(tool: &'t Tool, name: &str) -> Result<ExerciseRef<'t>, ApiError> {
    match names::find(tool.manifest(), name) {
        Ok(Selection::Exercise(exercise)) => Ok(exercise),
        Ok(Selection::Chapter(_)) => {
            let why = format!("`{name}` is a chapter, not an exercise.");
            Err(ApiError::new(StatusCode::NOT_FOUND, why))
        }
        Err(error) => Err(ApiError::new(StatusCode::NOT_FOUND, sentences(&error))),
    }
}
