//! What commands work with.

use std::env;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use autograder::manifest::{Chapter, Manifest};
use autograder::verdict::{ChapterVerdict, State};
use autograder::{Project, Step};
use sandbox::Cancel;

use crate::answers;
use crate::culprits::Culprits;
use crate::grades::Grades;
use crate::interrupt::Interrupt;
use crate::learner::Learner;
use crate::names::{self, Named, Place};
use crate::progress::Progress;
use crate::terminal::paint;
use crate::{Open, terminal};

/// An opened project.
pub struct Tool {
    /// Where its files are.
    pub project: Project,
    /// What grades its answers.
    pub grades: Arc<dyn Grades>,
    /// What the learner has done.
    pub learner: Learner,
    /// Ctrl-C.
    pub interrupt: Interrupt,
}

impl Tool {
    /// Opens the project around the current folder.
    ///
    /// # Errors
    ///
    /// If there is none, or its manifest has a mistake.
    pub fn open(open: &Open, interrupt: &Interrupt) -> Result<Self> {
        let project = project()?;
        Ok(Self {
            grades: open(project.clone())?,
            learner: Learner::of(project.root()),
            interrupt: interrupt.clone(),
            project,
        })
    }

    /// The chapters and exercises.
    pub fn manifest(&self) -> &Manifest {
        self.grades.manifest()
    }

    /// Whose the mistake is, if a chapter does not compile.
    pub fn culprits(&self, chapter: &Chapter, verdict: &ChapterVerdict) -> Culprits {
        let text = answers::text(self.project.root(), chapter.slug());
        // A file that is no text has no exercises to tell apart.
        let text = text.map_or_else(|_| String::new(), |text| text.text);
        Culprits::of(verdict, chapter, &text)
    }

    /// What cancels the work of this command.
    pub fn cancel(&self) -> &Cancel {
        &self.interrupt.cancel
    }

    /// What the learner has done; what is to be said about that goes to standard error.
    pub fn progress(&self) -> Progress {
        let (progress, notice) = self.learner.progress();
        tell(notice);
        progress
    }

    /// The exercise that is meant: the one that is named, the next of the chapter that is named, or
    /// the one that the learner is at.
    ///
    /// # Errors
    ///
    /// If there is no such chapter or exercise, or none at all.
    pub fn exercise(&self, name: Option<&str>) -> Result<Place<'_>> {
        let named = name
            .map(|name| names::find(self.manifest(), name))
            .transpose()?;
        let places = match named {
            Some(Named::Exercise(place)) => return Ok(place),
            Some(Named::Chapter(chapter)) => names::of_chapter(chapter).collect(),
            None => names::all(self.manifest()),
        };
        let place = current(&places, &self.progress());
        place.context("There are no exercises here yet.")
    }

    /// Grades and notes what became of it.
    ///
    /// # Errors
    ///
    /// As [`Grades::grade`].
    pub fn grade(
        &self,
        chapter: &str,
        exercise: Option<&str>,
        on: &mut dyn FnMut(Step),
    ) -> Result<ChapterVerdict> {
        self.grades.grade(chapter, exercise, self.cancel(), on)
    }

    /// Notes what is solved, and that the learner works on the exercise that was `asked` for, if it was one.
    pub fn note(&self, verdict: &ChapterVerdict, asked: Option<&str>) -> Option<String> {
        let places = names::all(self.manifest()).into_iter();
        let places: Vec<_> = places
            .filter(|place| place.chapter.slug() == verdict.chapter)
            .collect();
        let progress = self.learner.progress().0;
        let mut notice = None;
        for graded in &verdict.exercises {
            let place = places
                .iter()
                .find(|place| place.exercise.name() == graded.exercise);
            let Some(place) = place else { continue };
            let solved = graded.state == State::Solved;
            let is_news = solved && progress.of(&place.name()).solved.is_none();
            if is_news || asked == Some(place.exercise.name()) {
                notice = notice.or(self.learner.graded(place, solved));
            }
        }
        notice
    }
}

/// The project around the current folder.
///
/// # Errors
///
/// If there is none.
pub fn project() -> Result<Project> {
    let folder = env::current_dir().context("The current folder is gone.")?;
    match Project::around(&folder) {
        Some(project) => Ok(project),
        None => bail!(
            "There is no workbook in {} or around it. Go to the folder that you cloned, with `cd`, and try again.",
            folder.display()
        ),
    }
}

/// The exercise that the learner is at: the last one, or the first unsolved one after it.
pub fn current<'m>(places: &[Place<'m>], progress: &Progress) -> Option<Place<'m>> {
    let is_unsolved = |place: &&Place<'_>| progress.of(&place.name()).solved.is_none();
    let last = places
        .iter()
        .position(|place| Some(&*place.name()) == progress.last());
    let (before, after) = places.split_at(last.unwrap_or(0));
    let unsolved = after.iter().chain(before).find(is_unsolved);
    unsolved.or(places.get(last.unwrap_or(0))).copied()
}

/// Says a sentence on standard error, if there is one.
pub fn tell(notice: Option<String>) {
    if let Some(notice) = notice {
        anstream::eprintln!("{}", terminal::wrapped(&paint::warning(&notice)));
    }
}
