//! Finds the answers among the files of a submission.

use std::collections::BTreeMap;

use super::limits::{MAX_FILE, MAX_FILES, MAX_TOTAL};
use super::{sentences, tree};
use crate::submission::{ABOUT, ANSWERS, About, Files};

/// The answers that were found.
#[derive(Default)]
pub struct Found {
    pub files: Files,
    pub about: Option<About>,
}

/// Whether a file directly in a folder makes the folder a submission.
pub fn is_answer_or_about(file: &str, chapters: &[String]) -> bool {
    file == ABOUT || chapter_of(file, chapters).is_some()
}

/// Whether there are answers among these files.
pub fn are_in(tree: &[tree::Entry], chapters: &[String]) -> bool {
    !roots(tree, chapters).is_empty()
}

/// Finds the answers. What is wrong with them is added to `problems`.
pub fn find(tree: Vec<tree::Entry>, chapters: &[String], problems: &mut Vec<String>) -> Found {
    let mut found = Found::default();
    let abouts: Vec<_> = tree
        .iter()
        .filter(|file| file_name(&file.path) == ABOUT)
        .collect();
    if let [about] = abouts[..] {
        match about.read(MAX_FILE).and_then(|text| About::parse(&text)) {
            Ok(about) => found.about = Some(about),
            Err(error) => problems.push(sentences(&error)),
        }
    }
    let roots = roots(&tree, chapters);
    let root = match &roots[..] {
        [] => return found,
        [root] => root,
        several => {
            let names: Vec<_> = several.iter().map(|root| format!("`{root}`")).collect();
            problems.push(format!(
                "It has several copies of the answers, in {}, and it is not known which one counts.",
                names.join(", ")
            ));
            return found;
        }
    };
    let mut total = 0;
    for file in &tree {
        let Some(name) = below(&file.path, root).filter(|name| name.ends_with(".rs")) else {
            continue;
        };
        if found.files.len() == MAX_FILES {
            problems.push(format!(
                "It has more than {MAX_FILES} files of answers. The rest is not read."
            ));
            break;
        }
        match file.read(MAX_FILE) {
            Ok(bytes) if total + bytes.len() as u64 > MAX_TOTAL => {
                problems.push(format!(
                    "Its answers are larger than {} MiB. The rest is not read.",
                    MAX_TOTAL >> 20
                ));
                break;
            }
            Ok(bytes) => {
                total += bytes.len() as u64;
                found.files.insert(name.to_owned(), bytes);
            }
            Err(error) => problems.push(sentences(&error)),
        }
    }
    found
}

/// The folders with answers: each `exercises/src`, or, if there is none, each folder with files named like chapters.
fn roots(tree: &[tree::Entry], chapters: &[String]) -> Vec<String> {
    let mut folders: BTreeMap<&str, ()> = BTreeMap::new();
    for file in tree {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        if chapter_of(name, chapters).is_some() {
            folders.insert(folder, ());
        }
    }
    let is_usual = |folder: &&str| *folder == ANSWERS || folder.ends_with(&format!("/{ANSWERS}"));
    let usual: Vec<_> = folders
        .keys()
        .filter(|folder| is_usual(folder))
        .map(|folder| (*folder).to_owned())
        .collect();
    if !usual.is_empty() {
        return usual;
    }
    folders.into_keys().map(str::to_owned).collect()
}

/// The path below a folder.
fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

fn chapter_of<'n>(file: &'n str, chapters: &[String]) -> Option<&'n str> {
    let module = file.strip_suffix(".rs")?;
    chapters
        .iter()
        .any(|chapter| chapter == module)
        .then_some(module)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
