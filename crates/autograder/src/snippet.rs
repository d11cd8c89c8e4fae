//! Runs a program: a code block of the book that the reader may have changed, or any file.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::{Cancel, Ended, Limits, Output};

use crate::cache::Cache;
use crate::cancelled::Cancelled;
use crate::compiler::{Compiled, Compiler};
use crate::diagnostic::Diagnostic;
use crate::figure;
use crate::grade::Autograder;
use crate::library::LibrarySet;
use crate::step::Step;
use crate::tool_build;
use crate::visible::visible;

/// How many bytes the compiled programs of a learner may have: about a thousand of them.
const CACHE_CAPACITY: u64 = 1 << 30;

/// What a program may use.
pub const PROGRAM_LIMITS: Limits = Limits {
    wall: Duration::from_secs(30),
    cpu: Duration::from_secs(30),
    memory: 1 << 30,
    output: 1 << 20,
    processes: 16,
    files: 64 << 20,
};

/// A program to run.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    /// The file name that the compiler's messages and the program's panics mention.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What it reads from standard input.
    pub stdin: &'a [u8],
}

/// What happens while a program is compiled and run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step before it runs.
    Step(Step),
    /// A warning of the compiler.
    Warning(Diagnostic),
    /// A piece of its output.
    Output(Output),
}

/// The result of compiling and running a program.
#[derive(Debug, Clone)]
pub enum Snippet {
    /// It does not compile. The compiler's errors are in their order.
    DoesNotCompile(Vec<Diagnostic>),
    /// It was run.
    Ran {
        /// How it ended.
        ended: Ended,
        /// The timeline that it recorded, if any.
        timelines: Vec<Timeline>,
    },
}

/// A timeline that a program recorded of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The name that the program gave it.
    pub name: String,
    /// The drawing for a page.
    pub svg: String,
    /// The drawing for a terminal.
    pub text: String,
}

impl Autograder {
    /// Compiles a program against the smallest [`LibrarySet`] that has what it names, and runs it. `on_event` is called
    /// with each event as it happens. A program that has not changed is not compiled again.
    ///
    /// # Errors
    ///
    /// If a tool is missing, the libraries do not build or the disk is not writable; [`Cancelled`] if
    /// it was cancelled. What the program does is not an error.
    pub fn run(
        &self,
        program: &Program<'_>,
        cancel: &Cancel,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<Snippet> {
        tool_build::id()?;
        let set = LibrarySet::needed_by(program.text);
        let libraries = self.libraries(set, cancel, &mut |step| on_event(Event::Step(step)))?;
        let names: Vec<String> = libraries.names().map(str::to_owned).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let compiler = Compiler::new(
            Arc::new(libraries),
            Arc::clone(self.runner()),
            Cache::at(self.target().join("workbook/programs"), CACHE_CAPACITY)?,
            PROGRAM_LIMITS,
            self.version()?.to_owned(),
        );
        on_event(Event::Step(Step::Compiling));
        let executable = match compiler.compile(program.name, program.text, &names, cancel)? {
            Compiled::Errors(messages) => {
                let errors = messages.into_iter().filter(Diagnostic::is_error);
                return Ok(Snippet::DoesNotCompile(errors.collect()));
            }
            Compiled::Program(executable, warnings) => {
                let of_lines = warnings
                    .into_iter()
                    .filter(|warning| warning.line.is_some());
                of_lines.for_each(|warning| on_event(Event::Warning(warning)));
                executable
            }
        };
        let folder = tempfile::tempdir()
            .context("A temporary folder for the program could not be created.")?;
        let figure = folder.path().join("figure");
        let job = compiler
            .job(&executable, Some(&figure))?
            .stdin(program.stdin)
            .folder(folder.path())
            .confined();
        on_event(Event::Step(Step::Running));
        let finished = self
            .runner()
            .run(&job, cancel, &mut |output| on_event(Event::Output(output)))?;
        if finished.ended == Ended::Cancelled {
            bail!(Cancelled);
        }
        Ok(Snippet::Ran {
            ended: finished.ended,
            timelines: Vec::from_iter(timeline(&figure)?),
        })
    }
}

/// How wide the text chart of a timeline is, in columns.
const COLUMNS: usize = 80;

fn timeline(file: &Path) -> Result<Option<Timeline>> {
    Ok(figure::read(file)?.map(|figure| Timeline {
        svg: figure.to_svg(),
        text: visible(&figure.to_text(COLUMNS)),
        name: figure.name().to_owned(),
    }))
}
