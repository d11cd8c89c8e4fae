//! How long the threads of a run were at work or asleep, and not waiting for a processor.
//!
//! On a busy machine a thread may wait for a processor much longer than it computes. That is not its fault, so this
//! time must not count. Linux tells in `/proc` whether a thread sleeps, and how long it has computed. On another
//! system everything counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The name of the thread that watches, which is no part of a run.
pub(super) const WATCHDOG: &str = "watchdog";

thread_local! {
    /// The folder of this thread, if the system has one.
    static FOLDER: Option<PathBuf> = {
        let folder = fs::read_link("/proc/thread-self");
        folder.ok().map(|folder| Path::new("/proc").join(folder))
    };
}

/// Measures the time that counts against an answer.
#[derive(Debug)]
pub(super) struct Meter {
    /// The folder of the thread that runs the answer, if the system has one.
    thread: Option<PathBuf>,
    /// How long that thread had computed at the last look.
    computed: Duration,
    /// How long the threads of the process had computed at the last look, if the answer slept then.
    others: BTreeMap<u32, Duration>,
    /// How often the answer's thread had been given a processor at the last look, if it and all others slept then.
    asleep_after: Option<u64>,
}

/// Reads how long the thread of an answer has computed.
#[derive(Debug)]
pub(super) struct Processor(Option<PathBuf>);

/// A thread, and what was known about it at the last look.
#[derive(Debug, Clone)]
pub(crate) struct Sleeper {
    /// The folder of the thread, if the system has one.
    thread: Option<PathBuf>,
    /// How often it had been given a processor, if it slept.
    asleep_after: Option<u64>,
}

/// What a thread did for most of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Sleeping,
    Computing,
}

/// What a thread does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It computes, or waits for a processor.
    Runnable,
    Asleep,
    /// It waits for a disk, or was stopped.
    Held,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Thread {
    state: State,
    computed: Duration,
    /// How often it was given a processor.
    slices: u64,
}

impl Meter {
    /// For an answer that runs on the calling thread.
    pub(super) fn of_this_thread() -> Self {
        Self {
            thread: FOLDER.with(Clone::clone),
            computed: Duration::ZERO,
            others: BTreeMap::new(),
            asleep_after: None,
        }
    }

    /// How much of `time`, which has passed since the last look, counts against the answer. What is not known to have
    /// been sleep or work counts for at most `limit`, because this thread may have been late.
    pub(super) fn counts(&mut self, time: Duration, limit: Duration) -> Duration {
        let Some(own) = self.thread.as_deref().and_then(thread) else {
            return time.min(limit);
        };
        let threads = match own.state {
            State::Asleep => threads(),
            State::Runnable | State::Held => BTreeMap::new(),
        };
        self.judged(own, threads, time, limit)
    }

    fn judged(
        &mut self,
        own: Thread,
        threads: BTreeMap<u32, Thread>,
        time: Duration,
        limit: Duration,
    ) -> Duration {
        let asleep_before = self.asleep_after.take();
        let counted = self.counted(own, threads);
        if counted == Duration::MAX {
            self.asleep_after = Some(own.slices);
        }
        if self.asleep_after.is_some() && self.asleep_after == asleep_before {
            time
        } else {
            counted.min(time.min(limit))
        }
    }

    /// - A thread that computes: the time for which it has computed.
    /// - A thread that sleeps while another thread of the process computes: it may wait for that one.
    /// - Where all of them sleep, it blocks: all of the time.
    fn counted(&mut self, own: Thread, threads: BTreeMap<u32, Thread>) -> Duration {
        let before = std::mem::replace(&mut self.computed, own.computed);
        let others = std::mem::take(&mut self.others);
        match own.state {
            State::Runnable => own.computed.saturating_sub(before),
            State::Held => Duration::ZERO,
            State::Asleep => {
                let at_work = threads
                    .iter()
                    .filter(|(_, thread)| thread.state != State::Asleep);
                let computed = at_work.map(|(id, thread)| {
                    let before = others.get(id).unwrap_or(&thread.computed);
                    thread.computed.saturating_sub(*before)
                });
                let longest = computed.max().unwrap_or(Duration::MAX);
                let threads = threads.into_iter();
                self.others = threads.map(|(id, thread)| (id, thread.computed)).collect();
                longest
            }
        }
    }
}

impl Processor {
    /// For an answer that runs on the calling thread.
    pub(super) fn of_this_thread() -> Self {
        Self(Meter::of_this_thread().thread)
    }

    /// For how long the thread has computed. `None` where the system does not tell.
    pub(super) fn time(&self) -> Option<Duration> {
        Some(thread(self.0.as_deref()?)?.computed)
    }
}

impl Sleeper {
    /// The calling thread.
    pub(crate) fn this_thread() -> Self {
        let folder = FOLDER.with(Clone::clone);
        Self {
            thread: folder.filter(|folder| thread(folder).is_some()),
            asleep_after: None,
        }
    }

    /// Whether it has slept since the last look, or has ended. `false` where the system does not tell.
    pub(crate) fn has_slept(&mut self) -> bool {
        let Some(folder) = &self.thread else {
            return false;
        };
        let Some(now) = thread(folder) else {
            return true;
        };
        let before = self.asleep_after.take();
        if now.state == State::Asleep {
            self.asleep_after = Some(now.slices);
        }
        before.is_some() && before == self.asleep_after
    }
}

impl Doing {
    /// What a thread did that was at work or asleep for `time`, and has `computed` for so long. `None` if it did both.
    pub(super) fn of(computed: Duration, time: Duration) -> Option<Self> {
        if computed * 5 <= time {
            Some(Self::Sleeping)
        } else if computed * 5 >= time * 4 {
            Some(Self::Computing)
        } else {
            None
        }
    }
}

/// The threads of this process that do not watch. None where the system does not tell.
fn threads() -> BTreeMap<u32, Thread> {
    let folders = fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    folders
        .filter_map(|folder| {
            let id = folder.file_name().to_str()?.parse().ok()?;
            Some((id, thread(&folder.path())?))
        })
        .collect()
}

/// The thread with this folder, unless it has ended in the meantime or watches.
fn thread(folder: &Path) -> Option<Thread> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    let schedstat = fs::read_to_string(folder.join("schedstat")).ok()?;
    parsed(&stat, &schedstat)
}

/// The first lines are `17 (name) S ...`, where the name may contain anything, and the nanoseconds at work, the
/// nanoseconds of waiting for a processor, and how often it was given one.
fn parsed(stat: &str, schedstat: &str) -> Option<Thread> {
    let (before, rest) = stat.rsplit_once(") ")?;
    let (_, name) = before.split_once(" (")?;
    if name == WATCHDOG {
        return None;
    }
    let state = match rest.chars().next()? {
        'R' => State::Runnable,
        'S' => State::Asleep,
        _ => State::Held,
    };
    let mut numbers = schedstat.split_whitespace().map(str::parse);
    let (computed, _waited) = (numbers.next()?.ok()?, numbers.next()?);
    Some(Thread {
        state,
        computed: Duration::from_nanos(computed),
        slices: numbers.next()?.ok()?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::{Doing, Meter, State, Thread, parsed};
    use crate::clock::ms;

    const OTHER: u32 = 2;

    /// What counts when the thread of the answer and another one have computed for so long since the last look, in
    /// which the answer slept.
    fn after(own: (State, u64), other: (State, u64)) -> Duration {
        let thread = |(state, computed)| Thread {
            state,
            computed: ms(100 + computed),
            slices: 6,
        };
        let mut meter = Meter {
            thread: None,
            computed: ms(100),
            others: BTreeMap::from([(OTHER, ms(100))]),
            asleep_after: None,
        };
        meter.counted(thread(own), BTreeMap::from([(OTHER, thread(other))]))
    }

    #[test]
    fn a_thread_that_computes_counts_and_one_that_waits_for_a_processor_does_not() {
        for other in [State::Runnable, State::Asleep] {
            assert_eq!(after((State::Runnable, 10), (other, 10)), ms(10));
            assert_eq!(after((State::Runnable, 0), (other, 10)), Duration::ZERO);
        }
    }

    #[test]
    fn a_thread_that_sleeps_counts_for_as_long_as_those_that_it_may_wait_for() {
        assert_eq!(after((State::Asleep, 0), (State::Asleep, 0)), Duration::MAX);
        assert_eq!(after((State::Asleep, 0), (State::Runnable, 7)), ms(7));
        assert_eq!(
            after((State::Asleep, 0), (State::Runnable, 0)),
            Duration::ZERO
        );
    }

    #[test]
    fn what_a_thread_did_is_named_if_it_did_little_else() {
        assert_eq!(Doing::of(ms(200), ms(1000)), Some(Doing::Sleeping));
        assert_eq!(Doing::of(ms(201), ms(1000)), None);
        assert_eq!(Doing::of(ms(799), ms(1000)), None);
        assert_eq!(Doing::of(ms(800), ms(1000)), Some(Doing::Computing));
    }

    #[test]
    fn a_thread_that_waits_for_a_disk_does_not_count() {
        assert_eq!(after((State::Held, 0), (State::Asleep, 0)), Duration::ZERO);
        assert_eq!(after((State::Asleep, 0), (State::Held, 0)), Duration::ZERO);
    }

    #[test]
    fn a_late_look_counts_in_full_if_the_answer_has_slept_since_the_look_before() {
        let mut meter = Meter {
            thread: None,
            computed: ms(100),
            others: BTreeMap::new(),
            asleep_after: None,
        };
        let asleep = |slices| Thread {
            state: State::Asleep,
            computed: ms(100),
            slices,
        };
        let looks = [6, 6, 7, 7]
            .map(|slices| meter.judged(asleep(slices), BTreeMap::new(), ms(90), ms(20)));
        assert_eq!(looks, [ms(20), ms(90), ms(20), ms(90)]);
    }

    #[test]
    fn a_threads_name_may_look_like_its_state() {
        let line = "17 (a) S (b) R 1 2 3\n";
        let thread = Thread {
            state: State::Runnable,
            computed: ms(3),
            slices: 6,
        };
        assert_eq!(parsed(line, "3000000 5 6\n"), Some(thread));
        assert_eq!(parsed("17 (watchdog) S 1\n", "3000000 5 6\n"), None);
    }

    #[test]
    fn where_the_system_tells_nothing_all_time_counts() {
        let mut meter = Meter {
            thread: None,
            computed: ms(0),
            others: BTreeMap::new(),
            asleep_after: None,
        };
        assert_eq!(meter.counts(ms(10), ms(20)), ms(10));
        assert_eq!(meter.counts(ms(100), ms(20)), ms(20));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_calling_thread_does_not_sleep() {
        let mut own = super::Sleeper::this_thread();
        assert!(!own.has_slept() && !own.has_slept());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_calling_thread_is_found_at_work() {
        let meter = Meter::of_this_thread();
        let own = meter.thread.as_deref().and_then(super::thread);
        assert_eq!(own.map(|own| own.state), Some(State::Runnable));
    }
}
