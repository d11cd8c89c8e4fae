//! Builds the book's HTML into `book/` without an mdBook installed: `cargo book`.

use anyhow::Result;
use ci::project::here;
use ci::proof::links;

fn main() -> Result<()> {
    let project = here();
    let folder = project.path("book");
    links::build(&project, &folder)?;
    println!(
        "The book is ready. Open it in your browser:\n\n  {}",
        folder.join("index.html").display()
    );
    Ok(())
}
