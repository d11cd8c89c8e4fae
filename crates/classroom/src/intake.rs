//! Finds submissions: in files that `cargo workbook submit` has written, in folders, in zip files, in what Moodle calls
//! "download all submissions", and in folders of git clones.
//!
//! Only the answers are taken out of a submission: Rust files in its `exercises/src`, or, where there is no such folder, the
//! files that are named like chapters. Everything else in it is ignored.

mod answers;
mod limits;
mod moodle;
mod tree;

use std::path::Path;

use anyhow::{Error, Result};

use crate::submission::{Student, Submission};
pub use limits::{MAX_FILE, MAX_FILES, MAX_TOTAL};
use tree::Place;

/// What one student handed in. It has not been read yet.
pub struct Entry {
    /// Where it is: the name of its folder or file, below the path that was given.
    pub origin: String,
    place: Where,
}

/// Where the answers are. A folder of thousands of archives is not opened all at once.
enum Where {
    Here(Place),
    /// In the folder or archive of this name.
    In(Place, String),
}

/// The result of reading one entry.
#[derive(Debug)]
pub struct Intake {
    /// The student, as far as it is known.
    pub student: Student,
    /// The answers; `None` if there are none to grade.
    pub submission: Option<Submission>,
    /// What is wrong with it, in sentences.
    pub problems: Vec<String>,
}

/// The entries of a path: itself, if it is a submission, or otherwise each folder and zip file in it.
///
/// # Errors
///
/// If it does not exist, or cannot be read.
pub fn entries(path: &Path, chapters: &[String]) -> Result<Vec<Entry>> {
    let place = Place::at(path)?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let name = name.trim_end_matches(".zip").to_owned();
    let whole = |place| Entry {
        origin: name.clone(),
        place: Where::Here(place),
    };
    // A zip file of a folder has that folder on top.
    let mut top = place;
    loop {
        let children = top.children()?;
        let is_submission = children
            .files
            .iter()
            .any(|file| answers::is_answer_or_about(file, chapters))
            || children.folders.iter().any(|folder| folder == "exercises");
        if is_submission {
            return Ok(vec![whole(top)]);
        }
        match (&children.folders[..], &children.archives[..]) {
            ([], []) => return Ok(vec![whole(top)]),
            ([only], []) if top.is_archive() && moodle::student(only).is_none() => {
                top = top.child(only)?;
            }
            _ => {
                let names = children.folders.into_iter().chain(children.archives);
                let mut names: Vec<_> = names.collect();
                names.sort();
                let entry = |name: String| Entry {
                    origin: name.clone(),
                    place: Where::In(top.clone(), name),
                };
                return Ok(names.into_iter().map(entry).collect());
            }
        }
    }
}

/// A path as one submission, however many folders are in it.
///
/// # Errors
///
/// If it does not exist, or cannot be read.
pub fn whole(path: &Path) -> Result<Entry> {
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    Ok(Entry {
        origin: name.trim_end_matches(".zip").to_owned(),
        place: Where::Here(Place::at(path)?),
    })
}

impl Entry {
    /// Reads it. What is wrong with it is said in the result.
    pub fn read(&self, chapters: &[String]) -> Intake {
        let mut problems = Vec::new();
        let place = match &self.place {
            Where::Here(place) => Ok(place.clone()),
            Where::In(place, name) => place.child(name),
        };
        let mut tree = match place {
            Ok(place) => place.files(&mut problems),
            Err(error) => {
                problems.push(sentences(&error));
                Vec::new()
            }
        };
        if !answers::are_in(&tree, chapters) {
            // A student may hand in a zip file where a folder is made for each.
            let mut archives = tree.iter().filter(|file| file.is_archive());
            match (archives.next(), archives.count()) {
                (Some(archive), 0) => match archive.open() {
                    Ok(inner) => tree = inner.files(&mut problems),
                    Err(error) => problems.push(sentences(&error)),
                },
                (Some(_), _) => problems.push(
                    "It has several zip files, and it is not known which one counts.".to_owned(),
                ),
                (None, _) => {}
            }
        }
        let found = answers::find(tree, chapters, &mut problems);
        let said = found.about.as_ref().map(|about| about.student.clone());
        let student = said
            .filter(|student| !student.id.is_empty() || !student.name.is_empty())
            .or_else(|| moodle::student(&self.origin))
            .unwrap_or_else(|| Student {
                id: self.origin.trim_end_matches(".zip").to_owned(),
                name: String::new(),
            });
        let submission = (!found.files.is_empty()).then(|| Submission {
            student: student.clone(),
            files: found.files,
            about: found.about,
        });
        if submission.is_none() && problems.is_empty() {
            problems.push("It has no answers: no folder `exercises/src`, and no file that is named like a chapter.".to_owned());
        }
        Intake {
            student,
            submission,
            problems,
        }
    }
}

/// An error and its causes, each of which is a sentence.
fn sentences(error: &Error) -> String {
    let causes = error.chain().map(ToString::to_string);
    causes.collect::<Vec<_>>().join(" ")
}
