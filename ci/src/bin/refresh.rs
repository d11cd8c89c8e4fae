//! Rewrites the outputs and figures of the book that have gone stale: `cargo refresh`.

use std::process::ExitCode;

use anyhow::Result;
use ci::program::Compiler;
use ci::project::{Project, here};
use ci::refresh::refresh;

fn main() -> Result<ExitCode> {
    let compiler = Compiler::new()?;
    let book = here();
    // The fixture's figure is drawn by the same library, so it goes stale with the book's.
    let fixture = Project::at(book.path("ci/fixture"));
    let (mut written, mut failed) = (0, 0);
    for project in [book, fixture] {
        let refreshed = refresh(&project, &compiler)?;
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
        written += refreshed.written.len();
        failed += refreshed.failed.len();
    }
    if written + failed == 0 {
        println!("Every output and figure is what its program makes it.");
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
