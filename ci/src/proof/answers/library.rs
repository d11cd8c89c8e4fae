//! A set of answers, compiled as a library of its own.

use std::path::PathBuf;

use anyhow::Result;

use crate::program::Compiler;
use crate::{Finding, Project};
use autograder::files;
use autograder::manifest::Chapter;

/// What an answer may use: the dependencies of the crate `exercises`.
pub(super) const FOR_ANSWERS: &[&str] = &[
    "futures",
    "grading",
    "timeline",
    "tokio",
    "tokio_stream",
    "tokio_test",
    "tokio_util",
    "tracing",
];

/// The sources of a crate with the same items as `exercises`.
#[derive(Debug)]
pub(super) struct Sources {
    /// What the graders compiled with it call it.
    pub name: String,
    /// The file that is the crate's root, relative to the project's root.
    pub root: String,
    /// Its files.
    pub files: Vec<Source>,
}

/// A compiled crate with the same items as `exercises`.
#[derive(Debug)]
pub struct Answers {
    /// What the graders compiled against it call it.
    pub name: String,
    /// The folder of its sources, relative to the project's root.
    pub folder: String,
    /// The compiler's warnings.
    pub warnings: Vec<Finding>,
    /// The compiled library.
    pub(super) rlib: PathBuf,
}

impl Answers {
    /// Compiles `exercises` or `solutions` as it is. The inner error is what the compiler finds.
    ///
    /// # Errors
    ///
    /// If the sources cannot be read or rustc cannot be started.
    pub fn of_crate(
        project: &Project,
        compiler: &Compiler,
        name: &str,
    ) -> Result<Result<Self, Vec<Finding>>> {
        let folder = format!("{name}/src");
        let sources = Sources {
            name: name.to_owned(),
            root: format!("{folder}/lib.rs"),
            files: sources(project, &folder)?,
        };
        Self::compile(compiler, &folder, &sources, |file, line| {
            (file.to_owned(), line)
        })
    }

    /// Compiles these sources, which are in `folder`; `place` says where in the project a line of one of them is.
    pub(super) fn compile(
        compiler: &Compiler,
        folder: &str,
        sources: &Sources,
        place: impl Fn(&str, usize) -> (String, usize),
    ) -> Result<Result<Self, Vec<Finding>>> {
        let Sources { name, root, files } = sources;
        let stamp = compiler.stamp(FOR_ANSWERS)?;
        let mut parts = vec!["answers", name, &stamp];
        parts.extend(files.iter().flat_map(|(file, text)| [&**file, &**text]));
        let entry = compiler.entry(&parts);
        let rlib = format!("lib{name}.rlib");
        let messages = compiler.once(&entry, |own| {
            for (file, text) in files {
                files::write(&own.join(file), text)?;
            }
            let rustc = compiler.rustc(own, FOR_ANSWERS)?.arg(root);
            Ok(rustc.args(["--crate-type=lib", "--crate-name", name, "-o", &rlib]))
        })?;
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        for message in messages {
            let (file, line) = match (&message.file, message.line) {
                (Some(file), Some(line)) => place(file, line),
                // The compiler's last words count the warnings, and stand nowhere.
                _ if !message.is_error() => continue,
                _ => (folder.to_owned(), 1),
            };
            let said = format!("The compiler says:\n{}", message.rendered);
            let finding = Finding::new(file, line, said);
            if message.is_error() {
                errors.push(finding);
            } else {
                warnings.push(finding);
            }
        }
        if !errors.is_empty() {
            return Ok(Err(errors));
        }
        Ok(Ok(Self {
            name: name.clone(),
            folder: folder.to_owned(),
            warnings,
            rlib: entry.join(rlib),
        }))
    }
}

/// A source file, relative to the project's root, and its text.
pub(super) type Source = (String, String);

/// The source files below a folder.
pub(super) fn sources(project: &Project, folder: &str) -> Result<Vec<Source>> {
    let files = project.files(folder, "rs")?.into_iter();
    files
        .map(|file| Ok((file.clone(), project.read(&file)?)))
        .collect()
}

/// The source files below a folder without those of the other chapters. A chapter of many must not cost more than a
/// chapter alone, and a change in one must not have the others compiled again. Lines keep their numbers.
pub(super) fn sources_of(
    project: &Project,
    folder: &str,
    chapter: &Chapter,
) -> Result<Vec<Source>> {
    let mut sources = sources(project, folder)?;
    let root = format!("{folder}/lib.rs");
    let Some((_, root)) = sources.iter_mut().find(|(file, _)| *file == root) else {
        return Ok(sources);
    };
    let mut others = Vec::new();
    for line in root.clone().lines() {
        let module = line.strip_prefix("pub mod ");
        if let Some(module) = module.and_then(|module| module.strip_suffix(';'))
            && module != chapter.module()
        {
            *root = root.replacen(line, "", 1);
            others.push(module.to_owned());
        }
    }
    sources.retain(|(file, _)| {
        let other = |module: &String| {
            file.strip_prefix(&format!("{folder}/{module}"))
                .is_some_and(|rest| rest.starts_with(['.', '/']))
        };
        !others.iter().any(other)
    });
    Ok(sources)
}
