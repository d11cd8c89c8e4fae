//! The answer's end of the stages.

use super::calls::{Calls, Stage};
use super::job::{Job, Output, StorageFull, output_of};

/// The three stages of a pipeline. A cheap handle: clones share the stages.
#[derive(Debug, Clone)]
pub struct Stages {
    calls: Calls,
}

impl Stages {
    pub(super) fn new(calls: Calls) -> Self {
        Self { calls }
    }

    /// Prepares a job.
    ///
    /// In a timeline it is the lane `prepare 7`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops it; the probe records the call as cancelled.
    #[timeline::lane("prepare {}", job.0)]
    pub async fn prepare(&self, job: Job) -> Job {
        self.calls.run(Stage::Prepare, job.0).await;
        job
    }

    /// Processes a job.
    ///
    /// In a timeline it is the lane `process 7`.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops it; the probe records the call as cancelled.
    #[timeline::lane("process {}", job.0)]
    pub async fn process(&self, job: Job) -> Output {
        self.calls.run(Stage::Process, job.0).await;
        output_of(job.0)
    }

    /// Stores an output.
    ///
    /// In a timeline it is the lane `store 7`.
    ///
    /// # Errors
    ///
    /// [`StorageFull`], after the time that the stage takes, if the storage has no more room.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future stops it; the probe records the call as cancelled.
    #[timeline::lane("store {}", output.job.0)]
    pub async fn store(&self, output: Output) -> Result<(), StorageFull> {
        self.calls.run(Stage::Store, output.job.0).await;
        self.calls.take_storage()
    }
}
