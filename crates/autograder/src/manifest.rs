//! The chapters and exercises, as `exercises/exercises.toml` lists them.

use anyhow::Result;
use serde::Deserialize;
use toml::Spanned;

use crate::files::line_of;

/// All chapters, in the order of the book.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The chapters that have exercises.
    #[serde(rename = "chapter", default)]
    pub chapters: Vec<Chapter>,
    #[serde(skip)]
    text: String,
}

/// One chapter with its exercises.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// The chapter's name everywhere, as in `src/<slug>.md`: `event-loop`.
    pub slug: Spanned<String>,
    /// The title in lists.
    pub title: String,
    /// Its pages, in the order of the book.
    #[serde(rename = "page", default)]
    pub pages: Vec<Page>,
    /// Its exercises, in order.
    #[serde(rename = "exercise", default)]
    pub exercises: Vec<Exercise>,
}

/// One page of a chapter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The name of its file: `event-loop-runtime` is `src/event-loop-runtime.md`.
    pub file: Spanned<String>,
    /// The planned time in minutes: reading it, and predicting and running its programs.
    pub minutes: u32,
}

/// One exercise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// The name of the function or type to implement, and of the grader's module.
    pub name: Spanned<String>,
    /// The title in lists.
    pub title: String,
    /// The planned time in minutes.
    pub minutes: u32,
    /// What it teaches, in a phrase.
    pub teaches: String,
    /// The hints, from a nudge to nearly the whole answer.
    pub hints: Vec<String>,
}

impl Manifest {
    /// Its path, relative to the project's root.
    pub const FILE: &str = "exercises/exercises.toml";

    /// Parses a manifest.
    ///
    /// # Errors
    ///
    /// If the text is not TOML or does not have this form; the message shows the line.
    pub fn parse(text: &str) -> Result<Self> {
        let mut manifest: Self = toml::from_str(text)?;
        manifest.text = text.to_owned();
        Ok(manifest)
    }

    /// The line of a chapter's slug, a page's file or an exercise's name, counted from 1.
    pub fn line_of(&self, name: &Spanned<String>) -> usize {
        line_of(&self.text, name.span().start)
    }
}

impl Chapter {
    /// The slug.
    pub fn slug(&self) -> &str {
        self.slug.get_ref()
    }

    /// The slug as a Rust identifier: `event_loop`.
    pub fn module(&self) -> String {
        self.slug().replace('-', "_")
    }
}

impl Page {
    /// The name of its file, without folder and extension.
    pub fn name(&self) -> &str {
        self.file.get_ref()
    }

    /// Its path, relative to the project's root.
    pub fn path(&self) -> String {
        format!("src/{}.md", self.name())
    }
}

impl Exercise {
    /// The name.
    pub fn name(&self) -> &str {
        self.name.get_ref()
    }
}
