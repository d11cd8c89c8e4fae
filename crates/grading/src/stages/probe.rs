//! The grader's end of the stages.

use std::time::Duration;

use super::calls::{Call, Calls, Stage};
use super::handle::Stages;
use crate::cases::Case;

/// Sets how long the stages take, and reports what they did. Clones are the same probe.
#[derive(Debug, Clone)]
pub struct Probe {
    calls: Calls,
}

impl Default for Probe {
    fn default() -> Self {
        Self::new()
    }
}

impl Probe {
    /// A probe of stages that take 10 ms each. Its clock starts now.
    pub fn new() -> Self {
        Self {
            calls: Calls::new(),
        }
    }

    /// From here on `stage` takes this long for every job.
    #[must_use]
    pub fn duration(self, stage: Stage, duration: Duration) -> Self {
        self.calls.state().durations.insert(stage, duration);
        self
    }

    /// For the job with this number, `stage` takes this long.
    #[must_use]
    pub fn duration_for(self, stage: Stage, number: u32, duration: Duration) -> Self {
        let key = (stage, number);
        self.calls.state().durations_of_jobs.insert(key, duration);
        self
    }

    /// Every call takes from 0 to 3 ms and some turns, as `case` decides.
    #[must_use]
    pub fn drawn(self, case: &Case) -> Self {
        self.calls.state().case = Some(case.clone());
        self
    }

    /// The storage has room for this many outputs.
    #[must_use]
    pub fn storage(self, outputs: usize) -> Self {
        self.calls.state().storage = Some(outputs);
        self
    }

    /// The stages, for the answer.
    pub fn stages(&self) -> Stages {
        Stages::new(self.calls.clone())
    }

    /// All calls of a stage, in the order in which they started.
    pub fn calls(&self, stage: Stage) -> Vec<Call> {
        let state = self.calls.state();
        let of_stage = |(called, _): &&(Stage, Call)| *called == stage;
        state
            .calls
            .iter()
            .filter(of_stage)
            .map(|(_, call)| *call)
            .collect()
    }

    /// The numbers of the jobs that a stage started, in the order in which it did.
    pub fn started(&self, stage: Stage) -> Vec<u32> {
        numbers(&self.calls(stage), |_| true)
    }

    /// The numbers of the jobs that a stage finished, in the order in which they started.
    pub fn finished(&self, stage: Stage) -> Vec<u32> {
        numbers(&self.calls(stage), |call| call.finished.is_some())
    }

    /// The numbers of the jobs that were dropped in a stage, in the order in which they started.
    pub fn cancelled(&self, stage: Stage) -> Vec<u32> {
        numbers(&self.calls(stage), |call| call.cancelled.is_some())
    }

    /// How many jobs are in a stage now.
    pub fn in_progress(&self, stage: Stage) -> usize {
        self.calls.gauge(stage).now()
    }

    /// The highest number of jobs that were in a stage at the same time.
    pub fn peak(&self, stage: Stage) -> usize {
        self.calls.gauge(stage).peak()
    }
}

fn numbers(calls: &[Call], which: impl Fn(&Call) -> bool) -> Vec<u32> {
    let calls = calls.iter().filter(|call| which(call));
    calls.map(|call| call.number).collect()
}
