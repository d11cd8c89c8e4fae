//! The learner's own files.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::{Answer, Refusal, Served, apart};
use crate::answers::{self, Saved};

/// A chapter's file as it is on the disk.
pub async fn read(State(Served { tool, .. }): State<Served>, Path(slug): Path<String>) -> Answer {
    apart(move || {
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

/// An answer that the reader has changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    text: String,
    /// The version that it was made from.
    version: String,
}

/// Saves a chapter's file, unless it has changed on the disk meanwhile.
pub async fn save(
    State(Served { tool, desk, .. }): State<Served>,
    Path(slug): Path<String>,
    Json(changed): Json<Changed>,
) -> Answer {
    apart(move || {
        let mut chapters = tool.manifest().chapters.iter();
        if !chapters.any(|chapter| chapter.slug() == slug) {
            return Err(no_chapter(&slug));
        }
        let Changed { text, version } = changed;
        let saved = answers::save(tool.project.root(), &slug, &version, &text);
        match saved.map_err(anyhow::Error::from)? {
            Saved::Done { version } => {
                desk.saved();
                Ok(Json(json!({ "version": version })))
            }
            Saved::Conflict(on_disk) => {
                let why = "The file has been changed on the disk meanwhile. Nothing was written.";
                Err(Refusal::new(StatusCode::CONFLICT, why)
                    .with("text", on_disk.text)
                    .with("version", on_disk.version))
            }
        }
    })
    .await
}

fn no_chapter(slug: &str) -> Refusal {
    let why = format!("There is no chapter `{slug}`.");
    Refusal::new(StatusCode::NOT_FOUND, why)
}
