//! A set of answers, compiled as a library of its own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files;
use crate::program::{Compiler, diagnostics, hash};
use crate::{Finding, Project};

/// What an answer may use: the dependencies of the crate `exercises`.
pub(super) const FOR_ANSWERS: &[&str] = &[
    "futures",
    "grading",
    "timeline",
    "tokio",
    "tokio_stream",
    "tokio_util",
    "tracing",
];

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
        let place = |file: &str, line| (file.to_owned(), line);
        Self::compile(compiler, project.root(), &folder, name, place)
    }

    /// Compiles `<root>/<folder>/lib.rs`; `place` says where in the project a line of a source
    /// file stands.
    pub(super) fn compile(
        compiler: &Compiler,
        root: &Path,
        folder: &str,
        name: &str,
        place: impl Fn(&str, usize) -> (String, usize),
    ) -> Result<Result<Self, Vec<Finding>>> {
        let mut sources = String::new();
        for path in files::below(&root.join(folder), "rs")? {
            sources += &format!("{}\n{}\n", path.display(), files::read(&path)?);
        }
        let stamp = compiler.stamp(FOR_ANSWERS)?;
        let hash = hash(&["answers", name, &sources, &stamp]);
        let cache = compiler.libraries().target.join("book/answers");
        let rlib = cache.join(format!("{hash}/lib{name}.rlib"));
        let messages = rlib.with_extension("json");
        if !messages.is_file() {
            let out = rlib.parent().context("a library lies in a folder")?;
            std::fs::create_dir_all(out)?;
            let output = compiler
                .rustc(root, FOR_ANSWERS)?
                .arg(format!("{folder}/lib.rs"))
                .args(["--crate-type=lib", "--crate-name", name, "-o"])
                .arg(&rlib)
                .output()
                .context("rustc could not be started")?;
            // The messages are written last: an interrupted compilation leaves none and is repeated.
            files::write(&messages, output.stderr)?;
        }
        let messages = std::fs::read(&messages)?;
        let (mut errors, mut warnings) = (Vec::new(), Vec::new());
        for diagnostic in diagnostics(&messages, compiler.libraries()) {
            let Some(line) = diagnostic.line else {
                continue;
            };
            let (file, line) = place(&diagnostic.file.unwrap_or_default(), line);
            let findings = if diagnostic.level == "error" {
                &mut errors
            } else {
                &mut warnings
            };
            findings.push(Finding::new(
                file,
                line,
                format!("The compiler says:\n{}", diagnostic.rendered),
            ));
        }
        if !errors.is_empty() {
            return Ok(Err(errors));
        }
        Ok(Ok(Self {
            name: name.to_owned(),
            folder: folder.to_owned(),
            warnings,
            rlib,
        }))
    }
}
