//! Checks prose while you write: `cargo run -p ci --bin prose -- src/gather.md exercises/src/gather.rs`.
//!
//! An argument is a file or how files begin; without one, all that is covered is checked. `--lists FOLDER` takes
//! dictionary, terms and rules from the project in another folder.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use ci::Project;
use ci::proof::prose::{self, harper::Harper};

fn main() -> Result<ExitCode> {
    let folder = env::current_dir()?;
    let project = Project::around(&folder).context("This folder is in no workbook.")?;
    let mut files: Vec<String> = env::args().skip(1).collect();
    let lists_of = match files.first().is_some_and(|first| first == "--lists") {
        true => {
            let folder: Vec<_> = files.drain(..2.min(files.len())).collect();
            Project::at(folder.get(1).map(PathBuf::from).context("Which folder?")?)
        }
        false => project.clone(),
    };
    let harper = Harper::find(&project);
    if harper.is_none() {
        eprintln!(
            "Grammar is not checked: `cargo install --path ci/grammar --root target/tools` fetches the checker."
        );
    }
    let findings = match files.is_empty() {
        true => prose::check(&project, harper.as_ref())?,
        false => {
            let files = files
                .iter()
                .map(|file| project.relative(&folder.join(file)));
            let files: Vec<_> = files.collect();
            prose::check_files(&project, &lists_of, harper.as_ref(), &files)?
        }
    };
    for finding in &findings {
        println!("{finding}");
    }
    println!("{} found.", findings.len());
    match findings.is_empty() {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::FAILURE),
    }
}
