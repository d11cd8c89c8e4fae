//! Grades the chapter `testing`: one module for each exercise.
//!
//! Most answers are tests. Each is tried on programs that keep the contract, and on programs that break one sentence of it each. All
//! programs of an exercise have one type, and draw from the case how often they are pending: only what they do tells which
//! one they are.

use std::time::Duration;

use grading::{Case, Failure, Program, Programs, check, grade_cases, in_ms, ms};

#[path = "testing/FakeUpstream.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod FakeUpstream;
#[path = "testing/debouncers.rs"]
mod debouncers;
#[path = "testing/line_readers.rs"]
mod line_readers;
#[path = "testing/queues.rs"]
mod queues;
#[path = "testing/test_debouncer.rs"]
mod test_debouncer;
#[path = "testing/test_line_reader.rs"]
mod test_line_reader;
#[path = "testing/test_queue.rs"]
mod test_queue;
