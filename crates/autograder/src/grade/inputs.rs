//! What an answer takes in besides the learner's sources: files that it includes, and environment variables.
//!
//! The compiler lists them (`--emit=dep-info`). A verdict holds as long as all of them are what they were.

use std::collections::BTreeMap;
use std::env;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::files;
use crate::hash::hash;
use crate::project::Project;
use crate::source::Source;

/// How the compiler's message about a file that it cannot read begins.
const NOT_READ: &str = "couldn't read `";

/// What an answer may write to take something in.
const TAKE_IN: &[&str] = &["include", "env!", "path"];

/// The files and variables that a build has taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// Hashes of the files as the compiler has seen them.
    files: BTreeMap<PathBuf, String>,
    variables: BTreeMap<String, Option<String>>,
}

impl Inputs {
    /// The inputs in the compiler's list, without the `sources`. Files of the project were compiled as copies in
    /// `folder`.
    pub fn parse(list: &str, sources: &[Source], folder: &Path, project: &Project) -> Self {
        let mut inputs = Self::default();
        for line in list.lines() {
            if let Some(variable) = line.strip_prefix("# env-dep:") {
                let name = variable.split('=').next().unwrap_or(variable);
                inputs.variables.insert(name.to_owned(), value_of(name));
            } else if let Some(file) = line.strip_suffix(':') {
                let file = normalized(Path::new(&file.replace("\\ ", " ")));
                if sources.iter().all(|source| Path::new(&source.file) != file) {
                    let seen = content_hash(&folder.join(&file));
                    inputs
                        .files
                        .insert(project.path(&file.to_string_lossy()), seen);
                }
            }
        }
        inputs
    }

    /// Adds files that the compiler could not read, which its list does not contain. They may be there the next time.
    pub fn add_missing(&mut self, missing: impl IntoIterator<Item = PathBuf>, project: &Project) {
        let missing = missing
            .into_iter()
            .map(|file| project.path(&file.to_string_lossy()));
        self.files.extend(missing.map(|file| (file, String::new())));
    }

    /// What is known about the inputs of answers whose macros were not expanded: nothing, unless they take in nothing.
    pub fn without_list(sources: &[Source]) -> Option<Self> {
        let takes_in = |source: &Source| {
            let text = String::from_utf8_lossy(&source.text);
            TAKE_IN.iter().any(|word| text.contains(word))
        };
        (!sources.iter().any(takes_in)).then(Self::default)
    }

    /// Whether all of them are what they were.
    pub fn are_current(&self) -> bool {
        let mut files = self.files.iter();
        let mut variables = self.variables.iter();
        files.all(|(file, seen)| content_hash(file) == *seen)
            && variables.all(|(name, value)| value_of(name) == *value)
    }

    /// The files, relative to the project.
    pub fn files<'a>(&'a self, project: &'a Project) -> impl Iterator<Item = String> + 'a {
        let files = self.files.keys();
        files.map(move |file| project.relative(file))
    }
}

/// The files that the compiler could not read, relative to its folder.
pub(super) fn not_read(messages: &[Diagnostic]) -> impl Iterator<Item = PathBuf> {
    messages.iter().filter_map(|message| {
        let rest = message.message.strip_prefix(NOT_READ)?;
        let (file, _) = rest.split_once("`:")?;
        Some(normalized(Path::new(file)))
    })
}

fn value_of(variable: &str) -> Option<String> {
    let value = env::var_os(variable)?;
    Some(value.to_string_lossy().into_owned())
}

fn content_hash(file: &Path) -> String {
    files::bytes(file).map_or_else(|_| String::new(), |bytes| hash(&[bytes]))
}

/// The path without `.` and `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Inputs, normalized};
    use crate::project::Project;
    use crate::source::Source;

    #[test]
    fn the_compilers_list_names_files_and_variables() {
        let project = tempfile::tempdir().expect("a folder can be created");
        let folder = tempfile::tempdir().expect("a folder can be created");
        for root in [&project, &folder] {
            fs::write(root.path().join("my data.txt"), "1").expect("writable");
        }
        let list = "out.rlib: src/a.rs src/../my\\ data.txt\n\nsrc/a.rs:\nsrc/../my\\ data.txt:\n\n\
                    # env-dep:NO_SUCH_VARIABLE_1=x\n# env-dep:NO_SUCH_VARIABLE_2\n";
        let sources = [Source::new("src/a.rs", "")];
        let inputs = Inputs::parse(list, &sources, folder.path(), &Project::at(project.path()));
        let files: Vec<_> = inputs.files(&Project::at(project.path())).collect();
        assert_eq!(files, ["my data.txt"]);
        assert_eq!(inputs.variables.len(), 2);
        assert!(inputs.are_current());
        fs::write(project.path().join("my data.txt"), "2").expect("writable");
        assert!(!inputs.are_current());
    }

    #[test]
    fn a_file_that_was_missing_and_a_variable_that_was_set_may_change() {
        let project = tempfile::tempdir().expect("a folder can be created");
        let mut inputs = Inputs::default();
        inputs.add_missing(["data.txt".into()], &Project::at(project.path()));
        assert!(inputs.are_current());
        fs::write(project.path().join("data.txt"), "1").expect("writable");
        assert!(!inputs.are_current());
        let set = Some("1".to_owned());
        let variables = [("NO_SUCH_VARIABLE_1".to_owned(), set)].into();
        let inputs = Inputs {
            variables,
            ..Inputs::default()
        };
        assert!(!inputs.are_current());
    }

    #[test]
    fn a_path_is_normalized_up_to_its_root() {
        let of = |path: &str| normalized(Path::new(path)).display().to_string();
        assert_eq!(of("a/./b/../c.txt"), "a/c.txt");
        assert_eq!(of("a/../../c.txt"), "../c.txt");
    }
}
