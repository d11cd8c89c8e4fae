//! The misconceptions of a class, ordered by how many students have them.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::Overview;
use super::answer_sample::{Names, Sample, sample};
use super::columns::{Column, Columns};
use super::evidence::Evidence;
use super::page::Section;
use super::text::{Book, Report, count, line, prose};
use super::who;
use crate::export::{Graded, GradedStudent};

/// On a page that changes all the time, more would hide what follows.
const MOST_LIVE: usize = 12;

/// A mistake that graders know, and who has made it.
struct Mistake<'a> {
    column: Column<'a>,
    sentence: &'a str,
    students: Vec<&'a GradedStudent>,
}

/// The section.
pub fn section(
    overview: &Overview<'_>,
    columns: &Columns<'_>,
    evidence: &Evidence,
    book: Book<'_>,
) -> Option<Section> {
    let graded = overview.graded;
    let mistakes = mistakes(&graded.students, columns);
    let names = Names::of(graded);
    let all = graded.students.len();
    Some(Section {
        id: "misconceptions",
        title: "Misconceptions",
        body: html! {
            @if mistakes.is_empty() {
                p { "No answer has a mistake that is known." }
            } @else {
                p .note {
                    "What answers do that fail in the same way as a known wrong answer and have similar code. This part names no student: \
                     comments, which could identify their author, are left out of the answers, and an answer that contains a \
                     student’s name is not shown."
                }
                ol .mistakes {
                    @for mistake in &mistakes {
                        (shown(mistake, all, overview, evidence, &names, book))
                    }
                }
            }
        },
    })
}

/// The section about a class at work. The teacher goes to those who make the mistake, so it names them, and there are no
/// answers.
pub fn live_section(graded: &Graded, columns: &Columns<'_>, book: Book<'_>) -> Option<Section> {
    let mistakes = mistakes(&graded.students, columns);
    let all = graded.students.len();
    if mistakes.is_empty() {
        return None;
    }
    Some(Section {
        id: "misconceptions",
        title: "Misconceptions",
        body: html! {
            p .note { "What answers do that fail in the same way as a known wrong answer and have similar code." }
            ol .mistakes {
                @for mistake in mistakes.iter().take(MOST_LIVE) {
                    li {
                        h3 { (prose(&line(mistake.sentence, 300))) }
                        p .meta {
                            strong { (mistake.students.len()) } " of " (count(all, "learner")) ", "
                            (exercise(&mistake.column, book))
                        }
                        ul .names { @for student in &mistake.students { li { (who::name(graded, student)) } } }
                    }
                }
            }
            @if mistakes.len() > MOST_LIVE {
                p .note { (count(mistakes.len() - MOST_LIVE, "more misconception")) ", of fewer learners." }
            }
        },
    })
}

/// The mistakes, the most frequent first, and those of equal frequency in the order of the book.
fn mistakes<'a>(students: &'a [GradedStudent], columns: &Columns<'a>) -> Vec<Mistake<'a>> {
    let mut mistakes: Vec<Mistake<'a>> = Vec::new();
    for &column in columns.all() {
        let first = mistakes.len();
        for student in students {
            let Some(result) = student.result.exercises.get(column.full) else {
                continue;
            };
            for sentence in &result.mistakes {
                let mut known = mistakes[first..].iter_mut();
                match known.find(|mistake| mistake.sentence == sentence) {
                    Some(mistake) => mistake.students.push(student),
                    None => mistakes.push(Mistake {
                        column,
                        sentence,
                        students: vec![student],
                    }),
                }
            }
        }
    }
    mistakes.sort_by_key(|mistake| Reverse(mistake.students.len()));
    mistakes
}

fn shown(
    mistake: &Mistake<'_>,
    all: usize,
    overview: &Overview<'_>,
    evidence: &Evidence,
    names: &Names,
    book: Book<'_>,
) -> Markup {
    let column = &mistake.column;
    let mut students = mistake.students.iter();
    let report = students.find_map(|student| evidence.first_report(student, column));
    let answers = mistake.students.iter().filter_map(|student| {
        let chapter = evidence.chapter(student, column)?;
        Some(&*chapter.answers)
    });
    let stub = overview.stubs.get(column.chapter.slug());
    let stub = stub.map_or("", |stub| stub);
    let sample = sample(answers, column.exercise.name(), stub, names);
    html! {
        li {
            h3 { (prose(&line(mistake.sentence, 300))) }
            p .meta {
                strong { (mistake.students.len()) } " of " (count(all, "student")) ", "
                (exercise(column, book))
            }
            @if let Some(report) = &report { (report_of(report, book)) }
            @match sample {
                Sample::Code(code) => {
                    details {
                        summary { "One answer" }
                        pre { code { (code) } }
                    }
                }
                Sample::Identifying => p .note { "No answer is shown: each contains a name of a student." },
                Sample::Missing => p .note { "No answer is shown: none was stored." },
            }
        }
    }
}

/// An exercise, with a link to its page.
pub fn exercise(column: &Column<'_>, book: Book<'_>) -> Markup {
    let name = html! { code { (column.full) } };
    html! { (book.link(&column.page(), &name)) " (" (prose(&column.exercise.title)) ")" }
}

/// A report, with a link to what explains it.
pub fn report_of(report: &Report, book: Book<'_>) -> Markup {
    html! {
        blockquote .report {
            p { (prose(&report.sentences)) }
            (book.read_on(report.read_on.as_deref()))
        }
    }
}
