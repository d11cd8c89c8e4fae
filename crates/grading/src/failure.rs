//! What a grader expects, and says to the learner when it is not so.

use std::fmt;
use std::panic::resume_unwind;

use crate::report::Report;
use crate::run::Run;

/// What a learner reads when a check misses.
///
/// Three things help someone who is stuck: what should have happened and what did, in one sentence
/// with the numbers in it; what that usually means; and where it is explained.
///
/// ```
/// use grading::Failure;
///
/// let miss = Failure::new("Three downloads of 100 ms each should take 100 ms together; they took 300 ms.")
///     .usually("each download was awaited before the next one was started.")
///     .read("gather.html#join_all");
/// assert_eq!(
///     miss.to_string(),
///     "\
/// Three downloads of 100 ms each should take 100 ms together; they took 300 ms.
/// This usually means each download was awaited before the next one was started.
/// Read on: book/gather.html#join_all
/// "
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub(crate) seen: String,
    pub(crate) usually: Option<String>,
    pub(crate) read: Option<String>,
}

impl Failure {
    /// `seen`: one whole sentence that says what was expected and what was seen.
    pub fn new(seen: impl Into<String>) -> Self {
        Self {
            seen: seen.into(),
            usually: None,
            read: None,
        }
    }

    /// `meaning`: the end of a sentence that begins with "This usually means".
    #[must_use]
    pub fn usually(mut self, meaning: impl Into<String>) -> Self {
        self.usually = Some(meaning.into());
        self
    }

    /// `page`: where the book explains it, `gather.html#join_all` say. The report names the file that
    /// `cargo workbook` makes of it.
    #[must_use]
    pub fn read(mut self, page: impl Into<String>) -> Self {
        self.read = Some(page.into());
        self
    }
}

/// The report without a timeline, at most 80 columns wide.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Report::of(self).fmt(f)
    }
}

/// Fails the test if `holds` is false, and says what `miss` says.
///
/// Inside [`grade`](crate::grade) the miss is remembered, together with the timeline up to here,
/// before the check unwinds. It fails the test even when the unwinding is swallowed on its way: in a
/// spawned task whose handle nobody awaits, in `catch_unwind`, in a thread of `spawn_blocking`. The
/// first miss of a run is the one that is reported.
///
/// ```should_panic
/// use grading::{Failure, check};
///
/// let pages = ["/a", "/b"];
/// check(pages.len() == 3, || {
///     Failure::new(format!("There should be 3 pages; there were {}.", pages.len()))
/// });
/// ```
///
/// # Panics
///
/// Outside `grade`, with the report as the message.
#[track_caller]
pub fn check(holds: bool, miss: impl FnOnce() -> Failure) {
    if holds {
        return;
    }
    missed(miss());
}

/// Compiled once, and not for every check of a grader.
#[cold]
#[track_caller]
fn missed(miss: Failure) {
    let Some(run) = Run::current() else {
        panic!("{miss}");
    };
    run.remember_miss(miss);
    #[cfg(feature = "loom")]
    crate::interleaving::leave_model();
    // A second unwinding would abort the process, and with it every other test.
    if !std::thread::panicking() {
        resume_unwind(Box::new("a check missed, and grade() reports it"));
    }
}
