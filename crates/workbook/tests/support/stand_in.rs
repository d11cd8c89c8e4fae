//! `cargo workbook` with a grader that reads its verdicts off the answers instead of running them: the
//! terminal can be tested without a compiler, and is told of things that seldom happen.

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, bail};
use autograder::diagnostic::Diagnostic;
use autograder::manifest::Manifest;
use autograder::snippet::{Drawn, Event, Snippet};
use autograder::verdict::{
    ChapterVerdict, ExerciseVerdict, Misconception, Outcome, State, TestVerdict,
};
use autograder::{Cancelled, Project, Step, stub_of};
use sandbox::{Cancel, Ended, Output};
use workbook::grades::Grades;

fn main() -> ExitCode {
    workbook::main(&|project| {
        let manifest = project.manifest()?;
        Ok(Arc::new(StandIn {
            project,
            manifest,
            alone: Mutex::default(),
        }))
    })
}

struct StandIn {
    project: Project,
    manifest: Manifest,
    /// One at a time, as the autograder grades a chapter.
    alone: Mutex<()>,
}

impl Grades for StandIn {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict> {
        let _alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        let chapters = &self.manifest.chapters;
        let chapter = chapters
            .iter()
            .find(|one| one.slug() == chapter)
            .expect("asked for by name");
        let text = self.project.read(&autograder::file_of(chapter))?;
        on(Step::Compiling);
        let exercises = chapter.exercises.iter().map(|exercise| exercise.name());
        let wanted = exercises.filter(|name| exercise.is_none_or(|wanted| wanted == *name));
        let errors = errors(&autograder::file_of(chapter), &text);
        let exercises: Vec<_> = wanted
            .map(|name| verdict(name, &text, !errors.is_empty()))
            .collect();
        if text.contains("loop {}") {
            on(Step::Testing { done: 1, total: 3 });
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
        }
        if cancel.is_cancelled() {
            bail!(Cancelled);
        }
        breaks_down(&text)?;
        Ok(ChapterVerdict {
            chapter: chapter.slug().to_owned(),
            exercises,
            errors,
            warnings: Vec::new(),
            changed: Vec::new(),
        })
    }

    fn stub(&self, chapter: &str) -> Result<String> {
        let chapters = &self.manifest.chapters;
        let chapter = chapters
            .iter()
            .find(|one| one.slug() == chapter)
            .expect("asked for by name");
        self.project.read(&stub_of(chapter))
    }

    fn run(
        &self,
        _: &str,
        program: &str,
        cancel: &Cancel,
        on: &mut dyn FnMut(Event),
    ) -> Result<Snippet> {
        on(Event::Step(Step::Compiling));
        breaks_down(program)?;
        let errors = errors("src/main.rs", program);
        if !errors.is_empty() {
            return Ok(Snippet::DoesNotCompile(errors));
        }
        if program.contains("unused") {
            on(Event::Warning(diagnostic(
                "warning",
                "of no use",
                "src/main.rs",
                1,
            )));
        }
        on(Event::Output(Output::Stdout(b"rested\n".to_vec())));
        on(Event::Output(Output::Stderr(b"warned\n".to_vec())));
        let waits_for = program
            .lines()
            .find_map(|line| line.strip_prefix("// until "));
        if let Some(file) = waits_for {
            wait_for(Path::new(file), cancel)?;
            on(Event::Output(Output::Stdout(b"went on\n".to_vec())));
        }
        let code = if program.contains("exit(3)") { 3 } else { 0 };
        let timeline = Drawn {
            name: "nap".to_owned(),
            svg: "<svg/>".to_owned(),
            text: "nap ■───● 100 ms\n".to_owned(),
        };
        Ok(Snippet::Ran {
            ended: Ended::Exit(code),
            timelines: vec![timeline],
        })
    }
}

/// Does so where the text says it.
fn breaks_down(text: &str) -> Result<()> {
    if text.contains("no compiler") {
        bail!("cargo could not be started. Install Rust from rustup.rs, or put cargo in PATH.");
    }
    assert!(!text.contains("the tool panics"), "as it was told");
    Ok(())
}

/// Waits until there is such a file, or leaves another beside it when it is cancelled.
fn wait_for(file: &Path, cancel: &Cancel) -> Result<()> {
    while !file.exists() {
        if cancel.is_cancelled() {
            fs::write(file.with_extension("cancelled"), "")?;
            bail!(Cancelled);
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "a program that runs takes its time"
        )]
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Two errors wherever a line says `error`.
fn errors(file: &str, text: &str) -> Vec<Diagnostic> {
    let Some(line) = text.lines().position(|line| line.contains("error")) else {
        return Vec::new();
    };
    ["the first", "the second"]
        .map(|message| diagnostic("error", message, file, line + 1))
        .into()
}

fn diagnostic(level: &str, message: &str, file: &str, line: usize) -> Diagnostic {
    Diagnostic {
        level: level.to_owned(),
        code: None,
        file: Some(file.to_owned()),
        line: Some(line),
        message: message.to_owned(),
        rendered: format!("{level}: {message}\n --> line {line}\n"),
        about: None,
    }
}

/// Right answers say `right`, and stubs `todo!()`, on the lines of their function.
fn verdict(name: &str, text: &str, does_not_compile: bool) -> ExerciseVerdict {
    let own = text
        .split_once(&format!("fn {name}("))
        .map_or("", |(_, rest)| rest);
    let own = own.split_once("\n}").map_or(own, |(body, _)| body);
    let outcome = |right: bool| match (own.contains("todo!()"), right || own.contains("right")) {
        (true, _) => Outcome::NotStarted,
        (false, true) => Outcome::Passed,
        (false, false) => Outcome::Failed,
    };
    let test = |test: &str, outcome: Outcome| TestVerdict {
        name: format!("{name}::{test}"),
        outcome,
        report: match outcome {
            Outcome::Failed => {
                format!("{test} came out wrong.\nThis usually means that it is not right.\n")
            }
            _ => String::new(),
        },
        chart: String::new(),
        svg: None,
        printed: if own.contains("println!") {
            "21\n".to_owned()
        } else if let Some((_, end)) = own.split_once("print a lot") {
            format!("{}{end}\n", ".".repeat(1 << 19))
        } else {
            String::new()
        },
    };
    let tests = vec![
        test("of_one", outcome(true)),
        test("of_many", outcome(false)),
        test("of_none", outcome(false)),
    ];
    let state = ExerciseVerdict::state_of(&tests);
    ExerciseVerdict {
        exercise: name.to_owned(),
        state: if does_not_compile {
            State::DoesNotCompile
        } else {
            state
        },
        tests: if does_not_compile { Vec::new() } else { tests },
        misconceptions: Vec::from_iter((own.contains("one more")).then(|| Misconception {
            says: "Adds one.".to_owned(),
            file: "ci/wrong/demo/double/one-more.rs".to_owned(),
        })),
    }
}
