//! A class to make an overview of, for tests.

use std::collections::BTreeMap;

use autograder::diagnostic::Diagnostic;
use autograder::manifest::Manifest;
use autograder::verdict::{
    ChapterVerdict, ExerciseVerdict, Misconception, Outcome, State, TestVerdict,
};
use classroom::class_file::Class;
use classroom::export::{Graded, GradedStudent};
use classroom::marks::Marks;
use classroom::report::Overview;
use classroom::result::{StudentResult, of_chapter};
use classroom::roster::Roster;
use classroom::store::{GradedChapter, Store};
use classroom::submission::{About, FORMAT, Student, Worked};
use jiff::tz::TimeZone;
use tempfile::TempDir;

/// A class with its verdicts on the disk.
pub struct TestClass {
    pub graded: Graded,
    pub manifest: Manifest,
    pub stubs: BTreeMap<String, String>,
    store: Store,
    _folder: TempDir,
}

/// What a student has done about one exercise.
#[derive(Clone)]
pub struct Done<'a> {
    pub exercise: &'a str,
    pub state: State,
    /// The known mistake.
    pub mistake: &'a str,
    /// The report of the failing test.
    pub report: &'a str,
    /// The minutes and the hints, if the submission says them.
    pub worked: Option<(u64, usize)>,
}

impl TestClass {
    /// A class with these chapters, each with its exercises, of 10 minutes each.
    pub fn of(chapters: &[(&str, &[&str])]) -> Self {
        let mut text = String::new();
        for (slug, exercises) in chapters {
            text += &format!("[[chapter]]\nslug = \"{slug}\"\ntitle = \"The chapter {slug}\"\n");
            for name in *exercises {
                text += &format!(
                    "[[chapter.exercise]]\nname = \"{name}\"\ntitle = \"Title of {name}\"\nminutes = 10\nteaches = \"\"\nhints = []\n"
                );
            }
        }
        let names = chapters.iter().flat_map(|(slug, exercises)| {
            exercises.iter().map(move |name| format!("{slug}/{name}"))
        });
        let folder = tempfile::tempdir().expect("a folder can be created");
        Self {
            graded: Graded {
                class: Class::of_all(&names.collect::<Vec<_>>()),
                roster: None,
                students: Vec::new(),
            },
            manifest: Manifest::parse(&text).expect("a manifest"),
            stubs: BTreeMap::new(),
            store: Store::at(folder.path().join("verdicts")),
            _folder: folder,
        }
    }

    /// Adds a list of students: its rows below `id,name`.
    pub fn roster(&mut self, rows: &str) {
        let text = format!("id,name\n{rows}");
        let roster = Roster::parse(text.as_bytes(), &TimeZone::UTC).expect("a list of students");
        for student in &mut self.graded.students {
            student.row = roster.find(&student.result.student);
        }
        self.graded.roster = Some(roster);
    }

    /// Adds a student who has submitted one chapter with these answers.
    pub fn student(
        &mut self,
        id: &str,
        name: &str,
        chapter: &str,
        done: &[Done<'_>],
        answers: &str,
    ) {
        let errors = done
            .iter()
            .filter(|done| done.state == State::DoesNotCompile);
        let verdict = ChapterVerdict {
            chapter: chapter.to_owned(),
            exercises: done.iter().map(verdict_of).collect(),
            errors: errors.map(|done| error(done.report)).collect(),
            warnings: Vec::new(),
            changed: Vec::new(),
        };
        let graded = GradedChapter {
            is_final: true,
            verdict,
            answers: answers.to_owned(),
        };
        let id_of_chapter = self.store.add(&graded).expect("writable");
        let verdict = graded.verdict;
        let mut result = StudentResult {
            student: Student {
                id: id.to_owned(),
                name: name.to_owned(),
            },
            origin: format!("{id}.zip"),
            problems: Vec::new(),
            verdicts: BTreeMap::from([(chapter.to_owned(), id_of_chapter)]),
            exercises: of_chapter(&verdict).collect(),
            about: None,
        };
        let worked = done.iter().filter_map(|done| {
            let (minutes, hints) = done.worked?;
            let worked = Worked {
                state: done.state,
                hints,
                solution_shown: false,
                minutes,
            };
            Some((format!("{chapter}/{}", done.exercise), worked))
        });
        let worked: BTreeMap<_, _> = worked.collect();
        if !worked.is_empty() {
            result.about = Some(About {
                format: FORMAT,
                student: result.student.clone(),
                edition: String::new(),
                graders: String::new(),
                libraries: String::new(),
                chapters: vec![chapter.to_owned()],
                exercises: worked,
            });
        }
        let marks = Marks::of(&self.graded.class, &result, None);
        self.graded.students.push(GradedStudent {
            result,
            marks,
            row: None,
        });
    }

    /// Its overview.
    pub fn page(&self) -> String {
        let overview = Overview {
            graded: &self.graded,
            manifest: &self.manifest,
            stubs: self.stubs.clone(),
            store: &self.store,
            date: "2026-12-01",
            book: "book/",
        };
        overview.page().expect("the verdicts are readable")
    }
}

/// An exercise in a state, without anything else.
pub fn done(exercise: &str, state: State) -> Done<'_> {
    Done {
        exercise,
        state,
        mistake: "",
        report: "",
        worked: None,
    }
}

fn verdict_of(done: &Done<'_>) -> ExerciseVerdict {
    let outcome = match done.state {
        State::Solved => Some(Outcome::Passed),
        State::NotStarted => Some(Outcome::NotStarted),
        State::Failing => Some(Outcome::Failed),
        State::Hangs => Some(Outcome::Hangs),
        State::DoesNotCompile | State::GraderChanged => None,
    };
    let test = |outcome| TestVerdict {
        name: format!("{}::works", done.exercise),
        outcome,
        report: done.report.to_owned(),
        timeline_text: String::new(),
        timeline_svg: None,
        output: String::new(),
        in_real_time: false,
    };
    let mistake = (!done.mistake.is_empty()).then(|| Misconception {
        description: done.mistake.to_owned(),
        file: String::new(),
    });
    ExerciseVerdict {
        exercise: done.exercise.to_owned(),
        state: done.state,
        tests: outcome.map(test).into_iter().collect(),
        misconceptions: mistake.into_iter().collect(),
    }
}

fn error(message: &str) -> Diagnostic {
    Diagnostic {
        level: "error".to_owned(),
        code: Some("E0277".to_owned()),
        file: None,
        line: None,
        message: message.to_owned(),
        rendered: message.to_owned(),
        explanation: None,
        read_on: Some("error-messages-await.html#e0277".to_owned()),
    }
}
