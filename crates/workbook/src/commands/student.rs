//! The name and the id of the student, which are asked for once.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use autograder::files;
use submission::Student;
use submission::room::MAX_NAME;

use crate::cli::StudentName;
use crate::storage;

/// The student: from the arguments, from the last time, or from the terminal.
///
/// # Errors
///
/// If there is no usable name, or it cannot be saved.
pub fn of(root: &Path, given: &StudentName) -> Result<Student> {
    let known = known(root);
    let or_known =
        |given: &Option<String>, known: Option<&String>| given.clone().or(known.cloned());
    let name = or_known(&given.name, known.as_ref().map(|student| &student.name));
    let id = or_known(&given.id, known.as_ref().map(|student| &student.id));
    let is_asked = io::stdin().is_terminal() && io::stderr().is_terminal();
    let (name, id) = match (name, id) {
        (Some(name), id) if id.is_some() || !is_asked => (name, id.unwrap_or_default()),
        (name, id) if is_asked => (
            name.map_or_else(|| ask("Your name: "), Ok)?,
            id.map_or_else(|| ask("Your id at your school, such as a number or an account (empty if you have none): "), Ok)?,
        ),
        _ => bail!("Your name is not known. Say it with `--name`, and your id, if your school gave you one, with `--id`."),
    };
    let student = Student {
        id: valid("id", id)?,
        name: valid("name", name)?,
    };
    if student.name.is_empty() {
        bail!("Without a name, your teacher does not know whose answers these are.");
    }
    if known.as_ref() != Some(&student) {
        let text =
            serde_json::to_string_pretty(&student).context("two strings can be written as JSON")?;
        files::write_atomically(&file(root), text + "\n")?;
    }
    Ok(student)
}

/// `Ada Lovelace (s1815)`.
pub fn described(student: &Student) -> String {
    if student.id.is_empty() {
        return student.name.clone();
    }
    format!("{} ({})", student.name, student.id)
}

fn file(root: &Path) -> PathBuf {
    storage::folder(root).join("student.json")
}

/// The student of the last time. A file that cannot be used counts as missing: the student is asked again.
fn known(root: &Path) -> Option<Student> {
    serde_json::from_str(&files::read(&file(root)).ok()?).ok()
}

fn ask(question: &str) -> Result<String> {
    eprint!("{question}");
    io::stderr().flush()?;
    let mut line = String::new();
    io::stdin()
        .read_line(&mut line)
        .context("Standard input could not be read.")?;
    Ok(line)
}

fn valid(what: &str, text: String) -> Result<String> {
    let text = text.trim().to_owned();
    if text.chars().count() > MAX_NAME || text.chars().any(char::is_control) {
        bail!(
            "This is not a usable {what}: at most {MAX_NAME} characters, and no control characters."
        );
    }
    Ok(text)
}
