//! Grades what is saved, one chapter after the other.
//!
//! The exercise that was changed comes first, and alone: whoever has saved it waits for it. The others
//! of its chapter follow, because they may depend on it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use autograder::hash::hash;
use autograder::manifest::Chapter;
use autograder::{Cancelled, Step};
use sandbox::Cancel;
use serde_json::{Value, json};

use super::board::Board;
use super::shelf::Shelf;
use crate::answers::items_of;
use crate::names;
use crate::terminal::{sentences, waiting};
use crate::tool::Tool;

/// How often to look whether another tool has noted something about the learner.
const LOOK: Duration = Duration::from_secs(2);

/// Where wishes go.
#[derive(Clone)]
pub struct Desk {
    wishes: Sender<Wish>,
    /// Stops what is being graded.
    running: Arc<Mutex<Cancel>>,
}

enum Wish {
    /// Files may have changed.
    Saved,
    /// An exercise is to be graded, whether its file has changed or not.
    Check { chapter: String, exercise: String },
}

/// What is to be graded of a chapter.
struct Todo<'m> {
    chapter: &'m Chapter,
    /// The file as it was looked at last.
    text: Option<Vec<u8>>,
    /// This exercise first.
    first: Option<String>,
    /// All of them.
    all: bool,
}

impl Desk {
    /// A desk at which everything is graded once, and then what changes.
    pub fn open(tool: Arc<Tool>, board: Arc<Board>, shelf: Arc<Shelf>) -> Self {
        let (wishes, wished) = mpsc::channel();
        let desk = Self {
            wishes,
            running: Arc::default(),
        };
        let running = Arc::clone(&desk.running);
        thread::spawn(move || {
            let work = Work {
                tool: &tool,
                board: &board,
                shelf: &shelf,
                running: &running,
            };
            work.until_nobody_wishes(&wished);
        });
        desk
    }

    /// Files may have changed. Gives whether anybody cares.
    pub fn saved(&self) -> bool {
        self.wish(Wish::Saved)
    }

    /// Has an exercise graded.
    pub fn check(&self, chapter: &str, exercise: &str) {
        self.wish(Wish::Check {
            chapter: chapter.to_owned(),
            exercise: exercise.to_owned(),
        });
    }

    fn wish(&self, wish: Wish) -> bool {
        // What is being graded may be of yesterday; if not, it is taken up again.
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = self.wishes.send(wish).is_ok();
        running.cancel();
        heard
    }
}

struct Work<'t> {
    tool: &'t Tool,
    board: &'t Board,
    shelf: &'t Shelf,
    running: &'t Mutex<Cancel>,
}

impl<'t> Work<'t> {
    fn until_nobody_wishes(&self, wished: &Receiver<Wish>) {
        let chapters = self.tool.manifest().chapters.iter();
        let mut todos: Vec<_> = chapters
            .map(|chapter| Todo {
                chapter,
                text: None,
                first: None,
                all: true,
            })
            .collect();
        self.look(&mut todos);
        loop {
            let cancel = Cancel::default();
            *self.running.lock().unwrap_or_else(PoisonError::into_inner) = cancel.clone();
            let waits = !todos.iter().any(|todo| todo.all || todo.first.is_some());
            let wish = if waits {
                wished.recv_timeout(LOOK)
            } else {
                wished.try_recv().map_err(|error| match error {
                    mpsc::TryRecvError::Empty => RecvTimeoutError::Timeout,
                    mpsc::TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
                })
            };
            match wish {
                Ok(wish) => self.note(wish, &mut todos),
                Err(RecvTimeoutError::Timeout) if waits => self.shelf.look(),
                Err(RecvTimeoutError::Timeout) => self.grade_next(&mut todos, &cancel),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn note(&self, wish: Wish, todos: &mut [Todo<'t>]) {
        match wish {
            Wish::Saved => {
                if !self.look(todos) {
                    // A file that belongs to no chapter may belong to all.
                    todos.iter_mut().for_each(|todo| todo.all = true);
                }
            }
            Wish::Check { chapter, exercise } => {
                self.look(todos);
                let todo = todos.iter_mut().find(|todo| todo.chapter.slug() == chapter);
                if let Some(todo) = todo {
                    todo.first = Some(exercise);
                }
            }
        }
    }

    /// Looks which answers have changed, and gives whether any has.
    fn look(&self, todos: &mut [Todo<'t>]) -> bool {
        let mut any = false;
        for todo in todos {
            let file = self.tool.project.path(&autograder::file_of(todo.chapter));
            let now = fs::read(file).unwrap_or_default();
            if todo.text.as_ref() == Some(&now) {
                continue;
            }
            let slug = todo.chapter.slug();
            let version = hash(&[&now]);
            let news = json!({ "chapter": slug, "version": version });
            self.board.post("answer", slug, &news);
            if let Some(before) = todo.text.replace(now.clone()) {
                let first = changed(todo.chapter, &before, &now);
                todo.first = first.or_else(|| self.last(slug)).or(todo.first.take());
            }
            todo.all = true;
            any = true;
        }
        any
    }

    /// The exercise that was worked on last, if it is one of this chapter.
    fn last(&self, chapter: &str) -> Option<String> {
        let progress = self.tool.learner.progress().0;
        let (of, exercise) = progress.last()?.split_once('/')?;
        (of == chapter).then(|| exercise.to_owned())
    }

    fn grade_next(&self, todos: &mut [Todo<'t>], cancel: &Cancel) {
        let first = todos.iter().position(|todo| todo.first.is_some());
        let Some(next) = first.or_else(|| todos.iter().position(|todo| todo.all)) else {
            return;
        };
        let todo = &mut todos[next];
        let slug = todo.chapter.slug();
        let exercise = todo.first.clone();
        let step = |step: Option<&Step>| self.step(slug, exercise.as_deref(), step);
        step(Some(&Step::Compiling));
        let graded = catch_unwind(AssertUnwindSafe(|| {
            let on = &mut |now| step(Some(&now));
            self.tool
                .grades
                .grade(slug, exercise.as_deref(), cancel, on)
        }));
        let done = match graded {
            Ok(Ok(verdict)) => {
                self.shelf.graded(&verdict, exercise.as_deref());
                true
            }
            Ok(Err(error)) if error.is::<Cancelled>() => false,
            Ok(Err(error)) => {
                self.shelf.ungraded(sentences(&error));
                true
            }
            Err(_) => {
                let why = "The grader broke down, which is a mistake of this tool and not yours.";
                self.shelf.ungraded(why.to_owned());
                true
            }
        };
        step(None);
        if done && todo.first.take().is_none() {
            todo.all = false;
        }
    }

    fn step(&self, chapter: &str, exercise: Option<&str>, step: Option<&Step>) {
        let mut note = step.map_or_else(
            || json!({ "words": Value::Null, "done": 0, "total": 0 }),
            step_of,
        );
        note["chapter"] = json!(chapter);
        note["exercise"] = json!(exercise);
        self.board.post("step", chapter, &note);
    }
}

/// A step as the page shows it.
pub fn step_of(step: &Step) -> Value {
    let (done, total) = waiting::counts(step);
    json!({ "words": waiting::words(step), "done": done, "total": total })
}

/// The first exercise whose items have changed, if both texts can be taken apart.
fn changed(chapter: &Chapter, before: &[u8], now: &[u8]) -> Option<String> {
    let before = str::from_utf8(before).ok()?;
    let now = str::from_utf8(now).ok()?;
    let mut places = names::of_chapter(chapter);
    let has_changed = |name: &str| items_of(before, name) != items_of(now, name);
    let place = places.find(|place| has_changed(place.exercise.name()))?;
    Some(place.exercise.name().to_owned())
}
