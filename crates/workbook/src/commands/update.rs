//! `update`: updates the workbook, and keeps the learner's answers.

use std::fmt::Write;

use anyhow::Result;
use autograder::Project;

use crate::status::Status;
use crate::terminal::spinner::Spinner;
use crate::terminal::{command_list, paragraph, print, style};
use crate::update::{self, Updated};

/// Updates the workbook, and says which exercises have changed.
///
/// # Errors
///
/// If something is in the way; nothing is changed then.
pub fn run(project: &Project) -> Result<Status> {
    let spinner = Spinner::new("Updating");
    let updated = update::update(project.root());
    drop(spinner);
    let text = match updated? {
        None => "There is nothing new. The workbook is up to date.\n".to_owned(),
        Some(updated) => text(project, &updated),
    };
    print(&text)?;
    Ok(Status::Solved)
}

fn text(project: &Project, updated: &Updated) -> String {
    let mut text = style::success(&format!("Updated to {}.", updated.upstream)) + "\n\n";
    let names = updated.exercises.iter().map(|exercise| exercise.name.len());
    let width = names.max().unwrap_or(0);
    if updated.exercises.is_empty() {
        text += "No exercise has changed.\n";
    } else {
        text += "These exercises have changed:\n";
    }
    for exercise in &updated.exercises {
        let what = exercise.what.join(", ");
        let _ = writeln!(text, "  {:width$}  {what}", exercise.name);
    }
    text.push('\n');
    for (item, file) in &updated.kept {
        let stub = file.replace("/src/", "/stubs/");
        let kept = format!(
            "Your `{item}` in {file} was kept as it is, although its stub has changed in the same lines. Compare it with \
             {stub}."
        );
        text += &(paragraph(&style::warning(&kept)) + "\n\n");
    }
    if !updated.backups.is_empty() {
        let backups: Vec<_> = updated
            .backups
            .iter()
            .map(|backup| project.relative(backup))
            .collect();
        let saved = format!(
            "Your answers were merged with the new stubs. They are also saved as they were, in {}.",
            backups.join(", ")
        );
        text += &(paragraph(&saved) + "\n\n");
    }
    text += "If the workbook is running, stop it. Then:\n";
    text + &command_list(&[("", "compile and start the new version")])
}
