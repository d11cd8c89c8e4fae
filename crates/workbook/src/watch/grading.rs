//! Grading in the background, one at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use sandbox::Cancel;

use super::event::Event;
use crate::grades::Grades;
use crate::names::Place;

/// The grading that runs, if one does.
#[derive(Debug)]
pub struct Grading {
    tells: Sender<Event>,
    cancel: Cancel,
    /// Its number. What an older one still has to say is of no interest.
    pub number: u64,
}

impl Grading {
    /// None so far; what is found is told to `tells`.
    pub fn new(tells: Sender<Event>) -> Self {
        Self {
            tells,
            cancel: Cancel::default(),
            number: 0,
        }
    }

    /// Starts to grade an exercise, and stops what was graded until now.
    pub fn start(&mut self, grades: &Arc<dyn Grades>, place: &Place<'_>) {
        self.cancel.cancel();
        self.cancel = Cancel::default();
        self.number += 1;
        let (number, cancel, tells) = (self.number, self.cancel.clone(), self.tells.clone());
        let grades = Arc::clone(grades);
        let (chapter, exercise) = (
            place.chapter.slug().to_owned(),
            place.exercise.name().to_owned(),
        );
        thread::spawn(move || {
            // Nobody listens any more once the session is over.
            let on = &mut |step| drop(tells.send(Event::Step(number, step)));
            let graded = catch_unwind(AssertUnwindSafe(|| {
                grades.grade(&chapter, Some(&exercise), &cancel, on)
            }));
            let _ =
                tells.send(graded.map_or(Event::Broken, |graded| Event::Graded(number, graded)));
        });
    }

    /// Stops what is graded.
    pub fn stop(&self) {
        self.cancel.cancel();
    }
}
