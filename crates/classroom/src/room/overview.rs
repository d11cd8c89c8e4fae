//! The overview of a room: who asks for help, who is where, and what the overview of submissions says about a class.

mod live;

use std::collections::BTreeMap;

use autograder::manifest::Manifest;
use jiff::Timestamp;
use maud::{DOCTYPE, html};

use super::registry::{Learner, Snapshot};
use crate::class_file::Class;
use crate::export::Graded;
use crate::report::{self, Book, Columns, Section, line};
use crate::result::{ExerciseResult, StudentResult};
use crate::roster::Roster;
use crate::submission::room::LearnerState;
use crate::submission::{About, FORMAT, Student, Worked};
use live::{Live, Member};

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
        sections.extend(class.all_learners());
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
                    .map(|(name, state)| (name.clone().into(), result(state).into()))
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
