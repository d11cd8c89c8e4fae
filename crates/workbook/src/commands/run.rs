//! `run`: runs a program, and shows its output and timelines.

use std::fs;
use std::io::{self, Read, Write};

use anyhow::{Context, Result};
use autograder::snippet::{Event, Program, Snippet};
use sandbox::Output as Printed;

use crate::cli::Run;
use crate::json::{self, Output, RunOutput, Timeline};
use crate::status::Status;
use crate::terminal::diagnostics::first_error;
use crate::terminal::spinner::Spinner;
use crate::terminal::{describe, paragraph, print, print_error, style};
use crate::tool::Tool;

/// Compiles and runs a program. Its output is printed as it arrives, and its timelines at the end.
///
/// # Errors
///
/// If the file cannot be read, or the program cannot be compiled or started.
pub fn run(tool: &Tool, arguments: &Run) -> Result<Status> {
    // Not only a regular file: a shell may pass a pipe, as in `run <(generate)`.
    let program = fs::read_to_string(&arguments.file)
        .with_context(|| format!("{} could not be read.", arguments.file.display()))?;
    let mut stdin = Vec::new();
    if arguments.stdin {
        let read = io::stdin().read_to_end(&mut stdin);
        read.context("Standard input could not be read.")?;
    }
    let program = Program {
        name: &arguments.file.to_string_lossy(),
        text: &program,
        stdin: &stdin,
    };
    let success = if arguments.json.json {
        run_to_json(tool, &program)?
    } else {
        run_to_terminal(tool, &program, arguments.stdin)?
    };
    Ok(if success {
        Status::Solved
    } else {
        Status::NotSolved
    })
}

fn run_to_terminal(tool: &Tool, program: &Program<'_>, has_stdin: bool) -> Result<bool> {
    let mut spinner = Some(Spinner::new("Compiling"));
    let ran = tool
        .grader
        .run(program, tool.cancel(), &mut |event| match event {
            Event::Step(step) => spinner.iter().for_each(|line| line.step(&step)),
            Event::Warning(warning) => {
                spinner = None;
                print_error(warning.rendered.trim_end());
            }
            Event::Output(printed) => {
                spinner = None;
                forward(&printed);
            }
        })?;
    drop(spinner);
    match &ran {
        Snippet::DoesNotCompile(errors) => {
            let error = first_error(errors);
            print_error(error.as_deref().unwrap_or("The program does not compile."))
        }
        Snippet::Ran { ended, timelines } => {
            for timeline in timelines {
                print(&format!("\n{}", timeline.text))?;
            }
            if timelines.is_empty()
                && let Some(hint) = timeline_hint(program.text)
            {
                print_error(&paragraph(hint));
            }
            if !has_stdin && program.text.contains("stdin()") {
                let hint = "The standard input of the program was empty. With `--stdin`, it is what you type, up to Ctrl+D, \
                            or the content of a file: `cargo workbook run FILE --stdin < INPUT`.";
                print_error(&paragraph(hint));
            }
            if let Some(sentence) = describe::ended(*ended) {
                print_error(&style::error(&sentence));
            }
        }
    }
    Ok(describe::succeeded(&ran))
}

fn run_to_json(tool: &Tool, program: &Program<'_>) -> Result<bool> {
    let (mut stdout, mut stderr, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let spinner = Spinner::new("Compiling");
    let ran = tool
        .grader
        .run(program, tool.cancel(), &mut |event| match event {
            Event::Step(step) => spinner.step(&step),
            Event::Warning(warning) => warnings.push(warning),
            Event::Output(Printed::Stdout(bytes)) => stdout.extend(bytes),
            Event::Output(Printed::Stderr(bytes)) => stderr.extend(bytes),
        })?;
    drop(spinner);
    let success = describe::succeeded(&ran);
    let (errors, message, timelines) = match ran {
        Snippet::DoesNotCompile(errors) => (errors, None, Vec::new()),
        Snippet::Ran { ended, timelines } => (Vec::new(), describe::ended(ended), timelines),
    };
    let timelines = timelines.into_iter().map(|timeline| Timeline {
        name: timeline.name,
        svg: timeline.svg,
        text: timeline.text,
    });
    json::print(&Output::Run(RunOutput {
        success,
        errors,
        warnings,
        message,
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
        timelines: timelines.collect(),
    }))?;
    Ok(success)
}

/// How to record a timeline, for a program that has something to record and does not.
fn timeline_hint(program: &str) -> Option<&'static str> {
    if program.contains("timeline::figure") || !program.contains("async") {
        None
    } else if program.contains("timeline::lane") {
        Some(
            "The program has lanes but records no timeline. To record one, start `main` with \
             `let _figure = timeline::figure(\"name\", \"title\");`.",
        )
    } else {
        Some(
            "To see a timeline of this program, start `main` with `let _figure = timeline::figure(\"name\", \
             \"title\");`, and put `#[timeline::lane(\"name\")]` before an `async fn`.",
        )
    }
}

/// Prints the program's output unchanged. If the reader has closed the pipe, the program runs on.
fn forward(printed: &Printed) {
    let _ = match printed {
        Printed::Stdout(bytes) => io::stdout()
            .lock()
            .write_all(bytes)
            .and_then(|()| io::stdout().flush()),
        Printed::Stderr(bytes) => io::stderr().lock().write_all(bytes),
    };
}
