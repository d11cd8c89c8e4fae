//! `cargo workbook` with a fake grader, which reads its verdicts from the text of the answers. With it, the tool can be
//! tested without a compiler, and in rare situations.

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Result, bail};
use autograder::diagnostic::Diagnostic;
use autograder::manifest::Manifest;
use autograder::snippet::{Event, Program, Snippet, Timeline};
use autograder::verdict::{
    ChapterVerdict, ExerciseVerdict, Misconception, Outcome, State, TestVerdict,
};
use autograder::{Cancelled, Project, Step, stub_of};
use sandbox::{Cancel, Ended, Output};
use workbook::grader::Grader;

fn main() -> ExitCode {
    workbook::main(&|project| {
        let manifest = project.manifest()?;
        Ok(Arc::new(FakeGrader {
            project,
            manifest,
            lock: Mutex::default(),
        }))
    })
}

struct FakeGrader {
    project: Project,
    manifest: Manifest,
    /// Like the autograder, it grades a chapter once at a time.
    lock: Mutex<()>,
}

impl Grader for FakeGrader {
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
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
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
            if std::env::var_os("STAND_IN_TELLS").is_some() {
                eprintln!("testing");
            }
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
        }
        if cancel.is_cancelled() {
            bail!(Cancelled);
        }
        fail_if_requested(&text)?;
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
        program: &Program<'_>,
        cancel: &Cancel,
        on: &mut dyn FnMut(Event),
    ) -> Result<Snippet> {
        let Program {
            text: program,
            stdin,
            ..
        } = *program;
        on(Event::Step(Step::Compiling));
        fail_if_requested(program)?;
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
        if program.contains("io::stdin()") {
            on(Event::Output(Output::Stdout(stdin.to_vec())));
        }
        let waits_for = program
            .lines()
            .find_map(|line| line.strip_prefix("// until "));
        if let Some(file) = waits_for {
            wait_for(Path::new(file), cancel)?;
            on(Event::Output(Output::Stdout(b"went on\n".to_vec())));
        }
        let code = if program.contains("exit(3)") { 3 } else { 0 };
        let timeline = Timeline {
            name: "nap".to_owned(),
            svg: "<svg/>".to_owned(),
            text: "nap ■───● 100 ms\n".to_owned(),
        };
        Ok(Snippet::Ran {
            ended: Ended::Exit(code),
            timelines: Vec::from_iter((!program.contains("no timeline")).then_some(timeline)),
        })
    }
}

/// Fails or panics if the text asks for it.
fn fail_if_requested(text: &str) -> Result<()> {
    if text.contains("no compiler") {
        bail!(
            "cargo could not be started. Install Rust from https://rustup.rs, or add cargo to PATH."
        );
    }
    assert!(!text.contains("the tool panics"), "on request");
    Ok(())
}

/// Waits until a file exists. When it is cancelled, it creates another file next to it.
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

/// Two errors at the first line that contains `error`.
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
        explanation: None,
        read_on: (level == "error").then(|| "error-messages.html#send".to_owned()),
    }
}

/// A correct answer contains `right`, and a stub `todo!()`.
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
        timeline_text: String::new(),
        timeline_svg: None,
        output: if own.contains("println!") {
            "21\n".to_owned()
        } else if let Some((_, end)) = own.split_once("print a lot") {
            format!("{}{end}\n", ".".repeat(1 << 19))
        } else {
            String::new()
        },
        in_real_time: false,
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
            description: "Adds one.".to_owned(),
            file: "ci/wrong/demo/double/one-more.rs".to_owned(),
        })),
    }
}
