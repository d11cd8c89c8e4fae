//! Runs the calls of the stages, and records them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::job::StorageFull;
use crate::cases::Case;
use crate::clock::{Clock, ms};
use crate::gauge::{Gauge, InFlight};

/// A stage of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// `Stages::prepare`
    Prepare,
    /// `Stages::process`
    Process,
    /// `Stages::store`
    Store,
}

/// One call of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The number of the job
    pub number: u32,
    /// When it was first polled, measured from when the probe was made
    pub started: Duration,
    /// When it finished
    pub finished: Option<Duration>,
    /// When it was dropped before it finished
    pub cancelled: Option<Duration>,
}

/// What a probe and its stages share. Clones are the same record.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    state: Arc<Mutex<State>>,
    gauges: [Gauge; 3],
    clock: Clock,
}

/// How the stages behave, and what was recorded.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) durations: HashMap<Stage, Duration>,
    pub(super) durations_of_jobs: HashMap<(Stage, u32), Duration>,
    pub(super) case: Option<Case>,
    pub(super) storage: Option<usize>,
    pub(super) calls: Vec<(Stage, Call)>,
}

impl Calls {
    /// An empty record. Its clock starts now.
    pub(super) fn new() -> Self {
        Self {
            state: Arc::default(),
            gauges: Default::default(),
            clock: Clock::start(),
        }
    }

    pub(super) fn gauge(&self, stage: Stage) -> &Gauge {
        &self.gauges[stage as usize]
    }

    /// Takes the time of a call, and records it.
    pub(super) async fn run(&self, stage: Stage, number: u32) {
        let (running, time, case) = self.begin(stage, number);
        if time.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(time).await;
        }
        if let Some(case) = case {
            case.turns().await;
        }
        running.finish();
    }

    pub(super) fn take_storage(&self) -> Result<(), StorageFull> {
        match &mut self.state().storage {
            Some(0) => Err(StorageFull),
            Some(room) => {
                *room -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn begin(&self, stage: Stage, number: u32) -> (Running, Duration, Option<Case>) {
        let mut state = self.state();
        let case = state.case.clone();
        let of_job = state.durations_of_jobs.get(&(stage, number));
        let time = match (&case, of_job.or(state.durations.get(&stage))) {
            (Some(case), _) => ms(case.below(4)),
            (None, Some(time)) => *time,
            (None, None) => ms(10),
        };
        let call = Call {
            number,
            started: self.clock.elapsed(),
            finished: None,
            cancelled: None,
        };
        let index = state.calls.len();
        state.calls.push((stage, call));
        drop(state);
        let running = Running {
            calls: self.clone(),
            index,
            finished: false,
            _in_flight: self.gauge(stage).enter(),
        };
        (running, time, case)
    }

    /// Every change to it is complete in itself, so a poisoned lock does not matter.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call in progress. If it is dropped before it is finished, it was cancelled.
struct Running {
    calls: Calls,
    index: usize,
    finished: bool,
    _in_flight: InFlight,
}

impl Running {
    fn finish(mut self) {
        self.finished = true;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let now = Some(self.calls.clock.elapsed());
        let call = &mut self.calls.state().calls[self.index].1;
        match self.finished {
            true => call.finished = now,
            false => call.cancelled = now,
        }
    }
}
