//! A simulated pipeline in virtual time: jobs are prepared, processed, and their outputs stored.
//!
//! A [`Probe`] is the grader's end: it sets how long each stage takes, and records every call. The
//! [`Stages`] are what an answer gets.
//!
//! ```
//! use grading::stages::{Job, Probe, Stage};
//! use grading::{Failure, check, grade, ms};
//!
//! grade(async || {
//!     let probe = Probe::new().duration(Stage::Process, ms(30));
//!     let stages = probe.stages();
//!     let outputs = tokio::join!(stages.process(Job(1)), stages.process(Job(2)));
//!     check(outputs.0.job == Job(1), || Failure::new("An output names its job."));
//!     check(probe.finished(Stage::Process) == [1, 2], || Failure::new("Both finish."));
//!     check(probe.peak(Stage::Process) == 2, || Failure::new("Both run at the same time."));
//! });
//! ```

mod calls;
mod handle;
mod job;
mod probe;

pub use calls::{Call, Stage};
pub use handle::Stages;
pub use job::{Job, Output, StorageFull, output_of};
pub use probe::Probe;
