//! A class of thirty with different answers to all chapters, beside the same work for one student.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ci::Project;
use ci::proof::answers::wrong_solutions;
use submission::Files;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::class;

/// How many students there are. Of each chapter, a third has handed in the stub, a third a right answer, and a third an
/// answer with one mistake.
const STUDENTS: usize = 30;

/// In how many ways a right answer is written.
const STYLES: usize = 4;

/// Grades the class, and one student, without anything that was graded before.
pub fn measure(project: &Project, program: &Path) -> Result<()> {
    println!("\nA class of {STUDENTS} with all chapters: stubs, right answers and wrong ones");
    println!("{:28} {:>10} {:>10}", "", "time", "CPU");
    let folder = tempfile::tempdir()?;
    let class = folder.path().join("class");
    let one = folder.path().join("one");
    class::hand_in(&one, 0, &right(project, 0)?)?;
    for student in 0..STUDENTS {
        class::hand_in(&class, student, &answers(project, student)?)?;
    }
    let graded = |submissions: &Path, output: &str| {
        let (start, before) = (Instant::now(), cpu_of_children());
        class::grade(program, project, submissions, &folder.path().join(output))?;
        let cpu = cpu_of_children()
            .zip(before)
            .map(|(after, before)| after - before);
        anyhow::Ok((start.elapsed(), cpu))
    };
    // The first run builds the libraries.
    graded(&one, "unmeasured")?;
    forget()?;
    let alone = graded(&one, "alone")?;
    forget()?;
    let all = graded(&class, "together")?;
    let again = graded(&class, "together")?;
    for (what, (time, cpu)) in [
        ("one student", alone),
        ("the class", all),
        ("nothing changed", again),
    ] {
        let times = |own: Duration, of_one: Duration| own.as_secs_f64() / of_one.as_secs_f64();
        let ratio = cpu
            .zip(alone.1)
            .map_or_else(|| times(time, alone.0), |(own, one)| times(own, one));
        println!(
            "{what:28} {time:>10.2?} {:>10.2?} {ratio:>6.2}",
            cpu.unwrap_or_default()
        );
    }
    Ok(())
}

/// The answers of a student.
fn answers(project: &Project, student: usize) -> Result<Files> {
    let mut files = Files::new();
    for (number, chapter) in project.manifest()?.chapters.iter().enumerate() {
        let (file, turn) = (format!("{}.rs", chapter.module()), student / 3);
        let text = match (student + number) % 3 {
            0 => project.read(&format!("exercises/stubs/{file}"))?,
            1 => in_style(
                &project.read(&format!("solutions/src/{file}"))?,
                turn % STYLES,
            )?,
            _ => {
                let exercise = &chapter.exercises[turn % chapter.exercises.len()];
                let all = wrong_solutions(project, chapter, exercise.name())?;
                let number = (7 * turn + number) % all.len();
                all.into_iter()
                    .nth(number)
                    .context("it has wrong answers")?
            }
        };
        files.insert(file, text.into_bytes());
    }
    Ok(files)
}

/// The solutions, all in one style.
fn right(project: &Project, style: usize) -> Result<Files> {
    let chapters = project.manifest()?.chapters;
    let files = chapters.iter().map(|chapter| {
        let file = format!("{}.rs", chapter.module());
        let text = in_style(&project.read(&format!("solutions/src/{file}"))?, style)?;
        Ok((file, text.into_bytes()))
    });
    files.collect()
}

/// The code with so many more variables in each function.
fn in_style(code: &str, style: usize) -> Result<String> {
    let mut bodies = Bodies::default();
    bodies.visit_file(&syn::parse_file(code)?);
    let mut text = code.to_owned();
    let (open, close) = (
        "{ let outcome = ".repeat(style),
        "; outcome }".repeat(style),
    );
    // From the last to the first, so that places stay what they are.
    for (&at, is_start) in bodies.0.iter().rev() {
        text.insert_str(at, if *is_start { &open } else { &close });
    }
    Ok(text)
}

/// Where bodies of functions begin, and where they end.
#[derive(Default)]
struct Bodies(BTreeMap<usize, bool>);

impl Visit<'_> for Bodies {
    fn visit_block(&mut self, _: &syn::Block) {}

    fn visit_item_fn(&mut self, function: &syn::ItemFn) {
        self.add(&function.block);
    }

    fn visit_impl_item_fn(&mut self, function: &syn::ImplItemFn) {
        self.add(&function.block);
        visit::visit_impl_item_fn(self, function);
    }
}

impl Bodies {
    fn add(&mut self, body: &syn::Block) {
        let range = body.span().byte_range();
        self.0.insert(range.start, true);
        self.0.insert(range.end, false);
    }
}

/// Forgets what was compiled and graded before.
fn forget() -> Result<()> {
    let folder = autograder::target_folder()?.join("workbook");
    for cached in ["chapters", "verdicts"] {
        match fs::remove_dir_all(folder.join(cached)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The processor time of processes that have ended, in user code and in the system. Only Linux tells.
fn cpu_of_children() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name before these fields is in parentheses, and may contain blanks.
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks = fields.split(' ').skip(13).take(2);
    let ticks: u64 = ticks
        .map(|field| field.parse::<u64>().ok())
        .sum::<Option<_>>()?;
    Some(Duration::from_millis(10 * ticks))
}
