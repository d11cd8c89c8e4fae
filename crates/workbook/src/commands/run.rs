//! `run`: a program, what it prints, and what its futures did.

use std::io::{self, Write};

use anyhow::Result;
use autograder::diagnostic::Diagnostic;
use autograder::files;
use autograder::snippet::{Event, Snippet};
use sandbox::Output as Printed;

use super::{Done, show};
use crate::cli::Run;
use crate::json::{self, Output, Ran, Timeline};
use crate::terminal::waiting::Waiting;
use crate::terminal::{count, paint, paragraph, words};
use crate::tool::Tool;

/// Compiles and runs a program. What it prints comes as it comes, and its timelines at the end.
///
/// # Errors
///
/// If the file cannot be read, or the program cannot be compiled or started.
pub fn run(tool: &Tool, arguments: &Run) -> Result<Done> {
    let program = files::read(&arguments.file)?;
    let name = arguments.file.to_string_lossy();
    let succeeded = if arguments.json.json {
        run_to_json(tool, &name, &program)?
    } else {
        run_to_terminal(tool, &name, &program)?
    };
    Ok(if succeeded {
        Done::Solved
    } else {
        Done::NotSolved
    })
}

fn run_to_terminal(tool: &Tool, name: &str, program: &str) -> Result<bool> {
    let mut waiting = Some(Waiting::new("Compiling"));
    let ran = tool
        .grades
        .run(name, program, tool.cancel(), &mut |event| match event {
            Event::Step(step) => waiting.iter().for_each(|line| line.step(&step)),
            Event::Warning(warning) => {
                waiting = None;
                anstream::eprintln!("{}", warning.rendered.trim_end());
            }
            Event::Output(printed) => {
                waiting = None;
                pass_on(&printed);
            }
        })?;
    drop(waiting);
    match &ran {
        Snippet::DoesNotCompile(errors) => anstream::eprintln!("{}", first_of(errors)),
        Snippet::Ran { ended, timelines } => {
            for timeline in timelines {
                show(&format!("\n{}", timeline.text))?;
            }
            if timelines.is_empty() && program.contains("timeline::lane") {
                let said = "It has lanes and records no timeline: begin `main` with `let _figure = \
                            timeline::figure(\"name\", \"title\");`.";
                anstream::eprintln!("{}", paragraph(said));
            }
            if let Some(sentence) = words::ended(*ended) {
                anstream::eprintln!("{}", paint::bad(&sentence));
            }
        }
    }
    Ok(words::succeeded(&ran))
}

fn run_to_json(tool: &Tool, name: &str, program: &str) -> Result<bool> {
    let (mut stdout, mut stderr, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let waiting = Waiting::new("Compiling");
    let ran = tool
        .grades
        .run(name, program, tool.cancel(), &mut |event| match event {
            Event::Step(step) => waiting.step(&step),
            Event::Warning(warning) => warnings.push(warning),
            Event::Output(Printed::Stdout(bytes)) => stdout.extend(bytes),
            Event::Output(Printed::Stderr(bytes)) => stderr.extend(bytes),
        })?;
    drop(waiting);
    let succeeded = words::succeeded(&ran);
    let (errors, ended, timelines) = match ran {
        Snippet::DoesNotCompile(errors) => (errors, None, Vec::new()),
        Snippet::Ran { ended, timelines } => (Vec::new(), words::ended(ended), timelines),
    };
    let timelines = timelines.into_iter().map(|drawn| Timeline {
        name: drawn.name,
        svg: drawn.svg,
        text: drawn.text,
    });
    json::print(&Output::Run(Ran {
        succeeded,
        errors,
        warnings,
        ended,
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
        timelines: timelines.collect(),
    }))?;
    Ok(succeeded)
}

/// The first error in full, and how many more there are.
fn first_of(errors: &[Diagnostic]) -> String {
    let Some((first, others)) = errors.split_first() else {
        return "The program does not compile.".to_owned();
    };
    let mut text = first.rendered.trim_end().to_owned();
    if !others.is_empty() {
        text += &format!(
            "\n\nAnd {}: mend this one first.",
            count(others.len(), "more error")
        );
    }
    text
}

/// The bytes as the program wrote them. Nobody may read them any more; the program is run all the same.
fn pass_on(printed: &Printed) {
    let _ = match printed {
        Printed::Stdout(bytes) => io::stdout()
            .lock()
            .write_all(bytes)
            .and_then(|()| io::stdout().flush()),
        Printed::Stderr(bytes) => io::stderr().lock().write_all(bytes),
    };
}
