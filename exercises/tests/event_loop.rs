//! Grades the chapter `event-loop`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual and every order is exact, because what is polled when is the subject of the chapter.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use grading::{
    Case, Clock, Counted, Failure, Ticker, check, explained, grade, grade_cases, in_ms, ms, plural,
    times,
};
use timeline::InLane;
use tokio::time::sleep;

#[path = "event_loop/choose_concurrency.rs"]
mod choose_concurrency;
#[path = "event_loop/predict_order.rs"]
mod predict_order;
#[path = "event_loop/run_in_order.rs"]
mod run_in_order;
#[path = "event_loop/run_ready_queue.rs"]
mod run_ready_queue;
#[path = "event_loop/sum_with_yields.rs"]
mod sum_with_yields;

/// The lines that the futures of a test have written, in order.
#[derive(Debug, Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn push(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.borrow().clone()
    }
}

/// Lines as a report shows them: `a, b, c`, or `nothing`.
fn listed<S: AsRef<str>>(lines: &[S]) -> String {
    if lines.is_empty() {
        return "nothing".to_owned();
    }
    let lines: Vec<_> = lines.iter().map(AsRef::as_ref).collect();
    lines.join(", ")
}
