//! `handout`: prints chapters of the book on paper.

use anyhow::{Result, bail, ensure};

use crate::cli::Handout as Arguments;
use crate::handout::{self, Handout, VARIABLE, Written};
use crate::names;
use crate::status::Status;
use crate::terminal::spinner::Spinner;
use crate::terminal::{count, paragraph, print, style, warn};
use crate::tool::Tool;

/// Writes the handout, or says how to print it where there is no browser.
///
/// # Errors
///
/// If a chapter is not known, the book cannot be printed, or the file cannot be written.
pub fn run(tool: &Tool, arguments: &Arguments) -> Result<Status> {
    let file = &arguments.output;
    ensure!(
        !file.is_dir(),
        "{} is a folder. Name the file to write, such as {}.",
        file.display(),
        file.join("handout.pdf").display()
    );
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        bail!("There is no folder {}.", folder.display());
    }
    let handout = Handout {
        chapters: names::chapters(tool.manifest(), &arguments.chapters, "A handout")?,
        answers: arguments.answers,
        paper: arguments.paper,
    };
    let spinner = Spinner::new("Printing the handout");
    let written = handout::write(tool, &handout, file)?;
    drop(spinner);
    match written {
        Written::Pdf { pages, notice } => {
            let size = pages.map_or_else(String::new, |pages| {
                format!(", with {}", count(pages, "page"))
            });
            let text = format!("The handout is in {}{size}.", file.display());
            print(&format!("{}\n", style::success(&text)))?;
            warn(notice);
            Ok(Status::Solved)
        }
        Written::Html(page) => {
            print(&paragraph(&format!(
                "There is no browser here that could write a PDF, so the handout is in {}. Open it in Chrome, Chromium or Edge, \
                 also on another machine, and print it from there, without the browser's own headers and footers. \
                 Or install one of them, or set {VARIABLE} to it, and run this command again: the PDF also has page \
                 numbers in its contents and links.\n",
                page.display()
            )))?;
            Ok(Status::MissingRequirement)
        }
    }
}
