//! Runs a program: a code block of the book that the reader may have changed, or any file.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::{Cancel, Ended, Limits, Output};

use crate::cancelled::Cancelled;
use crate::compiler::{Compiled, Compiler};
use crate::diagnostic::Diagnostic;
use crate::files;
use crate::grade::Autograder;
use crate::step::Step;

/// What a program may use.
pub const PROGRAM_LIMITS: Limits = Limits {
    wall: Duration::from_secs(30),
    cpu: Duration::from_secs(30),
    memory: 1 << 30,
    output: 1 << 20,
    processes: 16,
};

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
        /// The timelines that it recorded.
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
    /// Compiles a program against the libraries that the exercises use, and runs it. `name` is the file name
    /// that the compiler's messages and the program's panics mention. `on_event` is called with each event as it
    /// happens. A program that has not changed is not compiled again.
    ///
    /// # Errors
    ///
    /// If a tool is missing, the libraries do not build or the disk is not writable; [`Cancelled`] if
    /// it was cancelled. What the program does is not an error.
    pub fn run(
        &self,
        name: &str,
        program: &str,
        cancel: &Cancel,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<Snippet> {
        let libraries = self.libraries(cancel, &mut |step| on_event(Event::Step(step)))?;
        let names: Vec<String> = libraries.names().map(str::to_owned).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let compiler = Compiler::new(
            Arc::new(libraries),
            Arc::clone(self.runner()),
            self.target().join("workbook/programs"),
            PROGRAM_LIMITS,
            self.version()?.to_owned(),
        )?;
        on_event(Event::Step(Step::Compiling));
        let executable = match compiler.compile(name, program, &names, cancel)? {
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
        let figures = folder.path().join("figures");
        let job = compiler
            .job(&executable, Some(&figures))?
            .folder(folder.path());
        on_event(Event::Step(Step::Running));
        let finished = self
            .runner()
            .run(&job, cancel, &mut |output| on_event(Event::Output(output)))?;
        if finished.ended == Ended::Cancelled {
            bail!(Cancelled);
        }
        Ok(Snippet::Ran {
            ended: finished.ended,
            timelines: timelines(&figures)?,
        })
    }
}

fn timelines(figures: &Path) -> Result<Vec<Timeline>> {
    let mut timelines = Vec::new();
    for svg in files::below(figures, "svg")? {
        let name = svg.file_stem().unwrap_or_default().to_string_lossy();
        timelines.push(Timeline {
            name: name.into_owned(),
            text: fs::read_to_string(svg.with_extension("txt")).unwrap_or_default(),
            svg: files::read(&svg)?,
        });
    }
    Ok(timelines)
}
