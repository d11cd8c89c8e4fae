//! Grades in the background, one exercise at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use sandbox::Cancel;

use super::event::Event;
use crate::grader::Grader;
use crate::names::ExerciseRef;

/// The grading that runs, if any.
#[derive(Debug)]
pub struct Grading {
    tx: Sender<Event>,
    cancel: Cancel,
    /// Its number. Events of older gradings are ignored.
    pub number: u64,
}

impl Grading {
    /// No grading runs yet. Results are sent to `tx`.
    pub fn new(tx: Sender<Event>) -> Self {
        Self {
            tx,
            cancel: Cancel::default(),
            number: 0,
        }
    }

    /// Starts to grade an exercise, and cancels the grading that runs.
    pub fn start(&mut self, grader: &Arc<dyn Grader>, exercise: &ExerciseRef<'_>) {
        self.cancel.cancel();
        self.cancel = Cancel::default();
        self.number += 1;
        let (number, cancel, tx) = (self.number, self.cancel.clone(), self.tx.clone());
        let grader = Arc::clone(grader);
        let (chapter, name) = (
            exercise.chapter.slug().to_owned(),
            exercise.exercise.name().to_owned(),
        );
        thread::spawn(move || {
            // Sending fails once the session is over.
            let on_step = &mut |step| drop(tx.send(Event::Step(number, step)));
            let graded = catch_unwind(AssertUnwindSafe(|| {
                grader.grade(&chapter, Some(&name), &cancel, on_step)
            }));
            let _ = tx.send(graded.map_or(Event::GraderPanicked, |graded| {
                Event::Graded(number, graded)
            }));
        });
    }

    /// Cancels the grading that runs.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}
