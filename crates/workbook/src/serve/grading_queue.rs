//! Grades changed answers in the background, one chapter at a time.
//!
//! The exercise that was changed is graded first and alone, because the learner waits for it. The others
//! of its chapter follow, because they may depend on it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use autograder::files;
use autograder::hash::hash;
use autograder::manifest::Chapter;
use autograder::{Cancelled, Step};
use sandbox::Cancel;
use serde_json::{Value, json};

use super::events::Events;
use super::exercise_state::ExerciseStates;
use crate::changed_exercise::first_changed;
use crate::terminal::sentences;
use crate::terminal::spinner;
use crate::tool::Tool;

/// How often to check whether another process has changed the learner's progress.
const PROGRESS_POLL: Duration = Duration::from_secs(2);

/// Sends requests to the grading thread.
#[derive(Clone)]
pub struct GradingQueue {
    requests: Sender<Request>,
    /// Cancels the grading that runs.
    running: Arc<Mutex<Cancel>>,
}

enum Request {
    /// Files may have changed.
    FilesChanged,
    /// Grade an exercise, even if its file has not changed.
    Check { chapter: String, exercise: String },
}

/// What is to be graded in a chapter.
struct Pending<'m> {
    chapter: &'m Chapter,
    /// The file, as it was read last.
    text: Option<Vec<u8>>,
    /// The exercise to grade first.
    first: Option<String>,
    /// Whether to grade the whole chapter.
    all: bool,
}

impl GradingQueue {
    /// Starts a thread that grades every chapter once, and then whatever changes.
    pub fn start(tool: Arc<Tool>, events: Arc<Events>, states: Arc<ExerciseStates>) -> Self {
        let (tx, requests) = mpsc::channel();
        let queue = Self {
            requests: tx,
            running: Arc::default(),
        };
        let running = Arc::clone(&queue.running);
        thread::spawn(move || {
            let worker = Worker {
                tool: &tool,
                events: &events,
                states: &states,
                running: &running,
            };
            worker.run(&requests);
        });
        queue
    }

    /// Reports that files may have changed. Returns whether the grading thread is running.
    pub fn files_changed(&self) -> bool {
        self.send(Request::FilesChanged)
    }

    /// Requests that an exercise be graded.
    pub fn check(&self, chapter: &str, exercise: &str) {
        self.send(Request::Check {
            chapter: chapter.to_owned(),
            exercise: exercise.to_owned(),
        });
    }

    fn send(&self, request: Request) -> bool {
        // The running grading may be out of date. If it is not, it is started again.
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let is_alive = self.requests.send(request).is_ok();
        running.cancel();
        is_alive
    }
}

struct Worker<'t> {
    tool: &'t Tool,
    events: &'t Events,
    states: &'t ExerciseStates,
    running: &'t Mutex<Cancel>,
}

impl<'t> Worker<'t> {
    /// Handles requests until all senders are gone.
    fn run(&self, requests: &Receiver<Request>) {
        let chapters = self.tool.manifest().chapters.iter();
        let mut pending: Vec<_> = chapters
            .map(|chapter| Pending {
                chapter,
                text: None,
                first: None,
                all: true,
            })
            .collect();
        self.detect_changes(&mut pending);
        loop {
            let cancel = Cancel::default();
            *self.running.lock().unwrap_or_else(PoisonError::into_inner) = cancel.clone();
            let is_idle = !pending
                .iter()
                .any(|pending| pending.all || pending.first.is_some());
            let request = if is_idle {
                requests.recv_timeout(PROGRESS_POLL)
            } else {
                requests.try_recv().map_err(|error| match error {
                    mpsc::TryRecvError::Empty => RecvTimeoutError::Timeout,
                    mpsc::TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
                })
            };
            match request {
                Ok(request) => self.accept(request, &mut pending),
                Err(RecvTimeoutError::Timeout) if is_idle => self.states.refresh_if_changed(),
                Err(RecvTimeoutError::Timeout) => self.grade_next(&mut pending, &cancel),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn accept(&self, request: Request, pending: &mut [Pending<'t>]) {
        match request {
            Request::FilesChanged => {
                if !self.detect_changes(pending) {
                    // A file that belongs to no chapter may be used by every chapter.
                    pending.iter_mut().for_each(|pending| pending.all = true);
                }
            }
            Request::Check { chapter, exercise } => {
                self.detect_changes(pending);
                let pending = pending
                    .iter_mut()
                    .find(|pending| pending.chapter.slug() == chapter);
                if let Some(pending) = pending {
                    pending.first = Some(exercise);
                }
            }
        }
    }

    /// Reads the answers again, and returns whether any has changed.
    fn detect_changes(&self, pending: &mut [Pending<'t>]) -> bool {
        let mut any = false;
        for pending in pending {
            let file = self
                .tool
                .project
                .path(&autograder::file_of(pending.chapter));
            let now = files::bytes(&file).unwrap_or_default();
            if pending.text.as_ref() == Some(&now) {
                continue;
            }
            let slug = pending.chapter.slug();
            let version = hash(&[&now]);
            let answer = json!({ "chapter": slug, "version": version });
            self.events.publish("answer", slug, &answer);
            if let Some(before) = pending.text.replace(now.clone()) {
                let first = first_changed(pending.chapter, &before, &now);
                pending.first = first
                    .map(|exercise| exercise.exercise.name().to_owned())
                    .or_else(|| self.last_worked_on(slug))
                    .or(pending.first.take());
            }
            pending.all = true;
            any = true;
        }
        any
    }

    /// The exercise that was worked on last, if it belongs to this chapter.
    fn last_worked_on(&self, chapter: &str) -> Option<String> {
        let progress = self.tool.learner.progress().0;
        let (of, exercise) = progress.last()?.split_once('/')?;
        (of == chapter).then(|| exercise.to_owned())
    }

    fn grade_next(&self, pending: &mut [Pending<'t>], cancel: &Cancel) {
        let first = pending.iter().position(|pending| pending.first.is_some());
        let Some(next) = first.or_else(|| pending.iter().position(|pending| pending.all)) else {
            return;
        };
        let pending = &mut pending[next];
        let slug = pending.chapter.slug();
        let exercise = pending.first.clone();
        let publish = |step: Option<&Step>| self.publish_step(slug, exercise.as_deref(), step);
        publish(Some(&Step::Compiling));
        let graded = catch_unwind(AssertUnwindSafe(|| {
            let on_step = &mut |step| publish(Some(&step));
            self.tool
                .grader
                .grade(slug, exercise.as_deref(), cancel, on_step)
        }));
        let is_done = match graded {
            Ok(Ok(verdict)) => {
                self.states.record_verdict(&verdict, exercise.as_deref());
                true
            }
            Ok(Err(error)) if error.is::<Cancelled>() => false,
            Ok(Err(error)) => {
                self.states.record_grading_error(sentences(&error));
                true
            }
            Err(_) => {
                let why = "The grader crashed. This is a bug in the tool, not a mistake of yours.";
                self.states.record_grading_error(why.to_owned());
                true
            }
        };
        publish(None);
        if is_done && pending.first.take().is_none() {
            pending.all = false;
        }
    }

    fn publish_step(&self, chapter: &str, exercise: Option<&str>, step: Option<&Step>) {
        let mut event = step.map_or_else(
            || json!({ "text": Value::Null, "done": 0, "total": 0 }),
            step_to_json,
        );
        event["chapter"] = json!(chapter);
        event["exercise"] = json!(exercise);
        self.events.publish("step", chapter, &event);
    }
}

/// A step as the page shows it.
pub fn step_to_json(step: &Step) -> Value {
    let (done, total) = spinner::counts(step);
    json!({ "text": spinner::message(step), "done": done, "total": total })
}
