//! Each page of a chapter has its minutes in the manifest, and what the pages say about the time of a chapter follows from
//! these: `Core path, 65 minutes to read and 40 for the exercises`.

use std::collections::BTreeSet;

use anyhow::Result;
use autograder::manifest::{Chapter, Manifest};

use crate::minutes::{self, ChapterMinutes, stated};
use crate::project::Pages;
use crate::proof::exercises::{belongs_to, says};
use crate::proof::originals;
use crate::{Finding, Project, schedules};

/// The pages that say how long the whole book takes.
const HOW_TO: &str = "src/how-to.md";
const PREFACE: &str = "src/preface.md";

/// The longest page: a longer one should be two.
const LONGEST: u32 = 30;

/// Compares the manifest with the pages, and what the pages say with the manifest.
///
/// # Errors
///
/// If a file cannot be read.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let manifest = project.manifest()?;
    let files: Vec<_> = project.pages()?.into_iter().map(|page| page.file).collect();
    let mut findings = Vec::new();
    let mut chapters = Vec::new();
    for chapter in &manifest.chapters {
        let of_pages = of_pages(&manifest, chapter, &files);
        if of_pages.is_empty() {
            let minutes = ChapterMinutes::of(project, chapter)?;
            findings.extend(first_page(project, chapter, minutes)?);
            chapters.push((chapter, minutes));
        }
        findings.extend(of_pages);
    }
    if chapters.len() == manifest.chapters.len() {
        findings.extend(whole_book(project, &chapters)?);
        for (file, text) in expected(project)? {
            findings.extend(originals::stale(project, file, &text));
        }
        if let Some((_, faults)) = schedules::expected(project)? {
            findings.extend(faults);
        }
    }
    Ok(findings)
}

/// Pages without minutes, minutes without a page, and minutes that no page takes.
fn of_pages(manifest: &Manifest, chapter: &Chapter, files: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut listed = BTreeSet::new();
    for page in &chapter.pages {
        let (path, name) = (page.path(), page.name());
        let message = if !listed.insert(path.clone()) {
            format!("`{name}` is listed a second time.")
        } else if !belongs_to(&path, chapter.slug()) || !files.contains(&path) {
            format!("`{path}` is no page of the chapter `{}`.", chapter.slug())
        } else if !(1..=LONGEST).contains(&page.minutes) {
            format!("`{name}` is planned for {} minutes.", page.minutes)
        } else {
            continue;
        };
        let line = manifest.line_of(&page.file);
        findings.push(Finding::new(Manifest::FILE, line, message));
    }
    let pages = files.iter().filter(|file| belongs_to(file, chapter.slug()));
    for file in pages.filter(|file| !listed.contains(*file)) {
        let message = format!("{file} has no minutes: the chapter does not list it as a `page`.");
        let line = manifest.line_of(&chapter.slug);
        findings.push(Finding::new(Manifest::FILE, line, message));
    }
    findings
}

/// The first page of a chapter says how long the core path and its exercises take.
fn first_page(
    project: &Project,
    chapter: &Chapter,
    minutes: ChapterMinutes,
) -> Result<Vec<Finding>> {
    let reading = format!("Core path, {} minutes to read", stated(minutes.core_path));
    let exercises = format!("{} for", stated(minutes.exercises));
    let file = format!("src/{}.md", chapter.slug());
    missing(project, &file, "Core", &[reading, exercises])
}

/// The preface and the page on how to use the book say how long the shortest and the longest chapter take, and the preface
/// how long all of them do.
fn whole_book(project: &Project, chapters: &[(&Chapter, ChapterMinutes)]) -> Result<Vec<Finding>> {
    let reading = || {
        chapters
            .iter()
            .map(|(_, minutes)| stated(minutes.core_path))
    };
    let (Some(shortest), Some(longest)) = (reading().min(), reading().max()) else {
        return Ok(Vec::new());
    };
    let range = format!("between {shortest} and {longest} minutes");
    let hours = |of: fn(&ChapterMinutes) -> u32| {
        let sum: u32 = chapters.iter().map(|(_, minutes)| of(minutes)).sum();
        (sum + 30) / 60
    };
    let total = format!(
        "all {} chapters take about {} hours to read and {} for the exercises",
        chapters.len(),
        hours(|minutes| minutes.core_path),
        hours(|minutes| minutes.exercises)
    );
    let mut findings = Vec::new();
    for (file, sentences) in [(HOW_TO, vec![range.clone()]), (PREFACE, vec![range, total])] {
        if project.path(file).is_file() {
            findings.extend(missing(project, file, "between ", &sentences)?);
        }
    }
    Ok(findings)
}

/// The sentences that a page does not say, at the line that has the beginning of the one to correct.
fn missing(
    project: &Project,
    file: &str,
    beginning: &str,
    sentences: &[String],
) -> Result<Vec<Finding>> {
    let text = project.read(file)?;
    let words: Vec<_> = text.split_whitespace().collect();
    let words = words.join(" ");
    let line = text.lines().position(|line| line.contains(beginning));
    let missing = sentences.iter().filter(|sentence| !says(&words, sentence));
    let finding = |sentence| {
        let message = format!(
            "This page does not say \"{sentence}\", which is what the minutes in {} add up to.",
            Manifest::FILE
        );
        Finding::new(file, line.unwrap_or(0) + 1, message)
    };
    Ok(missing.map(finding).collect())
}

/// What follows from the minutes: the files, and what should be in them.
///
/// # Errors
///
/// If a file cannot be read.
pub fn expected(project: &Project) -> Result<Vec<(&'static str, String)>> {
    let mut files = vec![(minutes::FILE, minutes::json(&project.manifest()?)?)];
    if let Some((page, _)) = schedules::expected(project)? {
        files.push((schedules::FILE, page));
    }
    Ok(files)
}
