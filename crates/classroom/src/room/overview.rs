//! The overview of a room: who asks for help, who is where, and what the overview of submissions says about a class.

use std::collections::BTreeMap;

use autograder::manifest::Manifest;
use autograder::verdict::State;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use super::registry::{HelpRequest, Learner, Snapshot};
use crate::class_file::Class;
use crate::export::Graded;
use crate::report::{self, Book, Columns, Section, block, count, line, scrolled};
use crate::result::{ExerciseResult, StudentResult};
use crate::roster::Roster;
use crate::submission::room::{LearnerState, MAX_ANSWER};
use crate::submission::{About, FORMAT, Student, Worked};

/// An open workbook reports once a minute, and the others whenever they grade. After five minutes without a report, the
/// learner has gone or the network has.
const HERE: i64 = 5 * 60;

/// No message is shown in more characters.
const LONGEST_MESSAGE: usize = 500;

/// What the page is made with, besides the room.
pub struct View {
    /// The exercises that count.
    pub class: Class,
    /// The list of students, if there is one.
    pub roster: Option<Roster>,
    /// The chapters and exercises.
    pub manifest: Manifest,
    /// Where links to the book lead; nowhere if it is empty.
    pub book: String,
    /// The addresses with which learners join.
    pub addresses: Vec<String>,
}

/// What the page shows.
pub struct Drawn {
    /// How many requests for help there are.
    pub asking: usize,
    /// The sections.
    pub html: String,
}

/// The style of the page.
pub fn style() -> String {
    report::style() + include_str!("room.css")
}

impl View {
    /// The page without the class.
    pub fn page(&self) -> String {
        let title = self.title();
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) }
                    link rel="stylesheet" href="/room.css";
                    script type="module" src="/room.js" {}
                }
                body {
                    header {
                        h1 { (title) }
                        p #connection role="status" { "Connecting…" }
                    }
                    main #room {}
                }
            }
        };
        page.into_string()
    }

    fn title(&self) -> String {
        line(&self.class.title, 200)
    }

    /// What the room looks like at this time.
    pub fn draw(&self, room: &Snapshot, now: Timestamp) -> Drawn {
        let learners: Vec<_> = room
            .learners
            .iter()
            .map(|(learner, _)| &**learner)
            .collect();
        let graded = self.graded(&learners);
        let columns = Columns::of(&self.class, &self.manifest);
        let class = Live {
            members: room
                .learners
                .iter()
                .zip(&graded.students)
                .map(|((learner, heard), student)| Member {
                    learner,
                    name: report::name(&graded, student),
                    is_listed: graded.roster.is_none() || student.row.is_some(),
                    seconds: heard.map(|heard| (now.as_second() - heard.as_second()).max(0)),
                })
                .collect(),
            columns: &columns,
            book: Book(&self.book),
            now,
        };
        let mut sections = vec![self.joining(room, &class), class.help()];
        sections.extend(class.places());
        sections.extend(report::live_sections(&graded, &columns, class.book));
        sections.extend(class.everybody());
        let html = html! {
            @for section in &sections {
                section #(section.id) aria-labelledby={ (section.id) "-title" } {
                    h2 #{ (section.id) "-title" } { (section.title) }
                    (section.body)
                }
            }
        };
        Drawn {
            asking: learners.iter().map(|learner| learner.help.len()).sum(),
            html: html.into_string(),
        }
    }

    /// The class as if each state were a submission.
    fn graded(&self, learners: &[&Learner]) -> Graded {
        let results = learners.iter().map(|learner| {
            let LearnerState { exercises, .. } = &learner.state;
            let result = |state: &crate::submission::room::ExerciseState| ExerciseResult {
                state: state.state,
                passed: 0,
                tests: 0,
                mistakes: state.mistakes.clone(),
            };
            let results = exercises.iter();
            StudentResult {
                student: learner.student.clone(),
                origin: String::new(),
                problems: Vec::new(),
                verdicts: BTreeMap::new(),
                exercises: results
                    .map(|(name, state)| (name.clone(), result(state)))
                    .collect(),
                about: Some(about(&learner.student, &learner.state)),
            }
        });
        let graded = Graded::new(self.class.clone(), self.roster.clone(), results.collect());
        debug_assert_eq!(graded.students.len(), learners.len());
        graded
    }

    /// How learners join, and how many have.
    fn joining(&self, room: &Snapshot, class: &Live<'_>) -> Section {
        let here = class
            .members
            .iter()
            .filter(|member| member.is_here())
            .count();
        Section {
            id: "joining",
            title: "The room",
            body: html! {
                dl .numbers {
                    div { dt { "Learners" } dd { (class.members.len()) } }
                    div { dt { "Here now" } dd { (here) } }
                    @if let Some(roster) = &self.roster {
                        div { dt { "Students in the list" } dd { (roster.rows.len()) } }
                    }
                }
                @if room.is_open {
                    p { "Learners join with" }
                    @for address in &self.addresses {
                        pre { code { "cargo workbook class join " (address) " " (room.code) } }
                    }
                    p { button type="button" data-action="open" data-body=(r#"{"open":false}"#) { "Close the room to new learners" } }
                } @else {
                    p { "No more learners can join." }
                    p { button type="button" data-action="open" data-body=(r#"{"open":true}"#) { "Let learners join" } }
                }
            },
        }
    }
}

fn about(student: &Student, state: &LearnerState) -> About {
    let exercises = state.exercises.iter().map(|(name, exercise)| {
        let worked = Worked {
            state: exercise.state,
            hints: 0,
            solution_shown: false,
            minutes: exercise.minutes,
        };
        (name.clone(), worked)
    });
    About {
        format: FORMAT,
        student: student.clone(),
        edition: String::new(),
        graders: String::new(),
        libraries: String::new(),
        chapters: Vec::new(),
        exercises: exercises.collect(),
    }
}

/// A learner, for the page.
struct Member<'a> {
    learner: &'a Learner,
    name: Markup,
    /// Whether the learner is in the list of students, if there is one.
    is_listed: bool,
    /// How long ago something was heard.
    seconds: Option<i64>,
}

impl Member<'_> {
    fn is_here(&self) -> bool {
        self.seconds.is_some_and(|seconds| seconds < HERE)
    }
}

/// The class, for the sections that only a room has.
struct Live<'a> {
    members: Vec<Member<'a>>,
    columns: &'a Columns<'a>,
    book: Book<'a>,
    now: Timestamp,
}

impl Live<'_> {
    /// Who asks for help, in the order in which they have asked.
    fn help(&self) -> Section {
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
    fn places(&self) -> Option<Section> {
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
    fn everybody(&self) -> Option<Section> {
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
