//! What keeps chapters from compiling, grouped by the first error.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use maud::html;

use super::columns::Columns;
use super::evidence::Evidence;
use super::page::Section;
use super::text::{Book, count, line, prose};
use crate::export::Graded;

/// No message is shown in more characters.
const LONGEST: usize = 300;

/// Chapters that do not compile for the same reason.
struct Group {
    students: usize,
    code: String,
    message: String,
    chapter: String,
    read_on: Option<String>,
}

/// The section.
pub fn section(
    graded: &Graded,
    columns: &Columns<'_>,
    evidence: &Evidence,
    book: Book<'_>,
) -> Option<Section> {
    let groups = groups(graded, columns, evidence);
    if groups.is_empty() {
        return None;
    }
    Some(Section {
        id: "compile-errors",
        title: "Compile errors",
        body: html! {
            p .note { "The first error of each chapter that does not compile. None of its exercises can be graded." }
            ol .reports {
                @for group in &groups {
                    li {
                        p .meta { strong { (count(group.students, "student")) } ", " (group.chapter) }
                        blockquote .report {
                            p { @if !group.code.is_empty() { code { (group.code) } ": " } (prose(&group.message)) }
                            (book.read_on(group.read_on.as_deref()))
                        }
                    }
                }
            }
        },
    })
}

fn groups(graded: &Graded, columns: &Columns<'_>, evidence: &Evidence) -> Vec<Group> {
    let mut all = Vec::new();
    for chapter in columns.by_chapter() {
        let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
        let verdicts = graded
            .students
            .iter()
            .filter_map(|student| Some(&evidence.chapter(student, chapter.first()?)?.verdict));
        for error in verdicts.filter_map(|verdict| verdict.errors.first()) {
            let code = line(error.code.as_deref().unwrap_or_default(), LONGEST);
            let message = line(&error.message, LONGEST);
            let group = groups
                .entry((code.clone(), message.clone()))
                .or_insert_with(|| Group {
                    students: 0,
                    code,
                    message,
                    chapter: chapter[0].chapter.title.clone(),
                    read_on: error.read_on.clone(),
                });
            group.students += 1;
        }
        all.extend(groups.into_values());
    }
    all.sort_by_key(|group| Reverse(group.students));
    all
}
