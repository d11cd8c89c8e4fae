//! Which files are read, and for what.

use anyhow::Result;
use serde::Deserialize;
use toml::Spanned;

use super::page;
use super::source::{self, Source};
use super::text::{Place, Text};
use crate::Project;
use crate::markdown::Page;
use crate::project::Pages;
use autograder::files::line_of;
use autograder::manifest::Manifest;

/// The crates whose messages a reader sees, and this one.
const CRATES: &[&str] = &[
    "ci/src",
    "crates/autograder/src",
    "crates/classroom/src",
    "crates/grading/src",
    "crates/sandbox/src",
    "crates/submission/src",
    "crates/plot/src",
    "crates/timeline/src",
    "crates/workbook/src",
];

/// Every text of the project.
///
/// # Errors
///
/// If a file cannot be read.
pub fn collect(project: &Project) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    for page in project.pages()? {
        texts.extend(page::texts(&page));
    }
    let mut files = project.files("projects", "md")?;
    let others = [
        "src/SUMMARY.md",
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ];
    files.extend(others.map(str::to_owned));
    for file in files {
        if project.path(&file).is_file() {
            let text = project.read(&file)?;
            texts.extend(page::texts(&Page::parse(file, text)));
        }
    }
    texts.extend(exercises(&project.read(Manifest::FILE)?)?);
    for folder in ["exercises/src", "solutions/src", "ci/wrong", "projects"] {
        for file in project.files(folder, "rs")? {
            texts.extend(answers(source::read(&file, 1, &project.read(&file)?)));
        }
    }
    for folder in CRATES.iter().chain(&["exercises/tests"]) {
        for file in project.files(folder, "rs")? {
            texts.extend(tool(source::read(&file, 1, &project.read(&file)?)));
        }
    }
    Ok(texts)
}

/// A stub, a solution, a wrong answer or a project: what it documents is read by learners.
fn answers(source: Source) -> Vec<Text> {
    let mut texts: Vec<_> = source.docs.iter().flat_map(page::names).collect();
    texts.extend(source.docs);
    texts.extend(source.comments);
    texts.extend(source.strings);
    texts.extend(source.identifiers);
    texts
}

/// A grader or a part of the tool: its sentences are read by learners.
fn tool(source: Source) -> Vec<Text> {
    let mut texts = source.docs;
    for text in &mut texts {
        text.place = Place::Comment;
    }
    texts.extend(source.comments);
    texts.extend(source.identifiers);
    for text in source.strings {
        match message(&text) {
            Some(message) => texts.push(message),
            None => texts.push(text),
        }
    }
    texts
}

/// A string that is a sentence, or much of one. The values that are put into it are shown as code.
fn message(text: &Text) -> Option<Text> {
    let words = text.markdown.split_whitespace();
    let is_word = |word: &&str| {
        word.trim_matches([',', '.', ':'])
            .chars()
            .all(char::is_alphabetic)
    };
    let is_sentence = words.filter(is_word).count() >= 4;
    let is_code = ["::", "fn ", "let ", "();", "<div", "=>", "$"]
        .iter()
        .any(|code| text.markdown.contains(code));
    (is_sentence && !is_code).then(|| text.with_values_as_code())
}

/// The parts of the manifest that learners read.
#[derive(Deserialize)]
struct Titles {
    #[serde(default)]
    chapter: Vec<ChapterTexts>,
}

#[derive(Deserialize)]
struct ChapterTexts {
    slug: String,
    title: Spanned<String>,
    #[serde(default)]
    exercise: Vec<ExerciseTexts>,
}

#[derive(Deserialize)]
struct ExerciseTexts {
    title: Spanned<String>,
    teaches: Spanned<String>,
    hints: Vec<Spanned<String>>,
}

fn exercises(manifest: &str) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    for chapter in toml::from_str::<Titles>(manifest)?.chapter {
        let part = format!("{}#{}", Manifest::FILE, chapter.slug);
        let mut add = |text: &Spanned<String>| {
            let line = line_of(manifest, text.span().start);
            let count = text.get_ref().matches('\n').count() + 1;
            // A text of several lines is written as one that begins with a line break.
            let first = line + usize::from(count > 1);
            let mut text = Text::new(Manifest::FILE, Place::Prose, first, text.get_ref());
            text.part.clone_from(&part);
            texts.extend(page::names(&text));
            texts.push(text);
        };
        add(&chapter.title);
        for exercise in &chapter.exercise {
            add(&exercise.title);
            add(&exercise.teaches);
            exercise.hints.iter().for_each(&mut add);
        }
    }
    Ok(texts)
}
