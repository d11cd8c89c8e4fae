//! What happened in a run, and when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::words::{in_ms, list};

/// A log of events with their instants on tokio's clock, measured from the start. Clones share the entries.
///
/// ```
/// use grading::{Log, grade, ms, shown};
/// use tokio::time::sleep;
///
/// grade(async || {
///     let log = Log::start();
///     log.add("begin");
///     sleep(ms(20)).await;
///     log.add("commit");
///     assert_eq!(log.times_of(&"commit"), [ms(20)]);
///     let entries = shown(&log.entries(), |event| (*event).to_owned());
///     assert_eq!(entries, "[begin at 0 ms, commit at 20 ms]");
/// });
/// ```
#[derive(Debug)]
pub struct Log<T> {
    clock: Clock,
    entries: Arc<Mutex<Vec<(Duration, T)>>>,
}

impl<T> Clone for Log<T> {
    fn clone(&self) -> Self {
        Self {
            clock: self.clock,
            entries: Arc::clone(&self.entries),
        }
    }
}

impl<T> Log<T> {
    /// An empty log, whose clock starts now.
    pub fn start() -> Self {
        Self {
            clock: Clock::start(),
            entries: Arc::default(),
        }
    }

    /// The clock of the log, which has run since its start.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Adds `entry` with the present instant.
    pub fn add(&self, entry: T) {
        let at = self.clock.elapsed();
        lock(&self.entries).push((at, entry));
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        lock(&self.entries).len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes all entries out of the log.
    pub fn take(&self) -> Vec<(Duration, T)> {
        std::mem::take(&mut *lock(&self.entries))
    }

    /// What `pick` makes of the entries, with their instants. `pick` must not use the log.
    pub fn only<U>(&self, pick: impl Fn(&T) -> Option<U>) -> Vec<(Duration, U)> {
        let entries = lock(&self.entries);
        let picked = entries
            .iter()
            .filter_map(|(at, entry)| Some((*at, pick(entry)?)));
        picked.collect()
    }

    /// How many entries match. `matches` must not use the log.
    pub fn count_if(&self, matches: impl Fn(&T) -> bool) -> usize {
        let entries = lock(&self.entries);
        entries.iter().filter(|(_, entry)| matches(entry)).count()
    }
}

impl<T: Clone> Log<T> {
    /// The entries in the order in which they were added, with their instants.
    pub fn entries(&self) -> Vec<(Duration, T)> {
        lock(&self.entries).clone()
    }
}

impl<T: PartialEq> Log<T> {
    /// How often `entry` was added.
    pub fn count(&self, entry: &T) -> usize {
        self.count_if(|other| other == entry)
    }

    /// When `entry` was added, each time.
    pub fn times_of(&self, entry: &T) -> Vec<Duration> {
        let found = self.only(|other| (other == entry).then_some(()));
        found.into_iter().map(|(at, ())| at).collect()
    }
}

/// Entries of a [`Log`] as a report writes them: `[begin at 0 ms, commit at 20 ms]`, or `nothing`.
pub fn shown<T>(entries: &[(Duration, T)], name: impl Fn(&T) -> String) -> String {
    if entries.is_empty() {
        return "nothing".to_owned();
    }
    let entries = entries.iter();
    list(entries.map(|(at, entry)| format!("{} at {}", name(entry), in_ms(*at))))
}

/// Locks `mutex`, whether or not a thread has panicked that held it.
///
/// For locks that are held only while a whole change is made.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
