//! The two servers of a room: the one for learners, which other machines may reach, and the teacher's page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use workbook::serve::api_error::{ApiError, INTERNAL_ERROR};

use super::registry::{Refusal, Registry};

pub use super::learner_api::router as learners;
pub use super::overview::View;
pub use super::teacher_api::router as teacher;

/// A room that both servers use.
#[derive(Debug, Clone)]
pub struct SharedRegistry(Arc<Mutex<Registry>>);

impl SharedRegistry {
    /// Shares a room.
    pub fn new(registry: Registry) -> Self {
        Self(Arc::new(Mutex::new(registry)))
    }

    /// Locks it, for a moment. What waits for the disk is done in `change`.
    pub fn lock(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes it on a thread that may wait for the disk.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Registry) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, ApiError> {
        let registry = self.clone();
        let changed = tokio::task::spawn_blocking(move || change(&mut registry.lock())).await;
        match changed {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(refusal)) => Err(refused(&refusal)),
            Err(_) => Err(ApiError::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                INTERNAL_ERROR,
            )),
        }
    }
}

fn refused(refusal: &Refusal) -> ApiError {
    let status = match refusal {
        Refusal::WrongCode | Refusal::Closed => StatusCode::FORBIDDEN,
        Refusal::Full | Refusal::NameTaken | Refusal::TooManyRequests => StatusCode::CONFLICT,
        Refusal::UnusableName => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Unknown => StatusCode::UNAUTHORIZED,
        Refusal::NoExercise => StatusCode::NOT_FOUND,
        Refusal::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::Failed(_) => StatusCode::INSUFFICIENT_STORAGE,
    };
    if let Refusal::Failed(error) = refusal {
        workbook::terminal::warn(Some(workbook::terminal::sentences(error)));
    }
    ApiError::new(status, refusal.to_string())
}
