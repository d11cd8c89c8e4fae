//! Rewrites the outputs and figures of the book that have gone stale: `cargo refresh`.
//!
//! `cargo refresh gather` does so for one chapter, and grades its solutions, stubs and wrong answers: the quick
//! check while you write. `cargo refresh error-messages` does so for the pages of an appendix.

use std::env;
use std::process::ExitCode;

use anyhow::Result;
use ci::program::Compiler;
use ci::project::{Project, here};
use ci::refresh::{Refreshed, refresh, refresh_chapter};

fn main() -> Result<ExitCode> {
    let compiler = Compiler::new()?;
    let book = here();
    if let Some(chapter) = env::args().nth(1) {
        let refreshed = refresh_chapter(&book, &compiler, &chapter)?;
        return Ok(report(&[(&book, refreshed)]));
    }
    // The fixture's figure is drawn by the same library, so it goes stale with the book's.
    let fixture = Project::at(book.path("ci/fixture"));
    let (in_book, in_fixture) = (refresh(&book, &compiler)?, refresh(&fixture, &compiler)?);
    Ok(report(&[(&book, in_book), (&fixture, in_fixture)]))
}

/// Prints what was rewritten and what failed.
fn report(projects: &[(&Project, Refreshed)]) -> ExitCode {
    for (project, refreshed) in projects {
        for file in &refreshed.written {
            let file = project.path(file);
            println!(
                "{} rewritten: look at the difference before you commit it.",
                file.display()
            );
        }
        for finding in &refreshed.failed {
            println!("{finding}");
        }
    }
    if projects
        .iter()
        .all(|(_, r)| r.written.is_empty() && r.failed.is_empty())
    {
        println!("Every output and figure is what its program makes it.");
    }
    match projects.iter().all(|(_, r)| r.failed.is_empty()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
