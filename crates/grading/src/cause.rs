//! What makes two failures the same.

use std::panic::Location;

use crate::failure::Failure;

/// What failed in a run. While a case is reduced, it stays the same, so that the report is about the failure that was
/// found and not about another one.
///
/// What a check has seen is no part of it: it contains numbers of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A check at this place, with a report of this meaning.
    Check {
        at: &'static Location<'static>,
        usually: Option<String>,
        read: Option<String>,
    },
    /// A panic in this line.
    Panic(String),
    /// Everything waits.
    Idle,
    /// Timers go on and on.
    Endless,
}

impl Cause {
    pub(crate) fn check(at: &'static Location<'static>, failure: &Failure) -> Self {
        Self::Check {
            at,
            usually: failure.usually.clone(),
            read: failure.read.clone(),
        }
    }
}
