//! What goes through the stages.

/// A job, with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Job(pub u32);

/// The output of a processed job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Output {
    /// The job that it belongs to
    pub job: Job,
    /// The computed value
    pub value: u32,
}

/// The storage has no room for another output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageFull;

/// What [`Stages::process`](super::Stages::process) returns for the job with this number.
pub fn output_of(number: u32) -> Output {
    Output {
        job: Job(number),
        value: (u64::from(number) * 37 % 100) as u32,
    }
}
