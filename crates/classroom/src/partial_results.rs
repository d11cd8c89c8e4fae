//! The results of a submission while it is being graded, in a file that is complete at any moment: a system with a time limit
//! reads it whatever has become of this process.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use autograder::files;
use autograder::verdict::ChapterVerdict;
use jiff::Timestamp;

use crate::class_file::Class;
use crate::export::{Format, GradedStudent, Report};
use crate::grading::Grade;
use crate::marks::Marks;
use crate::result::{StudentResult, of_chapter};
use crate::submission::Student;

/// Grades a submission, and writes its results so far after each chapter.
pub struct WithPartialResults<'a> {
    grader: &'a dyn Grade,
    class: &'a Class,
    file: &'a Path,
    format: Format,
    graded: Mutex<Vec<ChapterVerdict>>,
}

impl<'a> WithPartialResults<'a> {
    /// Writes the file for the first time, before anything has been graded.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn new(
        grader: &'a dyn Grade,
        class: &'a Class,
        file: &'a Path,
        format: Format,
    ) -> Result<Self> {
        let own = Self {
            grader,
            class,
            file,
            format,
            graded: Mutex::default(),
        };
        own.write(&[])?;
        Ok(own)
    }

    fn write(&self, graded: &[ChapterVerdict]) -> Result<()> {
        let verdicts = graded
            .iter()
            .map(|verdict| (verdict.chapter.clone(), String::new()));
        let result = StudentResult {
            student: Student::default(),
            origin: String::new(),
            problems: Vec::new(),
            verdicts: verdicts.collect(),
            exercises: graded.iter().flat_map(of_chapter).collect(),
            about: None,
        };
        let student = GradedStudent {
            marks: Marks::of(self.class, &result, None),
            result,
            row: None,
        };
        let report = Report {
            class: self.class,
            student: &student,
            verdicts: graded.to_vec(),
            is_complete: false,
        };
        let now = format!("{:.0}", Timestamp::now());
        files::write_atomically(self.file, report.in_format(self.format, &now)?)
    }
}

impl Grade for WithPartialResults<'_> {
    fn chapters(&self) -> Vec<String> {
        self.grader.chapters()
    }

    fn root(&self) -> Result<Vec<u8>> {
        self.grader.root()
    }

    fn key(&self, answers: &Path, chapter: &str) -> Result<String> {
        self.grader.key(answers, chapter)
    }

    fn grade(&self, answers: &Path, chapter: &str) -> Result<ChapterVerdict> {
        let verdict = self.grader.grade(answers, chapter)?;
        let mut graded = self.graded.lock().unwrap_or_else(PoisonError::into_inner);
        // A verdict that depends on real time is reached twice.
        graded.retain(|other| other.chapter != verdict.chapter);
        graded.push(verdict.clone());
        self.write(&graded)?;
        Ok(verdict)
    }
}
