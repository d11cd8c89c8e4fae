//! Which exercises took longer than planned, and where students needed hints or looked at the solution.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::columns::{Column, Columns};
use super::heat_map::worked;
use super::known_mistakes::exercise;
use super::page::{Section, scrolled};
use super::text::{Book, number};
use crate::export::{Graded, GradedStudent};
use crate::submission::Worked;

/// What the submissions say about an exercise together.
struct Times<'a> {
    column: Column<'a>,
    /// The median of the minutes of those who have worked on it.
    median: Option<u64>,
    /// How many have worked on it.
    timed: usize,
    /// How many were shown hints.
    with_hints: usize,
    /// How many were shown the solution.
    with_solution: usize,
}

/// The section.
pub fn section(graded: &Graded, columns: &Columns<'_>, book: Book<'_>) -> Option<Section> {
    let about = |student: &GradedStudent| student.result.about.is_some();
    if !graded.students.iter().any(about) {
        return None;
    }
    let all = columns.all().iter();
    let times: Vec<_> = all.map(|column| times(graded, *column)).collect();
    let longer = longer(&times);
    let helped = helped(&times);
    Some(Section {
        id: "time",
        title: "Time, hints and solutions",
        body: html! {
            p .note { "As the students’ machines have recorded it, of those whose submissions say it." }
            h3 { "Longer than planned" }
            @if longer.is_empty() {
                p { "No exercise took longer than planned." }
            } @else {
                (longer_table(&longer, book))
            }
            h3 { "Hints and solutions" }
            @if helped.is_empty() {
                p { "No student was shown a hint or a solution." }
            } @else {
                (helped_table(&helped, book))
            }
        },
    })
}

/// The section about a class at work, which does not report hints and solutions.
pub fn live_section(graded: &Graded, columns: &Columns<'_>, book: Book<'_>) -> Option<Section> {
    let all = columns.all().iter();
    let times: Vec<_> = all.map(|column| times(graded, *column)).collect();
    let longer = longer(&times);
    if longer.is_empty() {
        return None;
    }
    Some(Section {
        id: "time",
        title: "Longer than planned",
        body: longer_table(&longer, book),
    })
}

fn times<'a>(graded: &Graded, column: Column<'a>) -> Times<'a> {
    let students = graded.students.iter();
    let all: Vec<Worked> = students
        .filter_map(|student| worked(student, &column))
        .collect();
    let minutes = all.iter().map(|worked| worked.minutes);
    let minutes: Vec<_> = minutes.filter(|minutes| *minutes > 0).collect();
    let count = |is: &dyn Fn(&Worked) -> bool| all.iter().filter(|worked| is(worked)).count();
    Times {
        column,
        timed: minutes.len(),
        median: median(minutes),
        with_hints: count(&|worked| worked.hints > 0),
        with_solution: count(&|worked| worked.solution_shown),
    }
}

/// The exercises that took longer than planned, those first that took the most times as long.
fn longer<'t, 'a>(times: &'t [Times<'a>]) -> Vec<(&'t Times<'a>, u64)> {
    let planned = |times: &Times<'_>| u64::from(times.column.exercise.minutes);
    let mut longer: Vec<_> = times
        .iter()
        .filter_map(|times| Some((times, times.median?)))
        .filter(|(times, median)| *median > planned(times))
        .collect();
    let factor =
        |(times, median): &(&Times<'_>, u64)| *median as f64 / planned(times).max(1) as f64;
    longer.sort_by(|a, b| factor(b).total_cmp(&factor(a)));
    longer
}

/// The exercises for which hints or solutions were shown, those of the most students first.
fn helped<'t, 'a>(times: &'t [Times<'a>]) -> Vec<&'t Times<'a>> {
    let helped = times.iter();
    let mut helped: Vec<_> = helped
        .filter(|times| times.with_hints + times.with_solution > 0)
        .collect();
    helped.sort_by_key(|times| Reverse((times.with_hints, times.with_solution)));
    helped
}

fn longer_table(longer: &[(&Times<'_>, u64)], book: Book<'_>) -> Markup {
    let table = html! {
        table {
            caption #longer { "Minutes planned, and the median of those who worked on the exercise" }
            thead {
                tr {
                    th scope="col" { "Exercise" }
                    th scope="col" .number { "Planned" }
                    th scope="col" .number { "Median" }
                    th scope="col" .number { "Students" }
                }
            }
            tbody {
                @for (times, median) in longer {
                    tr {
                        th scope="row" { (exercise(&times.column, book)) }
                        td .number { (times.column.exercise.minutes) }
                        td .number { (number(*median)) }
                        td .number { (times.timed) }
                    }
                }
            }
        }
    };
    scrolled("longer", &table)
}

fn helped_table(helped: &[&Times<'_>], book: Book<'_>) -> Markup {
    let table = html! {
        table {
            caption #helped { "How many students were shown hints and the solution" }
            thead {
                tr {
                    th scope="col" { "Exercise" }
                    th scope="col" .number { "Hints" }
                    th scope="col" .number { "Solution" }
                }
            }
            tbody {
                @for times in helped {
                    tr {
                        th scope="row" { (exercise(&times.column, book)) }
                        td .number { (times.with_hints) }
                        td .number { (times.with_solution) }
                    }
                }
            }
        }
    };
    scrolled("helped", &table)
}

fn median(mut minutes: Vec<u64>) -> Option<u64> {
    minutes.sort_unstable();
    let upper = *minutes.get(minutes.len() / 2)?;
    let lower = minutes[(minutes.len() - 1) / 2];
    Some(lower.midpoint(upper))
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_in_the_middle_and_does_not_overflow() {
        assert_eq!(median(Vec::new()), None);
        assert_eq!(median(vec![9, 1, 2]), Some(2));
        assert_eq!(median(vec![4, 8]), Some(6));
        assert_eq!(median(vec![u64::MAX; 2]), Some(u64::MAX));
    }
}
