//! The lesson plans: the minutes of the steps add up, a plan fits a lesson and a page, the minutes of exercises are those of
//! the manifest, and each of the two common mistakes quotes its report. (That a quotation is true is proved where the wrong
//! answers are graded, in [`answers`](super::answers); where links lead, in [`links`](super::links).)

use std::collections::BTreeSet;

use anyhow::Result;
use autograder::files::line_of;
use autograder::manifest::{Chapter, Manifest};

use crate::markdown::Page;
use crate::project::Pages;
use crate::prose::{Place, Text, markup::masked};
use crate::report_beginnings::{self, Beginning};
use crate::{Finding, Project, schedules};

/// The folder of the plans.
const FOLDER: &str = "src/teaching";

/// The headings of a plan, in their order.
const HEADINGS: &[&str] = &[
    "## Steps",
    "## Two mistakes",
    "## Exercises",
    "## When time is short",
    "## The last question",
];

/// The shortest and the longest lesson, in minutes.
const LESSON: std::ops::RangeInclusive<u32> = 45..=90;

/// How many words a teacher reads at most.
const WORDS: usize = 700;

/// The plan of a chapter, relative to the project's root.
pub fn file_of(chapter: &Chapter) -> String {
    format!("{FOLDER}/{}.md", chapter.slug())
}

/// Checks the plan of every chapter.
///
/// # Errors
///
/// If a file cannot be read.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let manifest = project.manifest()?;
    let mut findings = Vec::new();
    let mut plans = BTreeSet::from([schedules::FILE.to_owned()]);
    for chapter in &manifest.chapters {
        let file = file_of(chapter);
        if project.path(&file).is_file() {
            let page = Page::parse(&file, project.read(&file)?);
            findings.extend(of_plan(project, &manifest, chapter, &page));
        } else {
            let message = format!(
                "The chapter `{}` has no lesson plan {file}.",
                chapter.slug()
            );
            let line = manifest.line_of(&chapter.slug);
            findings.push(Finding::new(Manifest::FILE, line, message));
        }
        plans.insert(file);
    }
    let pages = project.pages()?.into_iter();
    let strays = pages.filter(|page| page.file.starts_with(FOLDER) && !plans.contains(&page.file));
    findings.extend(
        strays.map(|page| Finding::new(page.file, 1, "This is the lesson plan of no chapter.")),
    );
    Ok(findings)
}

fn of_plan(project: &Project, manifest: &Manifest, chapter: &Chapter, page: &Page) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fault = |line, message| findings.push(Finding::new(&page.file, line, message));
    let headings: Vec<_> = page
        .text
        .lines()
        .filter(|line| line.starts_with("## "))
        .collect();
    if headings != HEADINGS {
        fault(
            1,
            format!("The headings of a plan are {}.", HEADINGS.join(", ")),
        );
    }
    let (line, total) = total(&page.text);
    let sum: u32 = steps(&page.text).sum();
    if !LESSON.contains(&total) {
        let (shortest, longest) = (LESSON.start(), LESSON.end());
        fault(
            line,
            format!("A plan begins with `*60 minutes.`, from {shortest} to {longest}."),
        );
    } else if sum != total {
        fault(line, format!("The steps take {sum} minutes, not {total}."));
    }
    let words = words(page);
    if words > WORDS {
        fault(1, format!("The plan has {words} words, more than {WORDS}."));
    }
    for (line, exercise, planned) in exercises(&page.text) {
        let mut all = manifest.chapters.iter().flat_map(|chapter| {
            let link =
                |name: &str| format!("{}-exercises.md#{}", chapter.slug(), name.to_lowercase());
            chapter
                .exercises
                .iter()
                .map(move |exercise| (link(exercise.name()), exercise))
        });
        match all.find(|(link, _)| link == exercise) {
            Some((_, found)) if found.minutes == planned => {}
            Some((_, found)) => fault(
                line,
                format!(
                    "`{}` takes {} minutes, not {planned}.",
                    found.name(),
                    found.minutes
                ),
            ),
            None => fault(line, format!("There is no exercise `{exercise}`.")),
        }
    }
    let quoted = report_beginnings::of_page(page);
    if quoted.len() != 2 {
        let count = quoted.len();
        fault(
            1,
            format!("A plan quotes the reports of two mistakes; this one quotes {count}."),
        );
    }
    let folder = format!("ci/wrong/{}/", chapter.module());
    for Beginning {
        line, wrong_answer, ..
    } in quoted
    {
        if !wrong_answer.starts_with(&folder) || !project.path(&wrong_answer).is_file() {
            fault(
                line,
                format!("`{wrong_answer}` is no wrong answer in {folder}."),
            );
        }
    }
    findings
}

/// What a plan says about its length, `*60 minutes.`, and on which line; 0 minutes if it does not.
fn total(text: &str) -> (usize, u32) {
    let said = text.lines().zip(1..).find_map(|(line, number)| {
        let (minutes, _) = line.strip_prefix('*')?.split_once(" minutes.")?;
        Some((number, minutes.parse().ok()?))
    });
    said.unwrap_or((1, 0))
}

/// The minutes of the steps: `2. **10 minutes: Predict.** ...`.
fn steps(text: &str) -> impl Iterator<Item = u32> {
    text.lines().filter_map(|line| {
        let (number, step) = line.split_once(". **")?;
        let (minutes, _) = step.split_once(" minutes: ")?;
        number.parse::<u32>().ok()?;
        minutes.parse().ok()
    })
}

/// The exercises whose minutes a plan states, `[settle](../gather-exercises.md#settle), 15 minutes`: the line, the link and
/// the minutes.
fn exercises(text: &str) -> Vec<(usize, &str, u32)> {
    let links = text.match_indices("](../").filter_map(|(place, opening)| {
        let (link, after) = text[place + opening.len()..].split_once(')')?;
        let mut words = after.strip_prefix(',')?.split_whitespace();
        let minutes = words.next()?.parse().ok()?;
        words.next()?.strip_prefix("minutes")?;
        Some((line_of(text, place), link, minutes))
    });
    links.collect()
}

fn words(page: &Page) -> usize {
    let prose = Text::new(&page.file, Place::Prose, 1, masked(&page.text));
    let is_word = |word: &&str| word.contains(char::is_alphanumeric);
    prose.words().split_whitespace().filter(is_word).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_total_and_the_minutes_of_the_steps() {
        let plan = "# Plan\n\n*60 minutes. Words.*\n\n1. **10 minutes: Predict.** Show.\n2. **5 minutes: Ask.** Ask.\n";
        assert_eq!(total(plan), (3, 60));
        assert_eq!(steps(plan).collect::<Vec<_>>(), [10, 5]);
    }

    #[test]
    fn reads_the_minutes_of_exercises() {
        let plan = "In class\n[`a`](../b-exercises.md#a), 15\nminutes, and [`c`](../b-exercises.md#c),\n20 minutes. [d](../d.md), too.";
        let found = exercises(plan);
        assert_eq!(
            found,
            [(2, "b-exercises.md#a", 15), (3, "b-exercises.md#c", 20)]
        );
    }
}
