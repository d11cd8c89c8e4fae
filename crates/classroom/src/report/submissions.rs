//! Which students have submitted, which have not, and what is wrong with submissions.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::page::Section;
use super::text::{count, line};
use super::who;
use crate::export::Graded;
use crate::marks::written;

/// No problem is shown in more characters.
const LONGEST_PROBLEM: usize = 300;

/// The section.
pub fn section(graded: &Graded) -> Option<Section> {
    Some(Section {
        id: "submissions",
        title: "Submissions",
        body: html! {
            (numbers(graded))
            (missing(graded))
            (unknown(graded))
            (problems(graded))
        },
    })
}

fn numbers(graded: &Graded) -> Markup {
    let totals = graded.students.iter().map(|student| student.marks.total);
    let middle = median(totals.collect());
    html! {
        dl .numbers {
            div { dt { "Submissions" } dd { (graded.students.len()) } }
            @if let Some(roster) = &graded.roster {
                div { dt { "Students in the list" } dd { (roster.rows.len()) } }
            }
            div { dt { "Exercises" } dd { (graded.class.exercises.len()) } }
            @if let Some(middle) = middle {
                div { dt { "Median of points" } dd { (written(middle)) " of " (written(graded.class.points())) } }
            }
        }
    }
}

/// The students in the list who have not submitted.
fn missing(graded: &Graded) -> Markup {
    let Some(roster) = &graded.roster else {
        return html! { p { "Without a list of students, it is not known who has not submitted." } };
    };
    let students = graded.students.iter();
    let submitted: BTreeSet<_> = students.filter_map(|student| student.row).collect();
    let rows = roster.rows.iter().enumerate();
    let missing: Vec<_> = rows
        .filter(|(index, _)| !submitted.contains(index))
        .map(|(index, row)| match who::shortened(&row.name) {
            name if name.is_empty() => format!("row {}", index + 2),
            name => name,
        })
        .collect();
    html! {
        h3 { "Not submitted" }
        @if missing.is_empty() {
            p { "All students in the list have submitted." }
        } @else {
            p { (count(missing.len(), "student")) " of the list:" }
            ul .names { @for name in &missing { li { bdi { (name) } } } }
        }
    }
}

/// Submissions of students who are not in the list.
fn unknown(graded: &Graded) -> Markup {
    let unknown: Vec<_> = graded
        .students
        .iter()
        .filter(|student| graded.roster.is_some() && student.row.is_none())
        .collect();
    html! {
        @if !unknown.is_empty() {
            h3 { "Not in the list of students" }
            p {
                "These students are not in the list, so their marks are in " code { "grades.csv" } " only."
            }
            ul .names { @for student in unknown { li { (who::name(graded, student)) } } }
        }
    }
}

fn problems(graded: &Graded) -> Markup {
    let with_problems: Vec<_> = graded
        .students
        .iter()
        .filter(|student| !student.result.problems.is_empty())
        .collect();
    html! {
        @if !with_problems.is_empty() {
            h3 { "Problems" }
            dl .problems {
                @for student in with_problems {
                    div {
                        dt { (who::name(graded, student)) }
                        @for problem in &student.result.problems { dd { (line(problem, LONGEST_PROBLEM)) } }
                    }
                }
            }
        }
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = values[(values.len() - 1) / 2];
    Some(lower.midpoint(upper))
}
