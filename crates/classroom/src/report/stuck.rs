//! The students who have started an exercise and not solved it, and have spent the most time on it.

use std::cmp::Reverse;

use autograder::verdict::State;
use maud::{Markup, html};

use super::columns::{Column, Columns};
use super::evidence::{Evidence, state};
use super::heat_map::{description, hints, worked};
use super::known_mistakes::exercise;
use super::page::{Section, scrolled};
use super::text::{Book, count, line, number, prose};
use super::who;
use crate::export::{Graded, GradedStudent};

/// More rows would hide those that need help first.
const ROWS: usize = 20;

/// No cause is shown in more characters.
const LONGEST: usize = 200;

/// A student, with the exercise that took the most time of those that are started and not solved.
struct Stuck<'a> {
    student: &'a GradedStudent,
    column: Column<'a>,
    minutes: u64,
    others: usize,
}

/// The section. It says how many hints were shown only if that is known.
pub fn section(
    graded: &Graded,
    columns: &Columns<'_>,
    evidence: &Evidence,
    book: Book<'_>,
    with_hints: bool,
) -> Option<Section> {
    let students = graded.students.iter();
    let mut stuck: Vec<_> = students
        .filter_map(|student| stuck(student, columns))
        .collect();
    stuck.sort_by_key(|stuck| Reverse((stuck.minutes, stuck.others)));
    if stuck.is_empty() {
        return None;
    }
    Some(Section {
        id: "stuck",
        title: "Who is stuck",
        body: html! {
            p .note { "Students who have started an exercise and not solved it, with the exercise that took them the most minutes." }
            (table(graded, &stuck, evidence, book, with_hints))
            @if stuck.len() > ROWS {
                p .note { (count(stuck.len() - ROWS, "more student")) ", who have spent less time." }
            }
        },
    })
}

fn stuck<'a>(student: &'a GradedStudent, columns: &Columns<'a>) -> Option<Stuck<'a>> {
    let minutes = |column: &Column<'_>| worked(student, column).map_or(0, |worked| worked.minutes);
    // If one answer does not compile, nothing in its file is graded. Time tells on which the student has worked.
    let is_started = |column: &&Column<'_>| match state(student, column) {
        Some(State::Failing | State::Hangs) => true,
        Some(State::DoesNotCompile) => student.result.about.is_none() || minutes(column) > 0,
        _ => false,
    };
    let started: Vec<_> = columns.all().iter().filter(is_started).collect();
    // Of several with the same time, the first in the book.
    let column = **started.iter().rev().max_by_key(|column| minutes(column))?;
    Some(Stuck {
        student,
        column,
        minutes: minutes(&column),
        others: started.len() - 1,
    })
}

fn table(
    graded: &Graded,
    stuck: &[Stuck<'_>],
    evidence: &Evidence,
    book: Book<'_>,
    with_hints: bool,
) -> Markup {
    let table = html! {
        table {
            caption #most-time { "Most time first" }
            thead {
                tr {
                    th scope="col" { "Student" }
                    th scope="col" .number { "Minutes" }
                    @if with_hints { th scope="col" .number { "Hints" } }
                    th scope="col" { "Exercise" }
                    th scope="col" { "What is wrong" }
                }
            }
            tbody { @for stuck in stuck.iter().take(ROWS) { (row(graded, stuck, evidence, book, with_hints)) } }
        }
    };
    scrolled("most-time", &table)
}

fn row(
    graded: &Graded,
    stuck: &Stuck<'_>,
    evidence: &Evidence,
    book: Book<'_>,
    with_hints: bool,
) -> Markup {
    let Stuck {
        student,
        column,
        minutes,
        others,
    } = stuck;
    html! {
        tr {
            th scope="row" { (who::name(graded, student)) }
            td .number { @if *minutes > 0 { (number(*minutes)) } @else { "–" } }
            @if with_hints {
                td .number { (worked(student, column).and_then(hints).as_deref().unwrap_or("–")) }
            }
            td {
                (exercise(column, book))
                @if *others > 0 { span .others { " and " (count(*others, "other")) } }
            }
            td {
                (state(student, column).map_or("", description))
                @if let Some(cause) = cause(student, column, evidence) { ": " (prose(&cause)) }
            }
        }
    }
}

/// The mistake, if it is known, and otherwise what the first report begins with.
fn cause(student: &GradedStudent, column: &Column<'_>, evidence: &Evidence) -> Option<String> {
    let result = student.result.exercises.get(column.full)?;
    if let Some(mistake) = result.mistakes.first() {
        return Some(line(mistake, LONGEST));
    }
    if result.state == State::DoesNotCompile {
        let chapter = evidence.chapter(student, column)?;
        return Some(line(&chapter.verdict.errors.first()?.message, LONGEST));
    }
    let report = evidence.first_report(student, column)?;
    Some(line(report.first_sentence(), LONGEST))
}
