//! A progress line on standard error for slow operations.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use autograder::Step;
use autograder::library::LibrarySet;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A faster operation shows no line, because it would only flash up.
const DELAY: Duration = Duration::from_millis(400);

/// How often the line is redrawn.
const TICK: Duration = Duration::from_millis(100);

/// A progress line, which is removed when this is dropped. It is shown only in a terminal.
#[derive(Debug)]
pub struct Spinner {
    bar: ProgressBar,
    timer: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Spinner {
    /// A line that appears after a short delay, with this message until the first step.
    pub fn new(message: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{spinner} {msg}"));
        bar.set_message(message.to_owned());
        let timer = stderr().is_terminal().then(|| {
            let (stop, stopped) = mpsc::channel();
            let shown = bar.clone();
            let show = move || {
                if stopped.recv_timeout(DELAY) == Err(RecvTimeoutError::Timeout) {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(TICK);
                }
            };
            (stop, thread::spawn(show))
        });
        Self { bar, timer }
    }

    /// Shows a step.
    pub fn step(&self, step: &Step) {
        let (done, total) = counts(step);
        if total > 0 {
            self.show("{spinner} {msg} {bar:24} {pos} of {len}", done, total);
        } else {
            self.bar.set_style(style("{spinner} {msg}"));
        }
        self.bar.set_message(message(step));
    }

    /// Shows what is done now, if it is not known how long that takes.
    pub fn message(&self, message: &str) {
        self.bar.set_style(style("{spinner} {msg}"));
        self.bar.set_message(message.to_owned());
    }

    /// Shows how many of many items are done, and how long the others may take.
    pub fn count(&self, message: &str, done: usize, total: usize) {
        self.show(
            "{spinner} {msg} {bar:24} {pos} of {len}, {eta} left",
            done,
            total,
        );
        self.bar.set_message(message.to_owned());
    }

    fn show(&self, template: &str, done: usize, total: usize) {
        self.bar.set_style(style(template));
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.timer.take() {
            drop(stop);
            // Fails if the timer has panicked.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

/// A step in words.
pub fn message(step: &Step) -> String {
    match step {
        Step::Libraries { set, .. } => match set {
            LibrarySet::Exercises => "Compiling the libraries of the exercises",
            LibrarySet::Projects => "Compiling the libraries of the real programs, once",
        }
        .to_owned(),
        Step::Waiting {
            process,
            is_suspended,
        } => waiting(*process, *is_suspended),
        Step::Compiling => "Compiling".to_owned(),
        Step::Running => "Running".to_owned(),
        Step::Testing { .. } => "Testing".to_owned(),
    }
}

fn waiting(process: Option<u32>, is_suspended: bool) -> String {
    if process == Some(std::process::id()) {
        return "This chapter is being graded already: waiting for that".to_owned();
    }
    let process = process.map_or_else(String::new, |process| format!(" (process {process})"));
    let by = format!("Another `cargo workbook`{process} is grading this chapter");
    if is_suspended {
        format!("{by} and is suspended: continue it with `fg` in its terminal, or end it")
    } else {
        format!("{by}: waiting for it")
    }
}

/// How many items are done, and how many there are; 0 and 0 if that is not known.
pub fn counts(step: &Step) -> (usize, usize) {
    match step {
        Step::Libraries { progress, .. } => (progress.done, progress.total),
        Step::Waiting { .. } | Step::Compiling | Step::Running => (0, 0),
        Step::Testing { done, total } => (*done, *total),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates above are valid")
        .progress_chars("━╸─")
}

#[cfg(test)]
mod tests {
    use autograder::Step;

    use super::message;

    #[test]
    fn only_another_process_is_called_another() {
        let waiting = |process| {
            message(&Step::Waiting {
                process,
                is_suspended: false,
            })
        };
        assert_eq!(
            waiting(Some(std::process::id())),
            "This chapter is being graded already: waiting for that"
        );
        assert_eq!(
            waiting(Some(1)),
            "Another `cargo workbook` (process 1) is grading this chapter: waiting for it"
        );
    }
}
