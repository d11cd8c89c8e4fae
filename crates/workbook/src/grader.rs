//! The interface to the grader: the autograder, or a fake in tests.

use std::sync::Arc;

use anyhow::Result;
use autograder::manifest::Manifest;
use autograder::snippet::{Event, Program, Snippet};
use autograder::verdict::ChapterVerdict;
use autograder::{Autograder, Project, Step};
use sandbox::Cancel;

/// Creates the grader of a project.
pub type OpenGrader = dyn Fn(Project) -> Result<Arc<dyn Grader>>;

/// Grades answers and runs programs.
pub trait Grader: Send + Sync {
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
        on_step: &mut dyn FnMut(Step),
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
        program: &Program<'_>,
        cancel: &Cancel,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<Snippet>;
}

impl Grader for Autograder {
    fn manifest(&self) -> &Manifest {
        self.manifest()
    }

    fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        cancel: &Cancel,
        on_step: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict> {
        self.grade(chapter, exercise, cancel, on_step)
    }

    fn stub(&self, chapter: &str) -> Result<String> {
        self.stub(chapter)
    }

    fn run(
        &self,
        program: &Program<'_>,
        cancel: &Cancel,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<Snippet> {
        self.run(program, cancel, on_event)
    }
}
