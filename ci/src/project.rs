//! The repository that is proved, and its pages.

use std::path::Path;

use anyhow::Result;
pub use autograder::Project;

use crate::markdown::Page;

/// The repository that this crate is part of.
pub fn here() -> Project {
    let ci = Path::new(env!("CARGO_MANIFEST_DIR"));
    Project::at(
        ci.parent()
            .expect("this crate is a folder of the repository"),
    )
}

/// The pages of a project.
pub trait Pages {
    /// Every page of the book, `SUMMARY.md` left out.
    ///
    /// # Errors
    ///
    /// If a page cannot be read.
    fn pages(&self) -> Result<Vec<Page>>;

    /// The README, where there is one.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    fn readme(&self) -> Result<Option<Page>>;
}

impl Pages for Project {
    fn pages(&self) -> Result<Vec<Page>> {
        let files = self.files("src", "md")?;
        files
            .into_iter()
            .filter(|file| file != "src/SUMMARY.md")
            .map(|file| Ok(Page::parse(file.clone(), self.read(&file)?)))
            .collect()
    }

    fn readme(&self) -> Result<Option<Page>> {
        let file = "README.md";
        let exists = self.path(file).is_file();
        exists
            .then(|| Ok(Page::parse(file, self.read(file)?)))
            .transpose()
    }
}
