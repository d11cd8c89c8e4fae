//! `solution`: the learner's answer beside ours.

use anyhow::{Result, bail};
use autograder::verdict::State;

use super::{Done, show};
use crate::answers::{self, items_of};
use crate::cli::Solution;
use crate::names::Place;
use crate::terminal::waiting::Waiting;
use crate::terminal::{commands, diff, paint};
use crate::tool::{Tool, tell};

/// Shows the solution, once the exercise is solved or on `--show-me`.
///
/// # Errors
///
/// If there is no such exercise, or it cannot be graded.
pub fn run(tool: &Tool, arguments: &Solution) -> Result<Done> {
    let place = tool.exercise(arguments.name.as_deref())?;
    if !arguments.show_me && !is_solved(tool, &place)? {
        let name = place.name();
        let lines = commands(&[
            (&format!("hint {name}"), "ask for a hint"),
            (
                &format!("solution {name} --show-me"),
                "see the solution all the same",
            ),
        ]);
        show(&format!("{name} is not solved yet.\n{lines}"))?;
        return Ok(Done::NotSolved);
    }
    show(&text(tool, &place)?)?;
    tell(tool.learner.solution_shown(&place));
    Ok(Done::Solved)
}

/// An answer and the solution, to be compared.
#[derive(Debug)]
pub struct Compared {
    /// The learner's items, without their comments; `None` if there are none.
    pub own: Option<String>,
    /// The solution's, with the imports and the helpers that the learner lacks.
    pub solution: String,
}

/// What is to be compared of an exercise.
///
/// # Errors
///
/// If the solution cannot be read.
pub fn compared(tool: &Tool, place: &Place<'_>) -> Result<Compared> {
    let file = format!("solutions/src/{}.rs", place.chapter.module());
    let name = place.exercise.name();
    let theirs = tool.project.read(&file)?;
    let Some(solution) = items_of(&theirs, name) else {
        bail!("{file} has no `{name}`.");
    };
    let solution = code(&solution);
    let own_file = tool.project.read(&place.file()).unwrap_or_default();
    let own = items_of(&own_file, name).map(|own| code(&own));
    // Where the file cannot be taken apart, nobody knows what it imports.
    let own_file = if own.is_some() { &*own_file } else { "" };
    if own.as_deref() == Some(&*solution) {
        return Ok(Compared { own, solution });
    }
    let solution = with_helpers(name, solution, &theirs, own_file);
    Ok(Compared {
        own,
        solution: imports(&theirs, &solution, own_file) + &solution,
    })
}

/// The code of an exercise, and below it the items of `file` that it uses and `own` has not, and what these use.
fn with_helpers(exercise: &str, mut code: String, file: &str, own: &str) -> String {
    let owned = answers::names_of(own);
    let mut left: Vec<String> = answers::names_of(file);
    // Exercises are in the learner's file, where it can be taken apart, and none solves another.
    left.retain(|name| name != exercise && !owned.contains(name));
    left.dedup();
    while let Some(next) = left.iter().position(|name| has_word(&code, name)) {
        let helper = items_of(file, &left.remove(next)).unwrap_or_default();
        code += &format!("\n{helper}\n");
    }
    code
}

/// Whether a text has these words, as words.
fn has_word(text: &str, words: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// What would make the learner's answer into the solution.
///
/// # Errors
///
/// If the solution cannot be read.
pub fn text(tool: &Tool, place: &Place<'_>) -> Result<String> {
    let Compared { own, solution } = compared(tool, place)?;
    let Some(own) = own else {
        let title = format!("The solution of {}", place.name());
        return Ok(format!("{}\n\n{solution}", paint::bold(&title)));
    };
    if own.trim() == solution.trim() {
        return Ok("Your answer is the solution, word for word.\n".to_owned());
    }
    let title = format!("{}: from your answer (-) to the solution (+)", place.name());
    Ok(format!(
        "{}\n\n{}",
        paint::bold(&title),
        diff::text(&own, &solution)
    ))
}

/// An item without its comment: the contract is the same, and only the code differs.
fn code(item: &str) -> String {
    let lines = item
        .lines()
        .filter(|line| !line.trim_start().starts_with("///"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The imports of `file` that its `code` needs and `own` has not, each on a line, and an empty line.
fn imports(file: &str, code: &str, own: &str) -> String {
    let mut needed = String::new();
    for import in uses(file) {
        let names = import.split(['{', '}', ',', ';']).filter_map(|path| {
            let name = path.trim().rsplit([':', ' ']).next()?;
            (!name.is_empty() && has_word(code, name)).then_some(name)
        });
        let owned: Vec<_> = uses(own).collect();
        // All of a line is shown: a trait in it is needed for its methods, and used without its name.
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

/// The `use` declarations at the top of a file, each in one line.
fn uses(file: &str) -> impl Iterator<Item = String> {
    let declarations = file.split("\nuse ").skip(1);
    declarations.filter_map(|rest| {
        let (paths, _) = rest.split_once(';')?;
        let words: Vec<_> = paths.split_whitespace().collect();
        Some(format!("use {};", words.join(" ")))
    })
}

fn is_solved(tool: &Tool, place: &Place<'_>) -> Result<bool> {
    // Once solved is enough: who has broken an answer since may look as well.
    if tool.progress().of(&place.name()).solved.is_some() {
        return Ok(true);
    }
    let waiting = Waiting::new("Grading");
    let exercise = Some(place.exercise.name());
    let verdict = tool.grade(place.chapter.slug(), exercise, &mut |step| {
        waiting.step(&step)
    })?;
    drop(waiting);
    tell(tool.note(&verdict, exercise));
    Ok(verdict
        .exercises
        .iter()
        .all(|exercise| exercise.state == State::Solved))
}

#[cfg(test)]
mod tests {
    use super::{code, imports, with_helpers};

    #[test]
    fn helpers_come_along_with_what_they_need_themselves() {
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
    fn only_what_the_code_needs_and_the_learner_lacks_is_imported() {
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
    fn the_contract_is_left_out() {
        assert_eq!(
            code("/// All.\nfn all() {\n    // why\n}"),
            "fn all() {\n    // why\n}\n"
        );
    }
}
