//! The list of all exercises.

use std::fmt::Write;

use autograder::manifest::Manifest;

use super::paint::{self, bold, dim, good};
use super::{count, words};
use crate::names::{self, Place};
use crate::progress::{Progress, Record};

/// All chapters and exercises, what is solved, the minutes that were planned and spent, and where the
/// learner is.
pub fn text(manifest: &Manifest, progress: &Progress, at: Option<&Place<'_>>) -> String {
    let mut text = String::new();
    let all = names::all(manifest);
    let width = all
        .iter()
        .map(|place| place.exercise.name().len())
        .max()
        .unwrap_or(0);
    let titles = all.iter().map(|place| place.exercise.title.chars().count());
    let title = titles.max().unwrap_or(0).min(46);
    for chapter in &manifest.chapters {
        let _ = writeln!(text, "{}  {}", bold(&chapter.title), dim(chapter.slug()));
        for place in names::of_chapter(chapter) {
            let record = progress.of(&place.name());
            let is_here = at.is_some_and(|at| at.name() == place.name());
            let mark = match (record.solved, is_here) {
                (Some(_), _) => good("✓"),
                (None, true) => paint::command("➜"),
                (None, false) => dim("·"),
            };
            let exercise = place.exercise;
            let name = format!("{:width$}", exercise.name());
            let _ = writeln!(
                text,
                "  {mark} {}  {:title$}  {}",
                if is_here { bold(&name) } else { name },
                exercise.title,
                dim(&times(exercise.minutes, &record)),
            );
        }
        text.push('\n');
    }
    text += &sum(&all, progress);
    text
}

fn sum(all: &[Place<'_>], progress: &Progress) -> String {
    let records: Vec<_> = all.iter().map(|place| progress.of(&place.name())).collect();
    let solved = records
        .iter()
        .filter(|record| record.solved.is_some())
        .count();
    let planned: u32 = all.iter().map(|place| place.exercise.minutes).sum();
    let spent: u64 = records.iter().map(|record| record.seconds).sum();
    let mut text = format!(
        "{solved} of {} solved, {planned} min planned",
        count(all.len(), "exercise")
    );
    if spent > 0 {
        let _ = write!(text, ", {} spent", words::minutes(spent));
    }
    text + ".\n"
}

fn times(planned: u32, record: &Record) -> String {
    let mut text = format!("{planned:>2} min");
    if record.seconds > 0 {
        let _ = write!(text, ", spent {}", words::minutes(record.seconds));
    }
    text
}
