//! The clock of a recording: tokio's if there is a runtime, real time if there is none, or a clock of the
//! program's own.

use std::fmt;
use std::time::{Duration, Instant as RealInstant};

use tokio::runtime::Handle;
use tokio::time::Instant;

/// Real time counts in whole steps of this, so that a recording is the same on every machine.
const STEP: Duration = Duration::from_millis(100);

/// `time` rounded down to whole tenths of a second.
pub(crate) fn whole_steps(time: Duration) -> Duration {
    let steps = time.as_nanos() / STEP.as_nanos();
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

/// Time since time zero.
pub(crate) struct Clock {
    source: Source,
    /// The instant that was read last. No later one is before it, even with several threads or runtimes.
    last: Duration,
}

enum Source {
    /// A clock of the program's own.
    Own(Box<dyn Fn() -> Duration + Send>),
    /// There has been no runtime yet.
    Real { zero: RealInstant },
    /// The runtime's clock, and a handle to read it from a thread outside the runtime.
    Runtime { zero: Instant, runtime: Handle },
}

impl Clock {
    /// A clock at time zero.
    pub(crate) fn start() -> Self {
        let source = match Handle::try_current() {
            Ok(runtime) => Source::Runtime {
                zero: Instant::now(),
                runtime,
            },
            Err(_) => Source::Real {
                zero: RealInstant::now(),
            },
        };
        Self {
            source,
            last: Duration::ZERO,
        }
    }

    /// A clock of the program's own.
    pub(crate) fn own(now: impl Fn() -> Duration + Send + 'static) -> Self {
        Self {
            source: Source::Own(Box::new(now)),
            last: Duration::ZERO,
        }
    }

    /// The time since time zero, plus `busy`.
    pub(crate) fn now(&mut self, busy: Duration) -> Duration {
        let elapsed = match Handle::try_current() {
            _ if matches!(self.source, Source::Own(_)) => Some(self.elapsed_outside()),
            Ok(runtime) => Some(self.elapsed_in(runtime, busy)),
            Err(error) if error.is_thread_local_destroyed() => None,
            Err(_) => Some(self.elapsed_outside()),
        };
        if let Some(elapsed) = elapsed {
            self.last = self.last.max(elapsed + busy);
        }
        self.last
    }

    fn elapsed_in(&mut self, current: Handle, busy: Duration) -> Duration {
        let now = Instant::now();
        match &self.source {
            Source::Runtime { zero, runtime } if runtime.id() == current.id() => {
                now.saturating_duration_since(*zero)
            }
            // Every runtime has a clock of its own, and a paused one starts when the runtime is built.
            // The time so far continues from there without a gap.
            _ => {
                let so_far = self.elapsed_outside().max(self.last.saturating_sub(busy));
                self.source = Source::Runtime {
                    zero: now.checked_sub(so_far).unwrap_or(now),
                    runtime: current,
                };
                so_far
            }
        }
    }

    fn elapsed_outside(&self) -> Duration {
        match &self.source {
            Source::Own(now) => now(),
            Source::Real { zero } => whole_steps(zero.elapsed()),
            Source::Runtime { zero, runtime } => {
                let _context = runtime.enter();
                Instant::now().saturating_duration_since(*zero)
            }
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock")
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}
