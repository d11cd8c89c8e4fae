//! `solution`: compares the learner's answer with the solution.

use anyhow::{Result, bail};
use autograder::verdict::State;

use crate::answers::{self, items_of};
use crate::cli::Solution;
use crate::names::ExerciseRef;
use crate::status::Status;
use crate::terminal::spinner::Spinner;
use crate::terminal::{command_list, diff, print, style, warn};
use crate::tool::Tool;

/// Shows the solution, if the exercise is solved or with `--show-me`.
///
/// # Errors
///
/// If there is no such exercise, or it cannot be graded.
pub fn run(tool: &Tool, arguments: &Solution) -> Result<Status> {
    let exercise = tool.exercise(arguments.name.as_deref())?;
    if !arguments.show_me && !is_solved(tool, &exercise)? {
        let name = exercise.name();
        let lines = command_list(&[
            (&format!("hint {name}"), "show a hint"),
            (
                &format!("solution {name} --show-me"),
                "show the solution anyway",
            ),
        ]);
        print(&format!("{name} is not solved yet.\n{lines}"))?;
        return Ok(Status::NotSolved);
    }
    print(&text(tool, &exercise)?)?;
    warn(tool.learner.solution_shown(&exercise));
    Ok(Status::Solved)
}

/// An answer and the solution.
#[derive(Debug)]
pub struct Comparison {
    /// The learner's items, without their doc comments; `None` if there are none.
    pub answer: Option<String>,
    /// The solution's items, with the imports and the helpers that the learner's file lacks.
    pub solution: String,
}

/// The learner's answer to an exercise, and the solution.
///
/// # Errors
///
/// If the solution cannot be read.
pub fn compare(tool: &Tool, exercise: &ExerciseRef<'_>) -> Result<Comparison> {
    let file = format!("solutions/src/{}.rs", exercise.chapter.module());
    let name = exercise.exercise.name();
    let theirs = tool.project.read(&file)?;
    let Some(solution) = items_of(&theirs, name) else {
        bail!("{file} does not contain `{name}`.");
    };
    let solution = code(&solution);
    let own_file = tool.project.read(&exercise.file()).unwrap_or_default();
    let answer = items_of(&own_file, name).map(|items| code(&items));
    // If the file cannot be parsed, its imports are not known.
    let own_file = if answer.is_some() { &*own_file } else { "" };
    if answer.as_deref() == Some(&*solution) {
        return Ok(Comparison { answer, solution });
    }
    let solution = with_helpers(name, solution, &theirs, own_file);
    Ok(Comparison {
        answer,
        solution: imports(&theirs, &solution, own_file) + &solution,
    })
}

/// The code of an exercise, followed by the items of `file` that it needs, directly or indirectly, and that `own`
/// does not contain.
fn with_helpers(exercise: &str, mut code: String, file: &str, own: &str) -> String {
    let owned = answers::names_of(own);
    let mut left: Vec<String> = answers::names_of(file);
    // A solution of another exercise is never added: if the learner's file can be parsed, it contains all exercises.
    left.retain(|name| name != exercise && !owned.contains(name));
    left.dedup();
    while let Some(next) = left.iter().position(|name| has_word(&code, name)) {
        let helper = items_of(file, &left.remove(next)).unwrap_or_default();
        code += &format!("\n{helper}\n");
    }
    code
}

/// Whether a text contains these words as whole words.
fn has_word(text: &str, words: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The differences between the learner's answer and the solution.
///
/// # Errors
///
/// If the solution cannot be read.
pub fn text(tool: &Tool, exercise: &ExerciseRef<'_>) -> Result<String> {
    let Comparison { answer, solution } = compare(tool, exercise)?;
    let Some(answer) = answer else {
        let title = format!("The solution of {}", exercise.name());
        return Ok(format!("{}\n\n{solution}", style::bold(&title)));
    };
    if answer.trim() == solution.trim() {
        return Ok("Your answer is identical to the solution.\n".to_owned());
    }
    let title = format!("{}: your answer (-) and the solution (+)", exercise.name());
    Ok(format!(
        "{}\n\n{}",
        style::bold(&title),
        diff::text(&answer, &solution)
    ))
}

/// An item without its doc comment, which is the same in the answer and the solution.
fn code(item: &str) -> String {
    let lines = item
        .lines()
        .filter(|line| !line.trim_start().starts_with("///"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The imports of `file` that `code` needs and `own` lacks, each on a line, followed by an empty line.
fn imports(file: &str, code: &str, own: &str) -> String {
    let mut needed = String::new();
    for import in uses(file) {
        let names = import.split(['{', '}', ',', ';']).filter_map(|path| {
            let name = path.trim().rsplit([':', ' ']).next()?;
            (!name.is_empty() && has_word(code, name)).then_some(name)
        });
        let owned: Vec<_> = uses(own).collect();
        // The whole line is added: it may import a trait for its methods, whose name does not appear in the code.
        if names
            .into_iter()
            .any(|name| !owned.iter().any(|own| has_word(own, name)))
        {
            needed += &format!("{import}\n");
        }
    }
    if !needed.is_empty() {
        needed.push('\n');
    }
    needed
}

/// The `use` declarations of a file, each on one line.
fn uses(file: &str) -> impl Iterator<Item = String> {
    let declarations = file.split("\nuse ").skip(1);
    declarations.filter_map(|rest| {
        let (paths, _) = rest.split_once(';')?;
        let words: Vec<_> = paths.split_whitespace().collect();
        Some(format!("use {};", words.join(" ")))
    })
}

fn is_solved(tool: &Tool, exercise: &ExerciseRef<'_>) -> Result<bool> {
    // An exercise that was solved once counts, even if the answer has been broken since.
    if tool.progress().of(&exercise.name()).solved.is_some() {
        return Ok(true);
    }
    let spinner = Spinner::new("Grading");
    let name = Some(exercise.exercise.name());
    let verdict = tool.grade(exercise.chapter.slug(), name, &mut |step| {
        spinner.step(&step)
    })?;
    drop(spinner);
    warn(tool.record(&verdict, name));
    Ok(verdict
        .exercises
        .iter()
        .all(|exercise| exercise.state == State::Solved))
}

#[cfg(test)]
mod tests {
    use super::{code, imports, with_helpers};

    #[test]
    fn adds_helpers_and_what_they_need() {
        let file =
            "fn a() { b(); }\n\n/// Helps.\nfn b() { c(); }\n\nfn c() {}\n\nfn other() { b() }\n";
        let whole = "fn a() { b(); }\n\n/// Helps.\nfn b() { c(); }\n\nfn c() {}\n";
        let code = || "fn a() { b(); }\n".to_owned();
        assert_eq!(with_helpers("a", code(), file, "fn a() {}"), whole);
        assert_eq!(with_helpers("a", code(), file, "fn b() {}"), code());
    }

    const FILE: &str = "//! Solved.\n\nuse futures::future::join_all;\nuse futures::stream::{FuturesUnordered, \
                        StreamExt};\nuse std::time::Duration as Time;\n\n/// All.\nfn all() {}\n";

    #[test]
    fn imports_only_what_the_learners_file_lacks() {
        assert_eq!(
            imports(FILE, "join_all(x)", ""),
            "use futures::future::join_all;\n\n"
        );
        assert_eq!(imports(FILE, "rejoin_all(x)", ""), "");
        let own = "\nuse futures::{future::join_all, stream};\n";
        assert_eq!(imports(FILE, "join_all(x)", own), "");
        let stream = "use futures::stream::{FuturesUnordered, StreamExt};\n\n";
        assert_eq!(imports(FILE, "FuturesUnordered::new().next()", own), stream);
        assert_eq!(
            imports(FILE, "Time::ZERO", ""),
            "use std::time::Duration as Time;\n\n"
        );
    }

    #[test]
    fn leaves_out_the_contract() {
        assert_eq!(
            code("/// All.\nfn all() {\n    // why\n}"),
            "fn all() {\n    // why\n}\n"
        );
    }
}
