//! What the threads around a running job report.

use crate::job::Output;

/// A report of one of the threads around a running job.
pub(crate) enum Event {
    Printed(Output),
    /// The job printed more than its limit.
    OutputLimitExceeded,
    /// The job's first process has exited.
    Exited,
}
