//! The state of each exercise of each student.

use autograder::verdict::State;
use maud::{Markup, html};

use super::columns::{Column, Columns};
use super::evidence;
use super::page::{Section, scrolled};
use super::text::{Book, number};
use super::who;
use crate::export::{Graded, GradedStudent};
use crate::marks::written;
use crate::submission::Worked;

/// The widest table that is readable on A4. A class with more exercises has several, one below the other.
const WIDEST: usize = 40;

/// How many students are in the table. More would make a page of tens of megabytes.
const MOST_ROWS: usize = 1000;

/// The states of a cell, with the name of its class.
const STATES: &[(Option<State>, &str)] = &[
    (Some(State::Solved), "solved"),
    (Some(State::Failing), "failing"),
    (Some(State::Hangs), "hangs"),
    (Some(State::DoesNotCompile), "broken"),
    (Some(State::GraderChanged), "changed"),
    (Some(State::NotStarted), "not-started"),
    (None, "missing"),
];

/// What the same table says about submissions and about a class at work.
pub struct Wording {
    /// What it means that nothing is known about an exercise.
    missing: &'static str,
    /// What can be shown below a symbol.
    below: &'static [&'static str],
    /// Where that comes from.
    note: &'static str,
}

/// For what students have handed in.
pub const SUBMITTED: Wording = Wording {
    missing: "not submitted",
    below: &["points", "minutes", "hints"],
    note: "Minutes and hints are what the submissions say. S marks an exercise whose solution was shown.",
};

/// For what their workbooks report while they work.
pub const LIVE: Wording = Wording {
    missing: "not graded yet",
    below: &["minutes", "points"],
    note: "The minutes are what the learners’ workbooks say.",
};

/// The section.
pub fn section(
    graded: &Graded,
    columns: &Columns<'_>,
    book: Book<'_>,
    wording: &Wording,
) -> Option<Section> {
    if graded.students.is_empty() || columns.all().is_empty() {
        return None;
    }
    Some(Section {
        id: "exercises",
        title: "Exercises",
        body: html! {
            (legend(graded, columns, wording))
            (choice(graded, columns, wording))
            @if graded.students.len() > MOST_ROWS {
                p .note {
                    "The table has the first " (MOST_ROWS) " of " (graded.students.len()) " students. All are in " code { "grades.csv" } "."
                }
            }
            @for (index, sheet) in columns.sheets(WIDEST).iter().enumerate() {
                (table(graded, index, sheet, book, wording))
            }
        },
    })
}

/// The symbol of a state, which is readable without colours. The first of them are those of the terminal.
fn symbol(state: Option<State>, wording: &Wording) -> Markup {
    let symbol = match state {
        Some(State::Solved) => "✓",
        Some(State::Failing) => "✗",
        Some(State::NotStarted) => "·",
        Some(State::GraderChanged) => "!",
        Some(State::Hangs) => "∞",
        Some(State::DoesNotCompile) => "⊘",
        None => "–",
    };
    let description = state.map_or(wording.missing, description);
    html! { span .symbol role="img" aria-label=(description) { (symbol) } }
}

/// A state in a few words.
pub fn description(state: State) -> &'static str {
    match state {
        State::Solved => "solved",
        State::Failing => "failing",
        State::NotStarted => "not started",
        State::GraderChanged => "its tests were changed",
        State::Hangs => "hangs",
        State::DoesNotCompile => "does not compile",
    }
}

fn class(state: Option<State>) -> &'static str {
    let known = STATES.iter().find(|(known, _)| *known == state);
    known.map_or("missing", |(_, class)| class)
}

/// What the symbols mean, and how often each occurs.
fn legend(graded: &Graded, columns: &Columns<'_>, wording: &Wording) -> Markup {
    let count = |wanted: Option<State>| {
        let students = graded.students.iter();
        let cells = students.flat_map(|student| {
            let columns = columns.all().iter();
            columns.map(move |column| evidence::state(student, column))
        });
        cells.filter(|state| *state == wanted).count()
    };
    html! {
        ul .legend {
            @for &(state, class) in STATES {
                @let count = count(state);
                @if count > 0 || state != Some(State::GraderChanged) {
                    li {
                        span class={ "key " (class) } aria-hidden="true" { (symbol(state, wording)) }
                        (state.map_or(wording.missing, description)) ": " (count)
                    }
                }
            }
        }
    }
}

/// What the second line of each cell is about. Style sheets do the rest, so it needs no script.
fn choice(graded: &Graded, columns: &Columns<'_>, wording: &Wording) -> Markup {
    let is_known = graded.students.iter().any(|student| {
        let mut columns = columns.all().iter();
        columns.any(|column| worked(student, column).is_some())
    });
    html! {
        @if is_known {
            fieldset .choice {
                legend { "Below each symbol" }
                @for (index, what) in wording.below.iter().enumerate() {
                    label { input type="radio" name="below" id={ "below-" (what) } checked[index == 0]; " " (what) }
                }
            }
            p .note { (wording.note) }
        }
    }
}

fn table(
    graded: &Graded,
    index: usize,
    chapters: &[&[Column<'_>]],
    book: Book<'_>,
    wording: &Wording,
) -> Markup {
    let caption = format!("map-{index}");
    let columns = || chapters.iter().flat_map(|chapter| chapter.iter());
    let has_points = index == 0;
    let titles: Vec<_> = [chapters.first(), chapters.last()]
        .into_iter()
        .flatten()
        .filter_map(|chapter| Some(&*chapter.first()?.chapter.title))
        .collect();
    let table = html! {
        table .map {
            caption #(caption) {
                @match &*titles {
                    [first, last] if first != last => { (first) " to " (last) }
                    titles => { (titles.first().copied().unwrap_or_default()) }
                }
            }
            thead {
                tr {
                    th scope="col" rowspan="3" .who data-sort="name" { "Student" }
                    @if has_points {
                        th scope="col" rowspan="3" .total data-sort="points" { "Points" }
                    }
                    @for chapter in chapters {
                        th scope="colgroup" colspan=(chapter.len()) .chapter { span { (chapter[0].chapter.title) } }
                    }
                }
                tr {
                    @for column in columns() {
                        th scope="col" .exercise title=(column.exercise.title) {
                            (book.link(&column.page(), &html! { (column.exercise.name()) }))
                        }
                    }
                }
                tr .worth {
                    @for column in columns() {
                        td { span .hidden { "worth " } (written(column.worth.points)) }
                    }
                }
            }
            tbody {
                @for student in graded.students.iter().take(MOST_ROWS) {
                    tr data-points=(student.marks.total) {
                        th scope="row" .who { (who::name(graded, student)) }
                        @if has_points { (total(student)) }
                        @for column in columns() { (cell(student, column, wording)) }
                    }
                }
            }
            tfoot {
                tr {
                    th scope="row" .who { "Solved by" }
                    @if has_points { td {} }
                    @for column in columns() { td { (solved_by(graded, column)) } }
                }
            }
        }
    };
    scrolled(&caption, &table)
}

fn total(student: &GradedStudent) -> Markup {
    let marks = &student.marks;
    html! {
        td .total {
            (written(marks.total)) small { " of " (written(marks.of)) }
            @if marks.deduction > 0.0 { small .late { " late: −" (written(marks.deduction)) } }
        }
    }
}

fn cell(student: &GradedStudent, column: &Column<'_>, wording: &Wording) -> Markup {
    let state = evidence::state(student, column);
    let points = student.marks.exercises.get(column.index).copied();
    let worked = worked(student, column);
    html! {
        td class=(class(state)) {
            (symbol(state, wording))
            @if let Some(points) = points.filter(|points| *points > 0.0) { span .points { (written(points)) } }
            @if let Some(worked) = worked {
                @if worked.minutes > 0 { span .minutes { (number(worked.minutes)) } }
                @if let Some(hints) = hints(worked) { span .hints { (hints) } }
            }
        }
    }
}

/// The hints that were shown, and a mark if the solution was; `None` if there was neither.
pub fn hints(worked: Worked) -> Option<String> {
    let shown = if worked.solution_shown { "S" } else { "" };
    match number(worked.hints as u64) {
        _ if worked.hints == 0 && shown.is_empty() => None,
        _ if worked.hints == 0 => Some(shown.to_owned()),
        hints => Some(hints + shown),
    }
}

/// What the submission says about an exercise.
pub fn worked(student: &GradedStudent, column: &Column<'_>) -> Option<Worked> {
    let about = student.result.about.as_ref()?;
    about.exercises.get(column.full).copied()
}

fn solved_by(graded: &Graded, column: &Column<'_>) -> usize {
    let students = graded.students.iter();
    let states = students.map(|student| evidence::state(student, column));
    states.filter(|state| *state == Some(State::Solved)).count()
}
