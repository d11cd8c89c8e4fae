//! `grade`: grades the submissions of a class.

mod students;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;

use crate::class_file::Class;
use crate::export::{self, Format, Graded, GradedStudent};
use crate::grading::{self, Progress, grade_all};
use crate::intake::{self, Entry};
use crate::marks::written;
use crate::pack::Pack;
use crate::partial_results::WithPartialResults;
use crate::report::{self, Overview};
use crate::result::StudentResult;
use crate::roster::Roster;
use crate::run::Run;
use crate::shard::Shard;
use crate::store::Store;
use anyhow::{Context, Result, bail};
use autograder::manifest::Manifest;
use autograder::{Autograder, Project, files};
use jiff::Timestamp;

use workbook::interrupt::Interrupt;
use workbook::status::Status;
use workbook::terminal::spinner::Spinner;
use workbook::terminal::{count, paragraph, print, style, warn};
use workbook::{names, tool};

use crate::class_grader::ClassGrader;
use crate::cli::Grade;

/// Grades the submissions, or puts together what was graded in parts, and writes marks and results.
///
/// # Errors
///
/// If a path or a file of the teacher's cannot be read, or a result cannot be written. What is wrong with a submission is
/// said in its result.
pub fn run(interrupt: &Interrupt, arguments: &Grade) -> Result<Status> {
    let autograder = workbook::autograder(tool::project()?)?;
    let exercises = names::all(autograder.manifest());
    let exercises: Vec<String> = exercises.iter().map(|exercise| exercise.name()).collect();
    let class = class(arguments.class.as_deref(), &exercises)?;
    if arguments.pack.is_some() {
        return pack(autograder.project(), arguments);
    }
    let roster = arguments.roster.as_deref();
    let roster = roster.map(|file| read_roster(file, &class)).transpose()?;
    let store = Store::in_output(&arguments.output);
    let (run, progress) = if arguments.merge {
        (
            Run::merge(&arguments.submissions, &store)?,
            Progress::default(),
        )
    } else {
        grade(autograder.clone(), interrupt, arguments, &class, &store)?
    };
    run.write(&arguments.output)?;
    let graded = Graded::new(class, roster, run.results);
    export::write_tables(&arguments.output, &graded)?;
    write_report(&autograder, arguments, &graded, &store)?;
    students::write(&arguments.output, &arguments.format, &graded, &store)?;
    if let (Some(file), Some(format)) = (&arguments.results, format(arguments)) {
        students::write_only(file, format, &graded, &store)?;
    }
    for student in &graded.students {
        let name = &student.result.origin;
        let problems = student.result.problems.iter();
        let problems = problems.map(|problem| format!("{name}: {problem}"));
        warn(problems.reduce(|a, b| a + "\n" + &b));
    }
    if !arguments.json {
        print(&summary(&graded, &progress, &arguments.output))?;
    }
    Ok(Status::Solved)
}

fn grade(
    autograder: Autograder,
    interrupt: &Interrupt,
    arguments: &Grade,
    class: &Class,
    store: &Store,
) -> Result<(Run, Progress)> {
    let shard = arguments.shard.unwrap_or(Shard::WHOLE);
    let mut entries = entries(autograder.manifest(), arguments)?;
    entries.retain(|entry| shard.has(&entry.origin));
    let total = entries.len();
    let spinner = Spinner::new("Grading");
    let grader = ClassGrader::new(
        autograder,
        class,
        arguments.graders.as_deref(),
        &interrupt.cancel,
        &mut |step| spinner.step(&step),
    )?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let jobs = arguments.jobs.unwrap_or(cores);
    let mut results = Vec::new();
    let mut on_student = |result: StudentResult, progress: &Progress| -> Result<()> {
        spinner.count("Grading submissions", progress.submissions, total);
        if arguments.json {
            print(&(serde_json::to_string(&result)? + "\n"))?;
        }
        results.push(result);
        Ok(())
    };
    let partial = match (&arguments.results, format(arguments)) {
        (Some(file), Some(format)) => Some(WithPartialResults::new(&grader, class, file, format)?),
        _ => None,
    };
    let grader = partial
        .as_ref()
        .map_or(&grader as &dyn grading::Grade, |partial| partial);
    let progress = grade_all(entries, grader, store, jobs, &mut on_student)?;
    Ok((Run::new(shard, results), progress))
}

/// The format of `--results`.
fn format(arguments: &Grade) -> Option<Format> {
    let mut all = Format::ALL.iter();
    let found = all.find(|(name, _)| {
        arguments
            .format
            .first()
            .is_some_and(|wanted| wanted == name)
    });
    found.map(|(_, format)| *format)
}

fn pack(project: &Project, arguments: &Grade) -> Result<Status> {
    let pack = Pack {
        project,
        class: arguments.class.as_deref(),
        graders: arguments.graders.as_deref(),
    };
    let file = pack.write(&arguments.output)?;
    let text = format!(
        "{} has everything with which Gradescope grades submissions: upload it as the autograder of the assignment.",
        file.display()
    );
    print(&(paragraph(&text) + "\n"))?;
    Ok(Status::Solved)
}

fn write_report(
    autograder: &Autograder,
    arguments: &Grade,
    graded: &Graded,
    store: &Store,
) -> Result<()> {
    let manifest = autograder.manifest();
    let chapters = manifest.chapters.iter();
    let stubs = chapters.map(|chapter| {
        let slug = chapter.slug().to_owned();
        Ok((slug, autograder.stub(chapter.slug())?))
    });
    let now = graded.class.zone.to_datetime(Timestamp::now());
    let overview = Overview {
        graded,
        manifest,
        stubs: stubs.collect::<Result<_>>()?,
        store,
        date: &now.strftime("%Y-%m-%d %H:%M").to_string(),
        book: &arguments.book,
    };
    report::write(&arguments.output, &overview)
}

fn class(file: Option<&Path>, exercises: &[String]) -> Result<Class> {
    let Some(file) = file else {
        return Ok(Class::of_all(exercises));
    };
    Ok(Class::parse(
        &file.display().to_string(),
        &files::read(file)?,
        exercises,
    )?)
}

fn read_roster(file: &Path, class: &Class) -> Result<Roster> {
    let bytes = fs::read(file).with_context(|| format!("{} could not be read.", file.display()))?;
    Roster::parse(&bytes, &class.zone)
}

fn entries(manifest: &Manifest, arguments: &Grade) -> Result<Vec<Entry>> {
    let modules: Vec<_> = manifest
        .chapters
        .iter()
        .map(|chapter| chapter.module())
        .collect();
    let mut entries = Vec::new();
    if arguments.results.is_some() {
        let [path] = &arguments.submissions[..] else {
            bail!("`--results` is for one submission.");
        };
        return Ok(vec![intake::whole(path)?]);
    }
    let mut seen = BTreeSet::new();
    for path in &arguments.submissions {
        if seen.insert(path) {
            entries.extend(intake::entries(path, &modules)?);
        }
    }
    if entries.is_empty() {
        bail!("There are no submissions: neither folders nor zip files.");
    }
    Ok(entries)
}

fn summary(graded: &Graded, progress: &Progress, folder: &Path) -> String {
    let students = &graded.students;
    let width = students
        .iter()
        .map(|student| label(student).chars().count())
        .max()
        .unwrap_or(0);
    let mut text = style::bold(&graded.class.title) + "\n\n";
    for student in students {
        let marks = &student.marks;
        let mark = format!("{} of {}", written(marks.total), written(marks.of));
        text += &format!("  {:width$}  {mark}\n", label(student));
    }
    let chapters = format!(
        "{} graded, {} of them now and the others before; the marks and an overview, {}, are in {}.",
        count(students.len(), "submission"),
        count(progress.graded, "chapter"),
        report::FILE,
        folder.display()
    );
    text + "\n" + &paragraph(&chapters) + "\n"
}

fn label(student: &GradedStudent) -> &str {
    let who = &student.result.student;
    if who.name.is_empty() {
        &who.id
    } else {
        &who.name
    }
}
