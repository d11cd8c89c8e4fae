//! Grades the chapter `event-loop`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual, and every order is exact: who is polled, and when, is the subject of the chapter.

use std::cell::RefCell;
use std::rc::Rc;

use grading::{Clock, Counted, Failure, Ticker, check, grade, ms, times};
use timeline::InLane;
use tokio::time::sleep;

#[path = "event_loop/add_up.rs"]
mod add_up;
#[path = "event_loop/bakery.rs"]
mod bakery;
#[path = "event_loop/choose.rs"]
mod choose;
#[path = "event_loop/one_after_the_other.rs"]
mod one_after_the_other;
#[path = "event_loop/run_all.rs"]
mod run_all;

/// What happened, in its order, written down by those who did it.
#[derive(Debug, Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn note(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.borrow().clone()
    }
}

/// Lines as a report shows them: `a, b, c`, or `nothing`.
fn told<S: AsRef<str>>(lines: &[S]) -> String {
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    let lines: Vec<_> = lines.iter().map(AsRef::as_ref).collect();
    lines.join(", ")
}
