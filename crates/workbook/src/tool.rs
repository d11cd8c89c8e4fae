//! What most commands need: the project, its grader, and the learner's progress.

use std::env;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use autograder::manifest::{Chapter, Manifest};
use autograder::verdict::{ChapterVerdict, State};
use autograder::{Project, Step};
use sandbox::Cancel;

use crate::answers;
use crate::compile_errors::CompileErrors;
use crate::grader::{Grader, OpenGrader};
use crate::interrupt::Interrupt;
use crate::learner::Learner;
use crate::names::{self, ExerciseRef, Selection};
use crate::progress::Progress;
use crate::room::{Room, delivery};
use crate::terminal::warn;
use crate::update;

/// An open project.
pub struct Tool {
    /// The location of its files.
    pub project: Project,
    /// Grades its answers.
    pub grader: Arc<dyn Grader>,
    /// What the learner has done.
    pub learner: Learner,
    /// Reacts to Ctrl-C.
    pub interrupt: Interrupt,
    /// The class that is told about verdicts, if the learner has joined one.
    pub room: Room,
}

impl Tool {
    /// Opens the project that contains the current folder.
    ///
    /// # Errors
    ///
    /// If there is none, or its manifest is invalid.
    pub fn open(open: &OpenGrader, interrupt: &Interrupt) -> Result<Self> {
        let project = project()?;
        if update::is_unfinished(project.root()) {
            let notice = "An update was interrupted. Run `cargo workbook update` to finish it, and to get your answers back.";
            warn(Some(notice.to_owned()));
        }
        Ok(Self {
            grader: open(project.clone())?,
            learner: Learner::of(project.root()),
            interrupt: interrupt.clone(),
            room: Room::of(project.root()),
            project,
        })
    }

    /// The chapters and exercises.
    pub fn manifest(&self) -> &Manifest {
        self.grader.manifest()
    }

    /// Which exercises contain the compile errors of a chapter.
    pub fn compile_errors(&self, chapter: &Chapter, verdict: &ChapterVerdict) -> CompileErrors {
        let text = answers::text(self.project.root(), chapter.slug());
        // In a file that is not text, the errors cannot be located.
        let text = text.map_or_else(|_| String::new(), |text| text.text);
        CompileErrors::locate(verdict, chapter, &text)
    }

    /// What cancels the work of this command.
    pub fn cancel(&self) -> &Cancel {
        &self.interrupt.cancel
    }

    /// What the learner has done. A notice about that is printed to standard error.
    pub fn progress(&self) -> Progress {
        let (progress, notice) = self.learner.progress();
        warn(notice);
        progress
    }

    /// The exercise of this name, the next one in the chapter of this name, or, without a name, the
    /// current one.
    ///
    /// # Errors
    ///
    /// If there is no such chapter or exercise, or none at all.
    pub fn exercise(&self, name: Option<&str>) -> Result<ExerciseRef<'_>> {
        let selection = name
            .map(|name| names::find(self.manifest(), name))
            .transpose()?;
        let exercises = match selection {
            Some(Selection::Exercise(exercise)) => return Ok(exercise),
            Some(Selection::Chapter(chapter)) => names::of_chapter(chapter).collect(),
            None => names::all(self.manifest()),
        };
        let exercise = current(&exercises, &self.progress());
        exercise.context("There are no exercises here yet.")
    }

    /// Grades a chapter, or one exercise of it.
    ///
    /// # Errors
    ///
    /// As [`Grader::grade`].
    pub fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        on_step: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict> {
        self.grader.grade(chapter, exercise, self.cancel(), on_step)
    }

    /// Records what is solved, and that the learner works on the exercise that was `requested`, if any. Returns a
    /// notice for the learner, if there is one.
    pub fn record(&self, verdict: &ChapterVerdict, requested: Option<&str>) -> Option<String> {
        let exercises = names::all(self.manifest()).into_iter();
        let exercises: Vec<_> = exercises
            .filter(|exercise| exercise.chapter.slug() == verdict.chapter)
            .collect();
        let progress = self.learner.progress().0;
        let mut notice = None;
        for graded in &verdict.exercises {
            let exercise = exercises
                .iter()
                .find(|exercise| exercise.exercise.name() == graded.exercise);
            let Some(exercise) = exercise else { continue };
            let solved = graded.state == State::Solved;
            let is_first_time = solved && progress.of(&exercise.name()).solved.is_none();
            if is_first_time || requested == Some(exercise.exercise.name()) {
                notice = notice.or(self.learner.graded(exercise, solved));
            }
        }
        // Where nothing can be written, the notice says so already. A class must not keep the learner from working.
        let _ = self.room.record(verdict, &self.learner.progress().0);
        notice
    }

    /// For a command that is done: sends its verdicts to the class of the learner, if the network lets it. What cannot be
    /// sent now is sent later.
    pub fn tell_class(&self) {
        if self.room.membership().is_some() {
            delivery::last_try(self.project.root());
        }
    }
}

/// The project that contains the current folder.
///
/// # Errors
///
/// If there is none.
pub fn project() -> Result<Project> {
    let folder = env::current_dir().context("The current folder has been deleted.")?;
    match Project::around(&folder) {
        Some(project) => Ok(project),
        None => bail!(
            "Neither {} nor any folder above it contains a workbook. Change to the folder of the workbook with \
             `cd` and try again.",
            folder.display()
        ),
    }
}

/// The exercise to continue with: the current one, or none if all are solved.
pub fn next_up<'m>(exercises: &[ExerciseRef<'m>], progress: &Progress) -> Option<ExerciseRef<'m>> {
    let current = current(exercises, progress);
    current.filter(|exercise| progress.of(&exercise.name()).solved.is_none())
}

/// The current exercise: the one that was worked on last, or the first unsolved one after it.
pub fn current<'m>(exercises: &[ExerciseRef<'m>], progress: &Progress) -> Option<ExerciseRef<'m>> {
    let is_unsolved = |exercise: &&ExerciseRef<'_>| progress.of(&exercise.name()).solved.is_none();
    let last = exercises
        .iter()
        .position(|exercise| Some(&*exercise.name()) == progress.last());
    let (before, after) = exercises.split_at(last.unwrap_or(0));
    let unsolved = after.iter().chain(before).find(is_unsolved);
    unsolved.or(exercises.get(last.unwrap_or(0))).copied()
}
