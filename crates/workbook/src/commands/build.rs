//! `build`: the book's HTML.

use anyhow::Result;
use autograder::Project;

use super::{Done, show};
use crate::book;
use crate::terminal::paint;
use crate::terminal::waiting::Waiting;

/// Builds the book and says how to open it.
///
/// # Errors
///
/// If the book cannot be built.
pub fn run(project: &Project) -> Result<Done> {
    let waiting = Waiting::new("Building the book");
    let page = book::build(project)?;
    drop(waiting);
    let page = page.display().to_string();
    show(&format!(
        "The book is ready. Open it in your browser:\n\n  {}\n\n",
        paint::command(&page)
    ))?;
    Ok(Done::Solved)
}
