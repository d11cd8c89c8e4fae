//! The manifest agrees with what it lists: each exercise has its stub, its part of the grader, its
//! place on a page and its hints, and none of these is there without an exercise.

use std::collections::BTreeSet;

use anyhow::Result;
use syn::{Item, Visibility};
use toml::Spanned;

use crate::project::Pages;
use crate::{Finding, Project};
use autograder::files::line_of;
use autograder::manifest::{Chapter, Exercise, Manifest};

/// Checks every chapter and exercise of the manifest.
///
/// # Errors
///
/// If a file cannot be read or is not Rust.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let manifest = project.manifest()?;
    let mut findings = listed_twice(&manifest, manifest.chapters.iter().map(|c| &c.slug));
    for chapter in &manifest.chapters {
        let names = chapter.exercises.iter().map(|exercise| &exercise.name);
        findings.extend(listed_twice(&manifest, names));
        findings.extend(modules(project, &manifest, chapter)?);
        findings.extend(pages(project, &manifest, chapter)?);
        for exercise in &chapter.exercises {
            let line = manifest.line_of(&exercise.name);
            let faults = card(exercise).into_iter();
            findings.extend(faults.map(|fault| Finding::new(Manifest::FILE, line, fault)));
        }
    }
    Ok(findings)
}

fn listed_twice<'a>(
    manifest: &Manifest,
    names: impl Iterator<Item = &'a Spanned<String>>,
) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    names
        .filter(|name| !seen.insert(name.get_ref()))
        .map(|name| {
            let message = format!("`{}` is listed a second time.", name.get_ref());
            Finding::new(Manifest::FILE, manifest.line_of(name), message)
        })
        .collect()
}

/// What is wrong with what the learner reads of an exercise.
fn card(exercise: &Exercise) -> Vec<String> {
    let name = exercise.name();
    let mut faults = Vec::new();
    if exercise.title.is_empty() || exercise.teaches.is_empty() {
        faults.push(format!("`{name}` needs a title and what it teaches."));
    }
    if !(1..=60).contains(&exercise.minutes) {
        faults.push(format!(
            "`{name}` is planned for {} minutes.",
            exercise.minutes
        ));
    }
    if !(2..=4).contains(&exercise.hints.len()) || exercise.hints.iter().any(String::is_empty) {
        faults.push(format!(
            "`{name}` has {} hints: two to four.",
            exercise.hints.len()
        ));
    }
    faults
}

/// Stubs and graders: both hold the manifest's exercises, and no others.
fn modules(project: &Project, manifest: &Manifest, chapter: &Chapter) -> Result<Vec<Finding>> {
    let listed: BTreeSet<_> = chapter.exercises.iter().map(Exercise::name).collect();
    let stubs = format!("exercises/src/{}.rs", chapter.module());
    let graders = format!("exercises/tests/{}.rs", chapter.module());
    let mut findings = Vec::new();
    for (file, found, what) in [
        (&stubs, unsolved(project, &stubs)?, "a stub with todo!()"),
        (&graders, graded(project, &graders)?, "a module with tests"),
    ] {
        let names: BTreeSet<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        for exercise in &chapter.exercises {
            if !names.contains(exercise.name()) {
                let message = format!("`{}` should have {what} in {file}.", exercise.name());
                let line = manifest.line_of(&exercise.name);
                findings.push(Finding::new(Manifest::FILE, line, message));
            }
        }
        for (name, line) in found
            .iter()
            .filter(|(name, _)| !listed.contains(name.as_str()))
        {
            let message = format!("`{name}` is {what}, but the manifest does not list it.");
            findings.push(Finding::new(file, *line, message));
        }
    }
    Ok(findings)
}

/// The public items whose bodies say `todo!`, with their lines.
fn unsolved(project: &Project, file: &str) -> Result<Vec<(String, usize)>> {
    let text = project.read(file)?;
    let mut found = Vec::new();
    for item in syn::parse_file(&text)?.items {
        let (name, public) = match &item {
            Item::Fn(item) => (
                item.sig.ident.clone(),
                matches!(item.vis, Visibility::Public(_)),
            ),
            Item::Impl(item) => match &*item.self_ty {
                syn::Type::Path(path) => match path.path.segments.last() {
                    Some(last) => (last.ident.clone(), true),
                    None => continue,
                },
                _ => continue,
            },
            _ => continue,
        };
        let body = quote::ToTokens::to_token_stream(&item).to_string();
        if public && body.contains("todo !") {
            found.push((name.to_string(), name.span().start().line));
        }
    }
    found.dedup_by(|a, b| a.0 == b.0);
    Ok(found)
}

/// The modules of a grader that hold tests, with their lines.
fn graded(project: &Project, file: &str) -> Result<Vec<(String, usize)>> {
    let text = project.read(file)?;
    let folder = file.trim_end_matches(".rs");
    let mut found = Vec::new();
    for item in syn::parse_file(&text)?.items {
        let Item::Mod(module) = item else {
            continue;
        };
        let name = module.ident.to_string();
        let items = match module.content {
            Some((_, items)) => items,
            None => syn::parse_file(&project.read(&format!("{folder}/{name}.rs"))?)?.items,
        };
        let is_test = |item: &Item| match item {
            Item::Fn(function) => function.attrs.iter().any(|a| a.path().is_ident("test")),
            _ => false,
        };
        if items.iter().any(is_test) {
            found.push((name, module.ident.span().start().line));
        }
    }
    Ok(found)
}

/// The chapter's page of exercises, to which the tool sends the learner, presents each of them under a
/// heading of its own, with its command and time.
fn pages(project: &Project, manifest: &Manifest, chapter: &Chapter) -> Result<Vec<Finding>> {
    let pages: Vec<_> = project
        .pages()?
        .into_iter()
        .filter(|page| page.file == format!("src/{}-exercises.md", chapter.slug()))
        .collect();
    let mut findings = Vec::new();
    for exercise in &chapter.exercises {
        let name = exercise.name();
        // With its name the learner finds it in the code, and with its title in lists. The anchor is the name alone.
        let (title, anchor) = (&exercise.title, name.to_lowercase());
        let heading = format!("### `{name}`: {title} {{#{anchor}}}");
        let place = pages.iter().find_map(|page| {
            let offset = page.text.find(&heading)?;
            let rest = &page.text[offset + heading.len()..];
            // A line of a program that begins with "# " is hidden, and no heading.
            let ends = ["\n## ", "\n### "].map(|mark| rest.find(mark));
            let section = &rest[..ends.into_iter().flatten().min().unwrap_or(rest.len())];
            Some((page, line_of(&page.text, offset), section))
        });
        let Some((page, line, section)) = place else {
            let message = format!(
                "There is no heading `{heading}` in `src/{}-exercises.md`.",
                chapter.slug()
            );
            let line = manifest.line_of(&exercise.name);
            findings.push(Finding::new(Manifest::FILE, line, message));
            continue;
        };
        let command = format!("cargo workbook check {}/{name}", chapter.slug());
        for needed in [command, format!("{} minutes", exercise.minutes)] {
            if !says(section, &needed) {
                let message = format!("The section of `{name}` does not say `{needed}`.");
                findings.push(Finding::new(&page.file, line, message));
            }
        }
    }
    Ok(findings)
}

/// Whether a text holds these words, and not as the end of a longer word: 15 minutes are not 5.
pub(super) fn says(text: &str, words: &str) -> bool {
    let mut places = text.match_indices(words);
    places.any(|(place, _)| !text[..place].ends_with(char::is_alphanumeric))
}

/// Whether a page is one of a chapter's: `src/gather.md` and `src/gather-pitfalls.md` are gather's. So are pages in the
/// folder of an appendix: `src/teaching/gather.md` belongs to `teaching`.
pub fn belongs_to(file: &str, slug: &str) -> bool {
    let stem = file.trim_start_matches("src/").trim_end_matches(".md");
    stem.strip_prefix(slug)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '/']))
}
