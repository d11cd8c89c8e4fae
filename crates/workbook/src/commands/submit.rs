//! `submit`: writes the answers to one file for a teacher.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use autograder::files;
use autograder::hash::hash;
use autograder::manifest::Chapter;
use autograder::originals::Originals;
use autograder::verdict::State;
use submission::{ANSWERS, About, FORMAT, Files, MAX_FILE, Student, Worked, write};

use crate::cli::Submit;
use crate::commands::student;
use crate::names;
use crate::progress::Record;
use crate::status::Status;
use crate::terminal::spinner::Spinner;
use crate::terminal::{count, paragraph, print, style, warn};
use crate::tool::Tool;

/// Grades the answers, and writes them to one file with what is known about them.
///
/// # Errors
///
/// If a chapter is not known, the student's name is missing, an answer cannot be read, or the file cannot be written.
pub fn run(tool: &Tool, arguments: &Submit) -> Result<Status> {
    let chapters = names::chapters(tool.manifest(), &arguments.chapter, "A submission")?;
    let student = student::of(tool.project.root(), &arguments.student)?;
    let files = answers(tool, &chapters)?;
    let progress = tool.progress();
    let spinner = Spinner::new("Grading");
    let mut about = About {
        format: FORMAT,
        edition: env!("CARGO_PKG_VERSION").to_owned(),
        graders: hash(&[tool.project.read(Originals::FILE)?]),
        libraries: hash(&[tool.project.read("Cargo.lock")?]),
        chapters: chapters
            .iter()
            .map(|chapter| chapter.slug().to_owned())
            .collect(),
        exercises: Default::default(),
        student,
    };
    for chapter in &chapters {
        let verdict = tool.grade(chapter.slug(), None, &mut |step| spinner.step(&step))?;
        for exercise in &verdict.exercises {
            let name = format!("{}/{}", chapter.slug(), exercise.exercise);
            let worked = worked(exercise.state, &progress.of(&name));
            about.exercises.insert(name, worked);
        }
        warn(tool.record(&verdict, None));
    }
    drop(spinner);
    let file = arguments
        .output
        .clone()
        .unwrap_or_else(|| file_of(&about.student));
    write(&file, &about, &files)?;
    let solved = about
        .exercises
        .values()
        .filter(|worked| worked.state == State::Solved)
        .count();
    let text = format!(
        "{}\n\n{}\n",
        style::success(&format!("Your answers are in {}.", file.display())),
        paragraph(&format!(
            "It contains {} of {}, {solved} of {} solved, for {}. Hand this file in. What your teacher grades are the \
             answers in it.",
            count(files.len(), "file"),
            count(chapters.len(), "chapter"),
            count(about.exercises.len(), "exercise"),
            student::described(&about.student),
        )),
    );
    print(&text)?;
    tool.tell_class();
    Ok(Status::Solved)
}

/// The files of these chapters, and all that belong to no chapter, which any answer may use.
fn answers(tool: &Tool, chapters: &[&Chapter]) -> Result<Files> {
    let mut found = Files::new();
    let others: Vec<_> = tool
        .manifest()
        .chapters
        .iter()
        .map(Chapter::module)
        .collect();
    let others = others
        .iter()
        .filter(|module| chapters.iter().all(|chapter| chapter.module() != **module));
    let others: Vec<_> = others.collect();
    let prefix = format!("{ANSWERS}/");
    for file in tool.project.files(ANSWERS, "rs")? {
        let name = file.strip_prefix(&prefix).unwrap_or(&file);
        let module = name.split(['/', '.']).next().unwrap_or(name);
        if others.iter().any(|other| *other == module) {
            continue;
        }
        let bytes = files::bytes(&tool.project.path(&file))
            .with_context(|| format!("{file} could not be read."))?;
        if bytes.len() as u64 > MAX_FILE {
            bail!(
                "{file} has {} bytes. Answers larger than 1 MiB are not graded.",
                bytes.len()
            );
        }
        found.insert(name.to_owned(), bytes);
    }
    for chapter in chapters {
        let name = format!("{}.rs", chapter.module());
        if !found.contains_key(&name) {
            bail!(
                "{ANSWERS}/{name} does not exist. To restore it, run `cargo workbook reset {}`.",
                chapter.slug()
            );
        }
    }
    Ok(found)
}

fn worked(state: State, record: &Record) -> Worked {
    Worked {
        state,
        hints: record.hints,
        solution_shown: record.solution.is_some(),
        minutes: record.seconds.div_ceil(60),
    }
}

/// `ada-lovelace.workbook.zip`, in the current folder.
fn file_of(student: &Student) -> PathBuf {
    let name = if student.id.is_empty() {
        &student.name
    } else {
        &student.id
    };
    let plain = name
        .to_lowercase()
        .replace(|c: char| !c.is_alphanumeric(), "-");
    Path::new(&format!("{}.workbook.zip", plain.trim_matches('-'))).to_owned()
}
