//! The sections that only a room has: who asks for help, who works on which exercise, and all learners.

use std::collections::BTreeMap;

use autograder::verdict::State;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::report::{self, Book, Columns, Section, block, count, line, scrolled};
use crate::room::registry::{HelpRequest, Learner};
use crate::submission::room::MAX_ANSWER;

/// An open workbook reports once a minute, and the others whenever they grade. After five minutes without a report, the
/// learner has gone or the network has.
const HERE: i64 = 5 * 60;

/// No message is shown in more characters.
const LONGEST_MESSAGE: usize = 500;

/// A learner, for the page.
pub(super) struct Member<'a> {
    pub learner: &'a Learner,
    pub name: Markup,
    /// Whether the learner is in the list of students, if there is one.
    pub is_listed: bool,
    /// How long ago something was heard.
    pub seconds: Option<i64>,
}

impl Member<'_> {
    pub fn is_here(&self) -> bool {
        self.seconds.is_some_and(|seconds| seconds < HERE)
    }
}

/// The class, for the sections that only a room has.
pub(super) struct Live<'a> {
    pub members: Vec<Member<'a>>,
    pub columns: &'a Columns<'a>,
    pub book: Book<'a>,
    pub now: Timestamp,
}

impl Live<'_> {
    /// The learners who ask for help, in the order in which they have asked.
    pub fn help(&self) -> Section {
        let requests = self.members.iter().flat_map(|member| {
            let help = member.learner.help.iter();
            help.map(move |(exercise, request)| (member, exercise, request))
        });
        let mut requests: Vec<_> = requests.collect();
        requests.sort_by_key(|(_, _, request)| request.since);
        Section {
            id: "help",
            title: "Who asks for help",
            body: html! {
                @if requests.is_empty() {
                    p { "No learner asks for help." }
                } @else {
                    ol .help {
                        @for (member, exercise, request) in &requests {
                            li { (self.request(member, exercise, request)) }
                        }
                    }
                }
            },
        }
    }

    fn request(&self, member: &Member<'_>, exercise: &str, request: &HelpRequest) -> Markup {
        let seconds = self.now.as_second() - request.since.as_second();
        let number = member.learner.number;
        let helped = serde_json::json!({ "learner": number, "exercise": exercise });
        html! {
            h3 { (member.name) ": " (self.exercise(exercise)) }
            p .meta { "asked " (ago(seconds)) }
            @if !request.message.trim().is_empty() {
                blockquote { p { (line(&request.message, LONGEST_MESSAGE)) } }
            }
            details #{ "answer-" (number) "-" (exercise) } {
                summary { "The answer" }
                pre { code { (block(&request.answer, MAX_ANSWER)) } }
            }
            p { button type="button" data-action="helped" data-body=(helped.to_string()) { "Done" } }
        }
    }

    /// How many work on which exercise, the most first.
    pub fn places(&self) -> Option<Section> {
        let mut places: BTreeMap<&str, Vec<&Member<'_>>> = BTreeMap::new();
        for member in self.members.iter().filter(|member| member.is_here()) {
            if let Some(exercise) = &member.learner.state.current {
                places.entry(exercise).or_default().push(member);
            }
        }
        if places.is_empty() {
            return None;
        }
        let mut places: Vec<_> = places.into_iter().collect();
        places.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
        let table = html! {
            table {
                caption #who-is-where { "The exercise on which each learner worked last, of those who are here" }
                thead { tr { th scope="col" { "Exercise" } th scope="col" .number { "Learners" } th scope="col" { "Who" } } }
                tbody {
                    @for (exercise, members) in &places {
                        tr {
                            th scope="row" { (self.exercise(exercise)) }
                            td .number { (members.len()) }
                            td { ul .names { @for member in members { li { (member.name) } } } }
                        }
                    }
                }
            }
        };
        Some(Section {
            id: "places",
            title: "Who is where",
            body: scrolled("who-is-where", &table),
        })
    }

    /// All learners, with when something was last heard of them.
    pub fn all_learners(&self) -> Option<Section> {
        if self.members.is_empty() {
            return None;
        }
        let table = html! {
            table {
                caption #all-learners { "In the order in which they joined" }
                thead {
                    tr {
                        th scope="col" { "Learner" }
                        th scope="col" { "Works on" }
                        th scope="col" .number { "Solved" }
                        th scope="col" { "Last heard of" }
                        th scope="col" { "Remove" }
                    }
                }
                tbody { @for member in &self.members { (row(member)) } }
            }
        };
        Some(Section {
            id: "learners",
            title: "All learners",
            body: html! {
                (scrolled("all-learners", &table))
                p .note { "A learner who is removed can join again. What was sent before is deleted." }
            },
        })
    }

    /// An exercise, with a link if there is a book to link to.
    fn exercise(&self, name: &str) -> Markup {
        let mut columns = self.columns.all().iter();
        match columns.find(|column| column.full == name) {
            Some(column) => report::exercise(column, self.book),
            // It does not count in this class.
            None => html! { code { (line(name, 100)) } },
        }
    }
}

fn row(member: &Member<'_>) -> Markup {
    let Learner { number, state, .. } = member.learner;
    let solved = state.exercises.values();
    let solved = solved
        .filter(|exercise| exercise.state == State::Solved)
        .count();
    let remove = serde_json::json!({ "learner": number });
    html! {
        tr {
            th scope="row" { (member.name) @if !member.is_listed { " " small { "not in the list of students" } } }
            td { @if let Some(current) = &state.current { code { (current) } } @else { "–" } }
            td .number { (solved) }
            td {
                @match member.seconds {
                    Some(seconds) => (ago(seconds)),
                    None => "not since the room was opened",
                }
            }
            td {
                button type="button" data-action="remove" data-body=(remove.to_string()) {
                    "Remove" span .hidden { " " (member.name) }
                }
            }
        }
    }
}

/// How long ago something was, in words that do not change every second.
fn ago(seconds: i64) -> String {
    match seconds / 60 {
        ..1 => "less than a minute ago".to_owned(),
        minutes @ 1..120 => format!("{} ago", count(minutes.unsigned_abs() as usize, "minute")),
        minutes => format!("{} hours ago", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn times_are_said_in_words() {
        let all = [0, 59, 60, 150, 3600, 7300].map(ago);
        let expected = [
            "less than a minute ago",
            "less than a minute ago",
            "1 minute ago",
            "2 minutes ago",
            "60 minutes ago",
            "2 hours ago",
        ];
        assert_eq!(all, expected);
    }
}
