//! `bundle`: the workbook with all that it needs, in one file, for a room without a network.
//!
//! What goes in is the last commit and what is made from it: whatever else lies in the checkout of a teacher, such as
//! answers, progress and submissions, stays there. The same commit gives the same bytes.

mod archive;
mod checkout;
pub mod command;
mod crates;
mod output;
mod staging;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use autograder::{Cancelled, Project, files};
use sandbox::Cancel;
use toml::Table;
use workbook::book;
use workbook::git::Git;

use archive::{Content, Contents};
use checkout::Checkout;
use output::Output;
pub use output::{FILE, FOLDER};
use staging::Staging;

/// What cargo has to know to use the crates of the bundle.
const SOURCES: &str = "
# The crates are in this folder, so that no network is needed.
[source.crates-io]
replace-with = \"vendored-sources\"

[source.vendored-sources]
directory = \"vendor\"
";

/// The file that says so.
const CONFIG: &str = ".cargo/config.toml";

/// The folder of the crates.
const CRATES: &str = "vendor";

/// The folder of the book's HTML.
const BOOK: &str = "book";

/// How a PDF begins.
const PDF: &[u8] = b"%PDF-";

/// What goes into a bundle, and where it goes.
pub struct Bundle<'a> {
    /// The teacher's checkout.
    pub project: &'a Project,
    /// A handout to add, in PDF.
    pub handout: Option<&'a Path>,
    /// The file to write, or a folder that exists.
    pub output: &'a Path,
    /// How hard to compress, from 0 to 9.
    pub compression: u32,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The book is built.
    Book,
    /// So many crates of so many are there.
    Crates(usize, usize),
    /// So many files of so many are compressed.
    Files(usize, usize),
}

/// What has been written.
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// The commit.
    pub commit: String,
    /// What is in it.
    pub parts: Vec<Part>,
    /// What is in the checkout, but not in the commit. The answers are not listed.
    pub left_out: Vec<String>,
}

/// A part of what is in a bundle.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub name: &'static str,
    /// How many files it has.
    pub files: usize,
    /// Its size in bytes before it was compressed.
    pub size: u64,
}

impl Bundle<'_> {
    /// Writes the bundle. A file of this name is replaced when the new one is complete.
    ///
    /// # Errors
    ///
    /// If the project is not a clone, something cannot be read or written, the book cannot be built, the crates cannot be
    /// downloaded, or the work was cancelled. Nothing is left behind then.
    pub fn write(&self, cancel: &Cancel, on_step: &mut dyn FnMut(Step)) -> Result<Written> {
        let handout = self.handout.map(handout).transpose()?;
        let git = Git::of(self.project.root());
        let checkout = Checkout::read(&git)?;
        // First, because a teacher would wait a minute to be told that a stick is read-only.
        let output = Output::create(self.output)?;
        let staging = Staging::new(&checkout)?;

        on_step(Step::Book);
        let book = staging.root().join(BOOK);
        book::build_into(&Project::at(staging.root()), &book)?;
        let packages = crates::count(&checkout.text("Cargo.lock")?);
        let progress = &mut |done| on_step(Step::Crates(done, packages));
        crates::collect(&staging.root(), CRATES, cancel, progress)?;

        let commit = checkout.commit.clone();
        let left_out = checkout.left_out.clone();
        let (contents, parts) = contents(checkout, &staging, handout)?;
        let total = contents.len();
        let mut done = 0;
        let (file, size) = output.write(&contents, self.compression, &mut || {
            done += 1;
            on_step(Step::Files(done, total));
            ensure!(!cancel.is_cancelled(), Cancelled);
            Ok(())
        })?;
        Ok(Written {
            file,
            size,
            commit,
            parts,
            left_out,
        })
    }
}

/// What goes into the archive, and its parts.
fn contents(
    checkout: Checkout,
    staging: &Staging,
    handout: Option<Vec<u8>>,
) -> Result<(Contents, Vec<Part>)> {
    let mut contents = Contents::default();
    let config = with_crates(&checkout.text(CONFIG).unwrap_or_default())?;
    for (path, file) in checkout.files {
        if path != Path::new(CONFIG) {
            contents.add(path, file)?;
        }
    }
    let workbook = contents.part("workbook");
    contents.add_folder(&staging.root(), CRATES)?;
    let crates = contents.part("crates");
    contents.add_folder(&staging.root(), BOOK)?;
    let book = contents.part("book");
    contents.add(CONFIG.into(), Content::text(config))?;
    for (name, file) in output::scripts(handout.is_some()) {
        contents.add(name.into(), file)?;
    }
    if let Some(handout) = handout {
        contents.add("handout.pdf".into(), Content::bytes(handout))?;
    }
    let rest = contents.part("instructions and settings");
    Ok((contents, vec![workbook, crates, book, rest]))
}

/// The bytes of a handout.
fn handout(file: &Path) -> Result<Vec<u8>> {
    let bytes = files::bytes(file)
        .with_context(|| format!("The handout {} could not be read.", file.display()))?;
    if !bytes.starts_with(PDF) {
        bail!(
            "{} is not a PDF. The handout has to be one.",
            file.display()
        );
    }
    Ok(bytes)
}

/// The configuration of cargo, which uses the crates of the bundle as well.
fn with_crates(config: &str) -> Result<String> {
    let merged = format!("{}\n{SOURCES}", config.trim_end());
    let own: Table = config
        .parse()
        .with_context(|| format!("{CONFIG} is invalid."))?;
    // A second table of this name would be an error, and one with another name might win.
    if own.contains_key("source") || merged.parse::<Table>().is_err() {
        bail!(
            "{CONFIG} says itself where crates come from. Move its table `source` to the configuration in your home folder, \
             commit that, and try again."
        );
    }
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use toml::Table;

    use super::with_crates;

    #[test]
    fn settings_are_kept_and_the_crates_are_those_of_the_bundle() {
        let config = with_crates("# Aliases\n[alias]\nworkbook = \"run -p workbook --\"\n")
            .expect("it is valid");
        assert!(config.starts_with("# Aliases\n"), "{config}");
        let parsed: Table = config.parse().expect("valid");
        assert_eq!(
            parsed["alias"]["workbook"].as_str(),
            Some("run -p workbook --")
        );
        assert_eq!(
            parsed["source"]["vendored-sources"]["directory"].as_str(),
            Some("vendor")
        );
        assert!(with_crates("").is_ok());
    }

    #[test]
    fn settings_that_say_otherwise_are_refused() {
        for config in [
            "[source.crates-io]\nreplace-with = \"mirror\"\n",
            "source.mirror.registry = \"x\"\n",
        ] {
            let error = with_crates(config).expect_err(config);
            assert!(error.to_string().contains("table `source`"), "{error}");
        }
        assert!(with_crates("[alias").is_err());
    }
}
