//! Reports on answers that fail and whose mistake is not known, grouped by their first sentence.

use std::cmp::Reverse;

use autograder::misconception::fingerprint_of;
use autograder::verdict::State;
use maud::html;

use super::columns::{Column, Columns};
use super::evidence::{Evidence, state};
use super::known_mistakes::{exercise, report_of};
use super::page::Section;
use super::text::{Book, Report, count};
use crate::export::Graded;

/// Reports that begin with the same sentence.
struct Group<'a> {
    column: Column<'a>,
    /// The first sentence without what differs from run to run, such as the numbers of lines.
    fingerprint: String,
    first: Report,
    students: usize,
}

/// The section.
pub fn section(
    graded: &Graded,
    columns: &Columns<'_>,
    evidence: &Evidence,
    book: Book<'_>,
) -> Option<Section> {
    let (groups, without) = groups(graded, columns, evidence);
    if groups.is_empty() && without == 0 {
        return None;
    }
    Some(Section {
        id: "other-reports",
        title: "Other failing answers",
        body: html! {
            p .note { "Answers that fail, and whose mistake is none of those that are known, grouped by the first sentence of their reports." }
            ol .reports {
                @for group in &groups {
                    li {
                        p .meta { strong { (count(group.students, "student")) } ", " (exercise(&group.column, book)) }
                        (report_of(&group.first, book))
                    }
                }
            }
            @if without > 0 {
                p .note {
                    (count(without, "more failing answer"))
                    " without a report that was kept: such a verdict depends on how busy the machine was."
                }
            }
        },
    })
}

/// The groups, the largest first, and how many answers have no report.
fn groups<'a>(
    graded: &'a Graded,
    columns: &Columns<'a>,
    evidence: &Evidence,
) -> (Vec<Group<'a>>, usize) {
    let (mut groups, mut without) = (Vec::<Group<'a>>::new(), 0);
    for &column in columns.all() {
        let begin = groups.len();
        for student in &graded.students {
            let fails = matches!(state(student, &column), Some(State::Failing | State::Hangs));
            let result = student.result.exercises.get(column.full);
            if !fails || result.is_some_and(|result| !result.mistakes.is_empty()) {
                continue;
            }
            let Some(report) = evidence.first_report(student, &column) else {
                without += 1;
                continue;
            };
            let fingerprint = fingerprint_of(report.first_sentence());
            let mut known = groups[begin..].iter_mut();
            match known.find(|group| group.fingerprint == fingerprint) {
                Some(group) => group.students += 1,
                None => groups.push(Group {
                    column,
                    fingerprint,
                    first: report,
                    students: 1,
                }),
            }
        }
    }
    groups.sort_by_key(|group| Reverse(group.students));
    (groups, without)
}
