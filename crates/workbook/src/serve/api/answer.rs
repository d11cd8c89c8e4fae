//! Reads and saves the learner's files.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::answers::{self, Saved};
use crate::names::shortened;
use crate::serve::api_error::{ApiError, ApiResult};
use crate::serve::app_state::{AppState, blocking};

/// A chapter's file as it is on the disk.
pub async fn read(
    State(AppState { tool, .. }): State<AppState>,
    Path(slug): Path<String>,
) -> ApiResult {
    blocking(move || {
        let mut chapters = tool.manifest().chapters.iter();
        let Some(chapter) = chapters.find(|chapter| chapter.slug() == slug) else {
            return Err(no_chapter(&slug));
        };
        let answers::Text { text, version } = answers::text(tool.project.root(), &slug)?;
        let file = autograder::file_of(chapter);
        Ok(Json(
            json!({ "file": file, "text": text, "version": version }),
        ))
    })
    .await
}

/// An answer that the reader has edited.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edited {
    text: String,
    /// The version that was edited.
    version: String,
}

/// Saves a chapter's file, unless it has changed on the disk in the meantime.
pub async fn save(
    State(AppState { tool, queue, .. }): State<AppState>,
    Path(slug): Path<String>,
    Json(edited): Json<Edited>,
) -> ApiResult {
    blocking(move || {
        let mut chapters = tool.manifest().chapters.iter();
        if !chapters.any(|chapter| chapter.slug() == slug) {
            return Err(no_chapter(&slug));
        }
        let Edited { text, version } = edited;
        let saved = answers::save(tool.project.root(), &slug, &version, &text);
        match saved.map_err(anyhow::Error::from)? {
            Saved::Done { version } => {
                queue.files_changed();
                Ok(Json(json!({ "version": version })))
            }
            Saved::Conflict(on_disk) => {
                let why = "The file has changed on the disk in the meantime. Nothing was written.";
                Err(ApiError::new(StatusCode::CONFLICT, why)
                    .with("text", on_disk.text)
                    .with("version", on_disk.version))
            }
        }
    })
    .await
}

fn no_chapter(slug: &str) -> ApiError {
    let why = format!("There is no chapter `{}`.", shortened(slug));
    ApiError::new(StatusCode::NOT_FOUND, why)
}
