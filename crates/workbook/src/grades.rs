//! What the terminal needs of a grader: the autograder, or a stand-in for it in tests.

use anyhow::Result;
use autograder::manifest::Manifest;
use autograder::snippet::{Event, Snippet};
use autograder::verdict::ChapterVerdict;
use autograder::{Autograder, Step};
use sandbox::Cancel;

/// Something that grades answers and runs programs.
pub trait Grades: Send + Sync {
    /// The chapters and exercises.
    fn manifest(&self) -> &Manifest;

    /// Grades a chapter, or one exercise of it.
    ///
    /// # Errors
    ///
    /// As [`Autograder::grade`].
    fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict>;

    /// The text that a chapter's file starts from.
    ///
    /// # Errors
    ///
    /// As [`Autograder::stub`].
    fn stub(&self, chapter: &str) -> Result<String>;

    /// Compiles and runs a program.
    ///
    /// # Errors
    ///
    /// As [`Autograder::run`].
    fn run(
        &self,
        name: &str,
        program: &str,
        cancel: &Cancel,
        on: &mut dyn FnMut(Event),
    ) -> Result<Snippet>;
}

impl Grades for Autograder {
    fn manifest(&self) -> &Manifest {
        self.manifest()
    }

    fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        cancel: &Cancel,
        on: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict> {
        self.grade(chapter, exercise, cancel, on)
    }

    fn stub(&self, chapter: &str) -> Result<String> {
        self.stub(chapter)
    }

    fn run(
        &self,
        name: &str,
        program: &str,
        cancel: &Cancel,
        on: &mut dyn FnMut(Event),
    ) -> Result<Snippet> {
        self.run(name, program, cancel, on)
    }
}
