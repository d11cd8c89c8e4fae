//! What a supervisor should do, and what it does with each usual mistake.

use grading::{in_ms, list, ms, plural};

use super::super::{AT_ONCE, BACKOFF, DETACHED, GIVE_UP, LONG, PANIC};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Error,
    Panic,
    Ok,
    /// Cancels the shutdown token, and returns an error.
    CancelAndError,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// In milliseconds, as all times here
    pub(super) takes: u64,
    pub(super) end: End,
}

/// All times are even, but the one of the cancellation, which is odd.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) base: u64,
    pub(super) cap: u64,
    pub(super) healthy: u64,
    pub(super) max_failures: u32,
    pub(super) window: u64,
    /// A run after these returns `Ok(())` at once.
    pub(super) runs: Vec<Run>,
    pub(super) cancelled: Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelled {
    Never,
    Before,
    At(u64),
}

/// How an answer ended. Runs have numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Finished,
    Cancelled,
    GaveUp {
        error: usize,
    },
    GaveUpPanic {
        payload: usize,
    },
    /// A panic has come out of it.
    Panicked,
    Never,
}

/// That of a panic which has no number: the run did not panic with it.
pub(super) const OTHER_PAYLOAD: usize = usize::MAX - 1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) starts: Vec<u64>,
    pub(super) ended: Ended,
    pub(super) at: u64,
    /// Runs that are not dropped when it has returned
    pub(super) left: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    NoPause,
    NoDoubling,
    DoublesBeforeTheFirst,
    NoCap,
    NoCapForTheFirst,
    FewDoublings,
    NeverResets,
    ResetsToZero,
    HealthyIsLonger,
    HealthIncludesThePause,
    HealthyClearsTheWindow,
    CountsInARow,
    CountsAll,
    CountsFromTheFirst,
    WindowIncludesItsEnd,
    OneFailureMore,
    OneFailureLess,
    GivesUpAfterThePause,
    FirstFailure,
    PanicComesOut,
    PanicEnds,
    PanicIsNotCounted,
    OkIsRestarted,
    CancelWaitsForTheRun,
    CancelWaitsForThePause,
    RunsOnceMore,
    BeginsWhenCancelled,
    LeavesTheRun,
    OwnLimit,
    SmallType,
    OtherPayload,
}

use Mistake::*;

impl Mistake {
    /// All that a run may be explained by. `OkIsRestarted` and the last three are seen in other ways.
    pub(super) const ALL: &[Self] = &[
        NoPause,
        NoDoubling,
        DoublesBeforeTheFirst,
        NoCap,
        NoCapForTheFirst,
        FewDoublings,
        NeverResets,
        ResetsToZero,
        HealthyIsLonger,
        HealthIncludesThePause,
        HealthyClearsTheWindow,
        CountsInARow,
        CountsAll,
        CountsFromTheFirst,
        WindowIncludesItsEnd,
        OneFailureMore,
        OneFailureLess,
        GivesUpAfterThePause,
        FirstFailure,
        PanicComesOut,
        PanicEnds,
        PanicIsNotCounted,
        CancelWaitsForTheRun,
        CancelWaitsForThePause,
        RunsOnceMore,
        BeginsWhenCancelled,
        LeavesTheRun,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            NoPause => {
                "that a run begins as soon as the one before has failed. A task that fails at once is then restarted in a loop."
            }
            NoDoubling => "that every pause is `base`. It doubles with each failure.",
            DoublesBeforeTheFirst => {
                "that the pause is doubled before it is used. The first pause is `base`."
            }
            NoCap => "that the pauses have no cap.",
            NoCapForTheFirst => {
                "that the cap is not applied to `base`, which may be longer than `cap`."
            }
            FewDoublings => {
                "that the pause stops doubling after some failures, to avoid an overflow. With a small `base`, it never reaches `cap`."
            }
            NeverResets => {
                "that the pause is not set back after a healthy run. A task that fails once a day then waits for `cap` each time."
            }
            ResetsToZero => "that there is no pause after a healthy run. It is `base`.",
            HealthyIsLonger => {
                "that `healthy` is compared with `>`. A run that has lasted for exactly that long was healthy."
            }
            HealthIncludesThePause => {
                "that a run is measured from the failure before it, so the pause makes it longer. Take the time when `start` is called."
            }
            HealthyClearsTheWindow => {
                "that a healthy run clears the failures that count. It sets back the pause, and only time ends a failure's count: a task that \
                 fails slowly, again and again, has to be given up, too."
            }
            CountsInARow => {
                "that failures are counted in a row, whenever they were, until a healthy run. A failure counts for `window`."
            }
            CountsAll => {
                "that every failure counts forever. A service that runs for months collects enough of them; a failure counts for `window`."
            }
            CountsFromTheFirst => {
                "that a window begins with the first failure, and the next one when it is over. Failures on both sides of that instant are then \
                 not counted together. Keep the instants of the failures, and look back by `window` from each."
            }
            WindowIncludesItsEnd => "that a failure still counts when exactly `window` has passed.",
            OneFailureMore => {
                "that it gives up one failure later: the count is compared with `>`, or before it is raised."
            }
            OneFailureLess => {
                "that `max_failures` is taken for the number of restarts before one more failure is looked at: it gives up one failure too early."
            }
            GivesUpAfterThePause => {
                "that it gives up only after one more pause. There is nothing left to wait for."
            }
            FirstFailure => "that the first failure is returned. It is that of the last run.",
            PanicComesOut => {
                "that the panic of a run is not caught, and ends the supervisor with it. `catch_unwind` or a task of its own turns it into a failure."
            }
            PanicEnds => {
                "that a run that panics is taken for one that has finished. It has failed."
            }
            PanicIsNotCounted => {
                "that a panic is not counted with the other failures, so a task that panics at once is restarted forever."
            }
            OkIsRestarted => {
                "that a run that returns `Ok(())` is followed by another one. The task has finished."
            }
            CancelWaitsForTheRun => {
                "that the token is looked at only between runs. A run may take hours: race it against the cancellation."
            }
            CancelWaitsForThePause => {
                "that the pause is not raced against the cancellation, so a shutdown waits for it."
            }
            RunsOnceMore => {
                "that a cancellation ends the pause, and another run begins after it. Look at the token before each run."
            }
            BeginsWhenCancelled => {
                "that a run begins although the token is cancelled already. Look at it before `start` is called, or poll the cancellation \
                 first."
            }
            OwnLimit => {
                "that the answer has a limit of its own for a run. Only its end and the shutdown end a run."
            }
            OtherPayload => {
                "that the payload is turned into a text, or put into a box once more. It is handed on as the run has panicked with it."
            }
            SmallType => {
                "that the pause, or what it is multiplied by, is computed in a type that is too small: as `u32`, milliseconds end after 49 days. \
                 A `Duration` has methods for all of this."
            }
            LeavesTheRun => {
                "that the run is still there when `supervise` has returned. `abort` only asks: a task is dropped when the runtime gets to \
                 it, so await it after that."
            }
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            HealthyClearsTheWindow
            | CountsInARow
            | CountsAll
            | CountsFromTheFirst
            | WindowIncludesItsEnd
            | OneFailureMore
            | OneFailureLess
            | GivesUpAfterThePause
            | FirstFailure => GIVE_UP,
            PanicComesOut | PanicEnds | PanicIsNotCounted | OtherPayload => PANIC,
            LeavesTheRun => DETACHED,
            NoPause => AT_ONCE,
            _ => BACKOFF,
        }
    }
}

/// What the supervisor remembers, with one mistake perhaps.
struct Model<'a> {
    plan: &'a Plan,
    mistake: Option<Mistake>,
    doublings: u32,
    failures: Vec<u64>,
    window_begins: u64,
    /// The first and the last failure
    reported: Option<(Ended, Ended)>,
}

impl Model<'_> {
    fn has(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// The pause after a run that has failed, and whether it is given up.
    fn fails(&mut self, now: u64, lasted: u64, is_panic: bool) -> (u64, bool) {
        let healthy = match self.mistake {
            Some(HealthyIsLonger) => lasted > self.plan.healthy,
            Some(NeverResets) => false,
            _ => lasted >= self.plan.healthy,
        };
        if healthy {
            self.doublings = 0;
            if self.has(HealthyClearsTheWindow) || self.has(CountsInARow) {
                self.failures.clear();
            }
        }
        if self.has(CountsFromTheFirst) && now - self.window_begins >= self.plan.window
            || self.failures.is_empty()
        {
            if self.has(CountsFromTheFirst) {
                self.failures.clear();
            }
            self.window_begins = now;
        }
        if !(is_panic && self.has(PanicIsNotCounted)) {
            self.failures.push(now);
        }
        let counts = |at: &&u64| match self.mistake {
            Some(CountsAll | CountsInARow | CountsFromTheFirst) => true,
            Some(WindowIncludesItsEnd) => now - **at <= self.plan.window,
            _ => now - **at < self.plan.window,
        };
        let count = self.failures.iter().filter(counts).count();
        let most = match self.mistake {
            Some(OneFailureMore) => self.plan.max_failures as usize + 1,
            Some(OneFailureLess) => (self.plan.max_failures as usize - 1).max(1),
            _ => self.plan.max_failures as usize,
        };
        let pause = if healthy && self.has(ResetsToZero) {
            0
        } else {
            self.pause()
        };
        self.doublings += 1;
        (pause, count >= most)
    }

    fn pause(&self) -> u64 {
        let doublings = match self.mistake {
            Some(NoDoubling) => 0,
            Some(DoublesBeforeTheFirst) => self.doublings + 1,
            Some(FewDoublings) => self.doublings.min(10),
            _ => self.doublings,
        };
        let doubled = u128::from(self.plan.base) << doublings.min(60);
        // Longer than a thousand years.
        let doubled = doubled.min(1 << 46) as u64;
        match self.mistake {
            Some(NoPause) => 0,
            Some(NoCap) => doubled,
            Some(NoCapForTheFirst) if self.doublings == 0 => doubled,
            _ => doubled.min(self.plan.cap),
        }
    }
}

impl Plan {
    /// As long as an answer is awaited.
    pub(super) fn limit(&self) -> u64 {
        self.all(None).at + LONG.as_millis() as u64
    }

    pub(super) fn outcome(&self, mistake: Option<Mistake>) -> Seen {
        let mut seen = self.all(mistake);
        let limit = self.limit();
        if seen.at > limit {
            seen.starts.retain(|at| *at <= limit);
            (seen.ended, seen.at, seen.left) = (Ended::Never, limit, 0);
        }
        seen
    }

    /// What happens, also after the limit.
    fn all(&self, mistake: Option<Mistake>) -> Seen {
        let mut model = Model {
            plan: self,
            mistake,
            doublings: 0,
            failures: Vec::new(),
            window_begins: 0,
            reported: None,
        };
        let (mut now, mut starts, mut pause_before) = (0, Vec::new(), 0);
        let mut cancelled = match self.cancelled {
            Cancelled::Never => None,
            Cancelled::Before => Some(0),
            Cancelled::At(at) => Some(at),
        };
        let end = |starts, ended, at, left| Seen {
            starts,
            ended,
            at,
            left,
        };
        if cancelled == Some(0) {
            if model.has(BeginsWhenCancelled) {
                starts.push(0);
            }
            return end(starts, Ended::Cancelled, 0, 0);
        }
        loop {
            let number = starts.len();
            starts.push(now);
            let last = Run {
                takes: 0,
                end: End::Ok,
            };
            let run = self.runs.get(number).copied().unwrap_or(last);
            let ends = now + run.takes;
            if let Some(at) = cancelled
                && at < ends
                && !model.has(CancelWaitsForTheRun)
            {
                let left = usize::from(model.has(LeavesTheRun));
                return end(starts, Ended::Cancelled, at, left);
            }
            let is_panic = run.end == End::Panic;
            if run.end == End::Ok || is_panic && model.has(PanicEnds) {
                return end(starts, Ended::Finished, ends, 0);
            }
            if is_panic && model.has(PanicComesOut) {
                return end(starts, Ended::Panicked, ends, 0);
            }
            if run.end == End::CancelAndError {
                cancelled = Some(ends);
            }
            let failure = if is_panic {
                Ended::GaveUpPanic { payload: number }
            } else {
                Ended::GaveUp { error: number }
            };
            let first = model.reported.map_or(failure, |(first, _)| first);
            model.reported = Some((first, failure));
            let before = if model.has(HealthIncludesThePause) {
                pause_before
            } else {
                0
            };
            let (pause, gives_up) = model.fails(ends, run.takes + before, is_panic);
            if gives_up {
                let at = match mistake {
                    Some(GivesUpAfterThePause) => ends + pause,
                    _ => ends,
                };
                let ended = if model.has(FirstFailure) {
                    first
                } else {
                    failure
                };
                return end(starts, ended, at, 0);
            }
            now = ends + pause;
            pause_before = pause;
            if let Some(at) = cancelled
                && at <= now
            {
                if model.has(CancelWaitsForThePause) {
                    return end(starts, Ended::Cancelled, now, 0);
                }
                if model.has(RunsOnceMore) || model.has(BeginsWhenCancelled) {
                    starts.push(at.max(ends));
                }
                return end(starts, Ended::Cancelled, at.max(ends), 0);
            }
        }
    }

    /// `With a base of 10 ms, ..., and these runs: [fails after 2 ms, ...]`
    pub(super) fn told(&self) -> String {
        let runs = self.runs.iter().map(|run| {
            let end = match run.end {
                End::Error => "fails",
                End::Panic => "panics",
                End::Ok => "returns `Ok`",
                End::CancelAndError => "cancels the token and fails",
            };
            format!("{end} after {}", in_ms(ms(run.takes)))
        });
        let cancelled = match self.cancelled {
            Cancelled::Never => String::new(),
            Cancelled::Before => ", cancelled before the first poll".to_owned(),
            Cancelled::At(at) => format!(", cancelled at {}", in_ms(ms(at))),
        };
        let limit = match self.max_failures {
            u32::MAX => "no limit".to_owned(),
            failures => format!(
                "a limit of {} within {}",
                plural(failures as usize, "failure"),
                in_ms(ms(self.window))
            ),
        };
        format!(
            "With a base of {}, a cap of {}, healthy runs from {} on, {limit}, and these runs: {}{cancelled}",
            in_ms(ms(self.base)),
            in_ms(ms(self.cap)),
            in_ms(ms(self.healthy)),
            list(runs),
        )
    }
}

impl Seen {
    /// What comes first that `self` does and `expected` does not.
    pub(super) fn differs(&self, expected: &Self) -> String {
        let same = self.starts.iter().zip(&expected.starts);
        let same = same.take_while(|(a, b)| a == b).count();
        let start = |starts: &[u64]| match starts.get(same) {
            Some(at) => format!("begin at {}", in_ms(ms(*at))),
            None => "not begin".to_owned(),
        };
        if self.starts != expected.starts {
            return format!(
                "run {} should {}; it did {}",
                same + 1,
                start(&expected.starts),
                start(&self.starts)
            );
        }
        format!(
            "it should {}; it {}",
            expected.shown("return", "give up"),
            self.shown("returned", "gave up")
        )
    }

    fn shown(&self, returns: &str, gives_up: &str) -> String {
        let at = in_ms(ms(self.at));
        let left = match self.left {
            0 => String::new(),
            left => format!(" with {} left", plural(left, "run")),
        };
        match self.ended {
            Ended::Finished => format!("{returns} `Finished` at {at}{left}"),
            Ended::Cancelled => format!("{returns} `Cancelled` at {at}{left}"),
            Ended::GaveUp { error } => {
                format!(
                    "{gives_up} at {at} with the error of run {}{left}",
                    error + 1
                )
            }
            Ended::GaveUpPanic {
                payload: OTHER_PAYLOAD,
            } => format!("{gives_up} at {at} with another payload than that of the run{left}"),
            Ended::GaveUpPanic { payload } => {
                format!(
                    "{gives_up} at {at} with the panic of run {}{left}",
                    payload + 1
                )
            }
            Ended::Panicked => format!("panicked at {at}{left}"),
            Ended::Never => format!("had not {returns} at {at}{left}"),
        }
    }
}

/// Plans in which each mistake shows.
pub(super) fn probes() -> Vec<Plan> {
    let run = |takes, end| Run { takes, end };
    let fails = |takes: &[u64]| -> Vec<Run> { takes.iter().map(|t| run(*t, End::Error)).collect() };
    let plan = |runs| Plan {
        base: 10,
        cap: 60,
        healthy: 40,
        max_failures: 100,
        window: 100_000,
        runs,
        cancelled: Cancelled::Never,
    };
    vec![
        plan(fails(&[2, 4, 6, 2, 40, 36, 2, 50, 2])),
        Plan {
            base: 80,
            ..plan(fails(&[2, 2]))
        },
        Plan {
            base: 2,
            cap: 100_000,
            healthy: 1_000_000,
            window: 10_000_000,
            ..plan(fails(&[0; 18]))
        },
        Plan {
            max_failures: 3,
            window: 100,
            ..plan(fails(&[2, 42, 88, 42, 2, 90, 50, 2, 2, 2, 2, 2]))
        },
        Plan {
            max_failures: 2,
            window: 50,
            ..plan(fails(&[20, 40, 40, 30, 2]))
        },
        Plan {
            max_failures: 3,
            window: 100,
            healthy: 20,
            ..plan(fails(&[2, 80, 10, 2, 20, 20, 20]))
        },
        Plan {
            max_failures: 3,
            window: 50,
            healthy: 10_000,
            ..plan(fails(&[20, 40, 40, 30, 2]))
        },
        plan(vec![
            run(2, End::Panic),
            run(2, End::Error),
            run(2, End::Panic),
            run(2, End::Ok),
            run(2, End::Error),
        ]),
        Plan {
            max_failures: 2,
            ..plan(vec![
                run(2, End::Panic),
                run(2, End::Panic),
                run(2, End::Error),
                run(2, End::Error),
            ])
        },
        Plan {
            cancelled: Cancelled::At(7),
            ..plan(fails(&[20, 2]))
        },
        Plan {
            cancelled: Cancelled::At(7),
            ..plan(fails(&[2, 2]))
        },
        Plan {
            cancelled: Cancelled::Before,
            ..plan(fails(&[2, 2]))
        },
        Plan {
            base: 0,
            ..plan(vec![run(2, End::CancelAndError), run(2, End::Error)])
        },
    ]
}
