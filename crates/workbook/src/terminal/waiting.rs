//! A line on standard error for what takes longer than a moment.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use autograder::Step;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is done sooner than that shows nothing: a line that flashes up tells nobody anything.
const MOMENT: Duration = Duration::from_millis(400);

/// How often the line moves while nothing is heard.
const TICK: Duration = Duration::from_millis(100);

/// The line. It is gone when this is dropped. Without a terminal it never shows.
#[derive(Debug)]
pub struct Waiting {
    bar: ProgressBar,
    timer: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Waiting {
    /// A line that shows in a moment, with these words until a step is heard of.
    pub fn new(words: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{spinner} {msg}"));
        bar.set_message(words.to_owned());
        let timer = stderr().is_terminal().then(|| {
            let (stop, stopped) = mpsc::channel();
            let shown = bar.clone();
            let show = move || {
                if stopped.recv_timeout(MOMENT) == Err(RecvTimeoutError::Timeout) {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(TICK);
                }
            };
            (stop, thread::spawn(show))
        });
        Self { bar, timer }
    }

    /// Shows how far it is.
    pub fn step(&self, step: &Step) {
        let (done, total) = counts(step);
        self.bar.set_style(style(if total > 0 {
            "{spinner} {msg} {bar:24} {pos} of {len}"
        } else {
            "{spinner} {msg}"
        }));
        if total > 0 {
            self.bar.set_length(total as u64);
            self.bar.set_position(done as u64);
        }
        self.bar.set_message(words(step));
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.timer.take() {
            drop(stop);
            // A timer that panicked has nothing left to show.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

/// What is being done.
pub fn words(step: &Step) -> String {
    match step {
        Step::Libraries(_) => "Compiling the libraries, the first time only".to_owned(),
        Step::Compiling => "Compiling".to_owned(),
        Step::Running => "Running".to_owned(),
        Step::Testing { .. } => "Testing".to_owned(),
    }
}

/// How many are done of how many; 0 of 0 where that is not known.
pub fn counts(step: &Step) -> (usize, usize) {
    match step {
        Step::Libraries(progress) => (progress.done, progress.total),
        Step::Compiling | Step::Running => (0, 0),
        Step::Testing { done, total } => (*done, *total),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates above are right")
        .progress_chars("━╸─")
}
