//! The list of all exercises.

use std::fmt::Write;

use autograder::manifest::Chapter;

use super::style::{self, bold, dim, success};
use super::{count, describe};
use crate::names::{self, ExerciseRef};
use crate::progress::{Progress, Record};

/// The exercises of these chapters, with what is solved, the planned time, the time spent, and a mark at the current
/// exercise.
pub fn text(
    chapters: &[&Chapter],
    progress: &Progress,
    current: Option<&ExerciseRef<'_>>,
) -> String {
    let mut text = String::new();
    let all: Vec<_> = chapters
        .iter()
        .flat_map(|chapter| names::of_chapter(chapter))
        .collect();
    let width = all
        .iter()
        .map(|exercise_ref| exercise_ref.exercise.name().len())
        .max()
        .unwrap_or(0);
    let titles = all
        .iter()
        .map(|exercise_ref| exercise_ref.exercise.title.chars().count());
    let title = titles.max().unwrap_or(0).min(46);
    for chapter in chapters {
        let _ = writeln!(text, "{}  {}", bold(&chapter.title), dim(chapter.slug()));
        for exercise_ref in names::of_chapter(chapter) {
            let record = progress.of(&exercise_ref.name());
            let is_current = current.is_some_and(|current| current.name() == exercise_ref.name());
            let mark = match (record.solved, is_current) {
                (Some(_), _) => success("✓"),
                (None, true) => style::command("➜"),
                (None, false) => dim("·"),
            };
            let exercise = exercise_ref.exercise;
            let name = format!("{:width$}", exercise.name());
            let _ = writeln!(
                text,
                "  {mark} {}  {:title$}  {}",
                if is_current { bold(&name) } else { name },
                exercise.title,
                dim(&times(exercise.minutes, &record)),
            );
        }
        text.push('\n');
    }
    text += &summary(&all, progress);
    text
}

fn summary(all: &[ExerciseRef<'_>], progress: &Progress) -> String {
    let records: Vec<_> = all
        .iter()
        .map(|exercise_ref| progress.of(&exercise_ref.name()))
        .collect();
    let solved = records
        .iter()
        .filter(|record| record.solved.is_some())
        .count();
    let planned: u64 = all
        .iter()
        .map(|exercise_ref| u64::from(exercise_ref.exercise.minutes))
        .sum();
    let planned = describe::minutes(60 * planned);
    let spent: u64 = records.iter().map(|record| record.seconds).sum();
    let mut text = format!(
        "{solved} of {} solved, {planned} planned",
        count(all.len(), "exercise")
    );
    if spent > 0 {
        let _ = write!(text, ", {} spent", describe::minutes(spent));
    }
    text + ".\n"
}

fn times(planned: u32, record: &Record) -> String {
    let mut text = format!("{planned:>2} min");
    if record.seconds > 0 {
        let _ = write!(text, ", spent {}", describe::minutes(record.seconds));
    }
    text
}
