//! A chapter and its exercises have the same names in every folder, and stubs and solutions have
//! the same public items.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;
use quote::ToTokens;
use syn::{Item, Visibility};

use crate::project::Pages;
use crate::proof::exercises::belongs_to;
use crate::{Finding, Project};
use autograder::manifest::{Chapter, Manifest};

/// How many wrong answers an exercise has at least.
const WRONG_ANSWERS: usize = 3;

/// Looks for every chapter in every folder, and for whatever is there without a chapter.
///
/// # Errors
///
/// If a file cannot be read or is not Rust.
pub fn check(project: &Project) -> Result<Vec<Finding>> {
    let manifest = project.manifest()?;
    let mut findings = Vec::new();
    for chapter in &manifest.chapters {
        let line = manifest.line_of(&chapter.slug);
        let faults = places(project, chapter)?.into_iter();
        findings.extend(faults.map(|fault| Finding::new(Manifest::FILE, line, fault)));
        findings.extend(same_items(project, chapter)?);
        findings.extend(wrong_answers(project, &manifest, chapter)?);
    }
    findings.extend(strays(project, &manifest)?);
    Ok(findings)
}

/// The places in which a chapter is missing.
fn places(project: &Project, chapter: &Chapter) -> Result<Vec<String>> {
    let (slug, module) = (chapter.slug(), chapter.module());
    let mut faults = Vec::new();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !slug.chars().all(fits) {
        faults.push(format!(
            "The slug `{slug}` is made of small letters, digits and hyphens."
        ));
    }
    for file in [
        format!("src/{slug}.md"),
        format!("exercises/src/{module}.rs"),
        format!("exercises/tests/{module}.rs"),
        format!("solutions/src/{module}.rs"),
    ] {
        if !project.path(&file).is_file() {
            faults.push(format!("The chapter `{slug}` has no {file}."));
        }
    }
    for (file, needed) in [
        ("exercises/src/lib.rs", format!("pub mod {module};")),
        ("solutions/src/lib.rs", format!("pub mod {module};")),
        (
            "ci/Cargo.toml",
            format!("path = \"../exercises/tests/{module}.rs\""),
        ),
    ] {
        if !project.read(file)?.contains(&needed) {
            faults.push(format!("{file} does not say `{needed}`."));
        }
    }
    Ok(faults)
}

/// A public item of a module: its line, and what may not differ between stub and solution.
type Items = BTreeMap<String, (usize, String)>;

fn same_items(project: &Project, chapter: &Chapter) -> Result<Vec<Finding>> {
    let stub = format!("exercises/src/{}.rs", chapter.module());
    let solution = format!("solutions/src/{}.rs", chapter.module());
    if !project.path(&stub).is_file() || !project.path(&solution).is_file() {
        return Ok(Vec::new());
    }
    let stubs = public_items(&project.read(&stub)?)?;
    let solutions = public_items(&project.read(&solution)?)?;
    let mut findings = Vec::new();
    for (name, (line, declaration)) in &stubs {
        let message = match solutions.get(name) {
            Some((_, solved)) if solved == declaration => continue,
            Some((_, solved)) => {
                format!("`{name}` is declared otherwise in {solution}:\n{declaration}\n{solved}")
            }
            None => format!("`{name}` is missing from {solution}."),
        };
        findings.push(Finding::new(&stub, *line, message));
    }
    for (name, (line, _)) in solutions
        .iter()
        .filter(|(name, _)| !stubs.contains_key(*name))
    {
        let message = format!("`{name}` is public here, but missing from {stub}.");
        findings.push(Finding::new(&solution, *line, message));
    }
    Ok(findings)
}

fn public_items(text: &str) -> Result<Items> {
    let mut items = Items::new();
    let mut add = |ident: &syn::Ident, vis: &Visibility, declaration: String| {
        if matches!(vis, Visibility::Public(_)) {
            items.insert(ident.to_string(), (ident.span().start().line, declaration));
        }
    };
    for item in syn::parse_file(text)?.items {
        match item {
            Item::Fn(item) => {
                // Whether a parameter is `mut` is the body's affair.
                let declaration = item.sig.to_token_stream().to_string().replace("mut ", "");
                add(&item.sig.ident, &item.vis, declaration);
            }
            Item::Struct(mut item) => {
                item.attrs.clear();
                let private = |field: &syn::Field| !matches!(field.vis, Visibility::Public(_));
                let hidden = item.fields.iter().any(private);
                item.fields.iter_mut().for_each(|field| field.attrs.clear());
                let whole = item.to_token_stream().to_string();
                let declaration = if hidden {
                    item.ident.to_string()
                } else {
                    whole
                };
                add(&item.ident, &item.vis, declaration);
            }
            Item::Enum(mut item) => {
                item.attrs.clear();
                item.variants
                    .iter_mut()
                    .for_each(|variant| variant.attrs.clear());
                add(&item.ident, &item.vis, item.to_token_stream().to_string());
            }
            _ => {}
        }
    }
    Ok(items)
}

fn wrong_answers(
    project: &Project,
    manifest: &Manifest,
    chapter: &Chapter,
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for exercise in &chapter.exercises {
        let folder = format!("ci/wrong/{}/{}", chapter.module(), exercise.name());
        let count = project.files(&folder, "rs")?.len();
        if count < WRONG_ANSWERS {
            let message =
                format!("{folder} has {count} wrong answers, fewer than {WRONG_ANSWERS}.");
            let line = manifest.line_of(&exercise.name);
            findings.push(Finding::new(Manifest::FILE, line, message));
        }
    }
    Ok(findings)
}

/// Files and folders that are named after no chapter or exercise.
fn strays(project: &Project, manifest: &Manifest) -> Result<Vec<Finding>> {
    let chapters = &manifest.chapters;
    let mut findings = Vec::new();
    let mut stray = |file: String, of: &str| {
        let message = format!("This is named after no {of} of {}.", Manifest::FILE);
        findings.push(Finding::new(file, 1, message));
    };
    for name in entries(project, "exercises/tests")? {
        if !chapters
            .iter()
            .any(|c| c.module() == name.trim_end_matches(".rs"))
        {
            stray(format!("exercises/tests/{name}"), "chapter");
        }
    }
    for name in entries(project, "ci/wrong")? {
        let folder = format!("ci/wrong/{name}");
        let Some(chapter) = chapters.iter().find(|c| c.module() == name) else {
            stray(folder, "chapter");
            continue;
        };
        for exercise in entries(project, &folder)? {
            if !chapter.exercises.iter().any(|e| e.name() == exercise) {
                stray(format!("{folder}/{exercise}"), "exercise");
            }
        }
    }
    for page in project.pages()? {
        let chapter = chapters.iter().find(|c| belongs_to(&page.file, c.slug()));
        for figure in page.text.split("{{#include figures/").skip(1) {
            let name = figure.split(".svg").next().unwrap_or_default();
            let expected = chapter.map(|chapter| format!("{}-", chapter.slug()));
            if expected.is_some_and(|prefix| !name.starts_with(&prefix)) {
                let message = format!("The figure `{name}` does not carry the chapter's name.");
                findings.push(Finding::new(&page.file, 1, message));
            }
        }
    }
    Ok(findings)
}

/// The names in a folder, sorted; none where it does not exist.
fn entries(project: &Project, folder: &str) -> Result<Vec<String>> {
    let folder = project.path(folder);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
