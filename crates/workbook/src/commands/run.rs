//! `run`: runs a program, and shows its output and timelines.

use std::io::{self, Write};

use anyhow::Result;
use autograder::diagnostic::Diagnostic;
use autograder::files;
use autograder::snippet::{Event, Snippet};
use sandbox::Output as Printed;

use crate::cli::Run;
use crate::json::{self, Output, RunOutput, Timeline};
use crate::status::Status;
use crate::terminal::spinner::Spinner;
use crate::terminal::{count, describe, paragraph, print, style};
use crate::tool::Tool;

/// Compiles and runs a program. Its output is printed as it arrives, and its timelines at the end.
///
/// # Errors
///
/// If the file cannot be read, or the program cannot be compiled or started.
pub fn run(tool: &Tool, arguments: &Run) -> Result<Status> {
    let program = files::read(&arguments.file)?;
    let name = arguments.file.to_string_lossy();
    let success = if arguments.json.json {
        run_to_json(tool, &name, &program)?
    } else {
        run_to_terminal(tool, &name, &program)?
    };
    Ok(if success {
        Status::Solved
    } else {
        Status::NotSolved
    })
}

fn run_to_terminal(tool: &Tool, name: &str, program: &str) -> Result<bool> {
    let mut spinner = Some(Spinner::new("Compiling"));
    let ran = tool
        .grader
        .run(name, program, tool.cancel(), &mut |event| match event {
            Event::Step(step) => spinner.iter().for_each(|line| line.step(&step)),
            Event::Warning(warning) => {
                spinner = None;
                anstream::eprintln!("{}", warning.rendered.trim_end());
            }
            Event::Output(printed) => {
                spinner = None;
                forward(&printed);
            }
        })?;
    drop(spinner);
    match &ran {
        Snippet::DoesNotCompile(errors) => anstream::eprintln!("{}", first_error(errors)),
        Snippet::Ran { ended, timelines } => {
            for timeline in timelines {
                print(&format!("\n{}", timeline.text))?;
            }
            if timelines.is_empty() && program.contains("timeline::lane") {
                let hint = "The program has lanes but records no timeline. To record one, start `main` with \
                            `let _figure = timeline::figure(\"name\", \"title\");`.";
                anstream::eprintln!("{}", paragraph(hint));
            }
            if let Some(sentence) = describe::ended(*ended) {
                anstream::eprintln!("{}", style::error(&sentence));
            }
        }
    }
    Ok(describe::succeeded(&ran))
}

fn run_to_json(tool: &Tool, name: &str, program: &str) -> Result<bool> {
    let (mut stdout, mut stderr, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let spinner = Spinner::new("Compiling");
    let ran = tool
        .grader
        .run(name, program, tool.cancel(), &mut |event| match event {
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

/// The first error, and how many more there are.
fn first_error(errors: &[Diagnostic]) -> String {
    let Some((first, others)) = errors.split_first() else {
        return "The program does not compile.".to_owned();
    };
    let mut text = first.rendered.trim_end().to_owned();
    if !others.is_empty() {
        text += &format!(
            "\n\nAnd {}. Fix this one first.",
            count(others.len(), "more error")
        );
    }
    text
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
