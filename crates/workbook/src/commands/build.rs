//! `build`: builds the book's HTML.

use anyhow::Result;
use autograder::Project;

use crate::book;
use crate::status::Status;
use crate::terminal::spinner::Spinner;
use crate::terminal::{print, style};

/// Builds the book and prints how to open it.
///
/// # Errors
///
/// If the book cannot be built.
pub fn run(project: &Project) -> Result<Status> {
    let spinner = Spinner::new("Building the book");
    let page = book::build(project)?;
    drop(spinner);
    let page = page.display().to_string();
    print(&format!(
        "The book is ready. Open it in your browser:\n\n  {}\n\n",
        style::command(&page)
    ))?;
    Ok(Status::Solved)
}
