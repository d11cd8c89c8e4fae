//! The schedules for teachers: tables whose times follow from the minutes of the pages and exercises that they link to.
//!
//! - A table whose first column is `Start` plans a day, with the columns `Start`, `What` and `Minutes`. A row takes as long as
//!   the pages and exercises that it links to, rounded up to five minutes. A row without links, such as a break, keeps its
//!   minutes. The first row says when the day starts.
//! - A table whose first column is `Week` plans a course, with the columns `Week`, `Chapters`, `Core path` and `Exercises`. A
//!   row links to the first pages of its chapters. A row without links adds up those above it.

use std::collections::BTreeMap;

use anyhow::Result;
use autograder::manifest::Manifest;

use crate::minutes::{ChapterMinutes, stated};
use crate::{Finding, Project};

/// The page with the schedules.
pub const FILE: &str = "src/teaching/index.md";

/// The page as it should be, and what is wrong with its links. `None` if there is no such page.
///
/// # Errors
///
/// If a file cannot be read.
pub fn expected(project: &Project) -> Result<Option<(String, Vec<Finding>)>> {
    if !project.path(FILE).is_file() {
        return Ok(None);
    }
    let times = Times::of(project, &project.manifest()?)?;
    Ok(Some(times.rewritten(&project.read(FILE)?)))
}

/// The minutes that a schedule can link to.
#[derive(Default)]
struct Times {
    pages: BTreeMap<String, u32>,
    exercises: BTreeMap<String, u32>,
    chapters: BTreeMap<String, ChapterMinutes>,
}

/// The table that a line is in.
enum Table {
    Day { clock: Option<u32> },
    Course { above: ChapterMinutes },
}

impl Times {
    fn of(project: &Project, manifest: &Manifest) -> Result<Self> {
        let mut times = Self::default();
        for chapter in &manifest.chapters {
            for page in &chapter.pages {
                times
                    .pages
                    .insert(format!("{}.md", page.name()), page.minutes);
            }
            for exercise in &chapter.exercises {
                let anchor = exercise.name().to_lowercase();
                let link = format!("{}-exercises.md#{anchor}", chapter.slug());
                times.exercises.insert(link, exercise.minutes);
            }
            let minutes = ChapterMinutes::of(project, chapter)?;
            times
                .chapters
                .insert(format!("{}.md", chapter.slug()), minutes);
        }
        Ok(times)
    }

    fn rewritten(&self, text: &str) -> (String, Vec<Finding>) {
        let mut rewritten = String::new();
        let mut findings = Vec::new();
        let mut table = None;
        for (line, number) in text.lines().zip(1..) {
            let cells = cells(line);
            let new_line = match (&mut table, cells.as_slice()) {
                (_, ["Start", ..]) => {
                    table = Some(Table::Day { clock: None });
                    None
                }
                (_, ["Week", ..]) => {
                    let above = ChapterMinutes::default();
                    table = Some(Table::Course { above });
                    None
                }
                (_, []) => {
                    table = None;
                    None
                }
                (Some(_), [first, ..]) if first.starts_with("--") => None,
                (Some(table), cells) => Some(self.row(table, cells)),
                (None, _) => None,
            };
            match new_line {
                Some(Ok(new_line)) => rewritten.push_str(&new_line),
                Some(Err(fault)) => {
                    findings.push(Finding::new(FILE, number, fault));
                    rewritten.push_str(line);
                }
                None => rewritten.push_str(line),
            }
            rewritten.push('\n');
        }
        (rewritten, findings)
    }

    fn row(&self, table: &mut Table, cells: &[&str]) -> Result<String, String> {
        match (table, cells) {
            (Table::Day { clock }, [start, what, minutes]) => {
                self.part(clock, start, what, minutes)
            }
            (Table::Course { above }, [week, chapters, _, _]) => self.week(above, week, chapters),
            _ => Err("This row has too many or too few columns.".to_owned()),
        }
    }

    fn part(
        &self,
        clock: &mut Option<u32>,
        start: &str,
        what: &str,
        minutes: &str,
    ) -> Result<String, String> {
        let now = match *clock {
            Some(now) => now,
            None => time_of_day(start).ok_or("The first row says when the day starts: `9:00`.")?,
        };
        let linked: Vec<_> = links(what)
            .map(|link| {
                let minutes = self.pages.get(link).or(self.exercises.get(link));
                minutes.ok_or(format!("`{link}` is no page or exercise with minutes."))
            })
            .collect::<Result<_, _>>()?;
        let minutes = match (linked.is_empty(), minutes) {
            (false, _) => linked.into_iter().sum::<u32>().next_multiple_of(5),
            // The end of the day.
            (true, "") => 0,
            (true, minutes) => minutes.parse().map_err(|_| "Minutes are a number.")?,
        };
        *clock = Some(now + minutes);
        let start = format!("{}:{:02}", now / 60, now % 60);
        let minutes = if minutes == 0 {
            String::new()
        } else {
            minutes.to_string()
        };
        Ok(row(&[&start, what, &minutes]))
    }

    fn week(
        &self,
        above: &mut ChapterMinutes,
        week: &str,
        chapters: &str,
    ) -> Result<String, String> {
        let mut sum = ChapterMinutes::default();
        for link in links(chapters) {
            let minutes = self.chapters.get(link);
            let minutes = minutes.ok_or(format!("`{link}` is not the first page of a chapter."))?;
            sum.add(*minutes);
        }
        above.add(sum);
        let shown = match links(chapters).next() {
            Some(_) => sum,
            None => *above,
        };
        let [core_path, exercises] = [shown.core_path, shown.exercises].map(hours);
        Ok(row(&[week, chapters, &core_path, &exercises]))
    }
}

/// The cells of a line that is a row of a table; none for another line.
fn cells(line: &str) -> Vec<&str> {
    let row = line.strip_prefix('|').and_then(|row| row.strip_suffix('|'));
    row.map_or(Vec::new(), |row| row.split('|').map(str::trim).collect())
}

/// A row of a table.
fn row(cells: &[&str]) -> String {
    let mut row = "|".to_owned();
    for cell in cells {
        let space = if cell.is_empty() { "" } else { " " };
        row.extend([space, cell, " |"]);
    }
    row
}

/// What a cell links to in the folder of the book.
fn links(cell: &str) -> impl Iterator<Item = &str> {
    let links = cell.split("](../").skip(1);
    links.filter_map(|rest| rest.split(')').next())
}

/// Minutes since midnight: `9:30`.
fn time_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}

/// `2 h 5 min`, to the nearest five minutes.
fn hours(minutes: u32) -> String {
    let minutes = stated(minutes);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times() -> Times {
        let mut times = Times::default();
        times.pages.insert("gather.md".to_owned(), 11);
        times
            .exercises
            .insert("gather-exercises.md#settle".to_owned(), 15);
        let minutes = ChapterMinutes {
            core_path: 62,
            exercises: 58,
        };
        times.chapters.insert("gather.md".to_owned(), minutes);
        times
    }

    #[test]
    fn a_day_starts_where_its_first_row_says_and_rounds_up() {
        let table = "| Start | What | Minutes |\n|---|---|---|\n\
                     | 9:00 | [Gather](../gather.md) | 3 |\n\
                     | 9:03 | Break | 15 |\n\
                     | 7:00 | [A](../gather-exercises.md#settle), [B](../gather.md) | |\n\
                     | 7:00 | End | |\n";
        let (rewritten, findings) = times().rewritten(table);
        let rows: Vec<_> = rewritten.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| 9:00 | [Gather](../gather.md) | 15 |",
                "| 9:15 | Break | 15 |",
                "| 9:30 | [A](../gather-exercises.md#settle), [B](../gather.md) | 30 |",
                "| 10:00 | End | |",
            ]
        );
        assert!(findings.is_empty(), "{findings:#?}");
        assert_eq!(times().rewritten(&rewritten).0, rewritten);
    }

    #[test]
    fn a_week_takes_as_long_as_its_chapters() {
        let table = "| Week | Chapters | Core path | Exercises |\n|---|---|---|---|\n\
                     | 1 | [Gather](../gather.md) | | |\n\
                     | 2 | [Gather](../gather.md) | | |\n\
                     | all | | | |\n";
        let (rewritten, _) = times().rewritten(table);
        let rows: Vec<_> = rewritten.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "| 1 | [Gather](../gather.md) | 1 h | 1 h |",
                "| 2 | [Gather](../gather.md) | 1 h | 1 h |",
                "| all | | 2 h 5 min | 1 h 55 min |",
            ]
        );
    }

    #[test]
    fn a_link_without_minutes_is_a_fault() {
        let table = "| Start | What | Minutes |\n|---|---|---|\n| 9:00 | [A](../glossary.md) | |\n";
        let (rewritten, findings) = times().rewritten(table);
        assert_eq!(rewritten, table);
        assert_eq!(findings[0].line, 3);
        assert!(
            findings[0].message.contains("`glossary.md`"),
            "{findings:#?}"
        );
    }

    #[test]
    fn other_tables_are_left_alone() {
        let text = "| Format | For |\n|---|---|\n| `a` | [A](../gather.md) |\n\nWords.\n";
        assert_eq!(times().rewritten(text).0, text);
    }
}
