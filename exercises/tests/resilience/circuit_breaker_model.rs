//! What a circuit breaker should do, and what it does with each usual mistake.

use exercises::resilience::State;
use grading::{in_ms, list, ms, plural};

use super::super::{LATE, PROBE, STATES};

const FIRST_POLL: &str = "event-loop.html#calling-an-async-function-does-nothing";
const NEVER_CLOSES: &str =
    "resilience-pitfalls.html#a-circuit-breaker-that-needs-three-probes-never-closes";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Ok,
    Error,
    Panic,
    Dropped,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    /// In milliseconds, as all instants here
    pub(super) at: u64,
    /// When the operation ends, if it is made
    pub(super) ends: u64,
    pub(super) end: End,
}

#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) failures: u32,
    pub(super) pause: u64,
    pub(super) calls: Vec<Call>,
    /// Whether calls are dropped while a panic of their caller unwinds
    pub(super) panics_drop: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Result {
    Value,
    Error,
    Refused,
    Panicked,
    Dropped,
    /// It was pending when its operation was ready.
    Late,
    /// The value, the error or the payload is another one.
    Another,
}

/// What a call shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) before: State,
    pub(super) was_polled: bool,
    pub(super) result: Result,
    pub(super) after: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    NotInARow,
    OneFailureMore,
    EveryCallIsAProbe,
    WedgedByADrop,
    DropIsAFailure,
    DropIsASuccess,
    PanicIsNothing,
    PanicOfTheProbeWedges,
    LateSuccessCloses,
    LateFailureOpens,
    LateFailureCounts,
    LateSuccessCounts,
    BeginsBeforeThePoll,
    DropByAPanicIsAFailure,
    ReportsLater,
    NeedsManyProbes,
    NoSecondPause,
    OneMillisecondLater,
    CountGoesOn,
}

use Mistake::*;

impl Mistake {
    pub(super) const ALL: &[Self] = &[
        NotInARow,
        OneFailureMore,
        EveryCallIsAProbe,
        WedgedByADrop,
        DropIsAFailure,
        DropIsASuccess,
        PanicIsNothing,
        PanicOfTheProbeWedges,
        LateSuccessCloses,
        LateFailureOpens,
        LateFailureCounts,
        LateSuccessCounts,
        BeginsBeforeThePoll,
        DropByAPanicIsAFailure,
        ReportsLater,
        NeedsManyProbes,
        NoSecondPause,
        OneMillisecondLater,
        CountGoesOn,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            NotInARow => "that a success does not set the count of failures to zero.",
            OneFailureMore => {
                "that the breaker opens after one failure more: the count is compared before it is raised, or with `>`."
            }
            EveryCallIsAProbe => {
                "that a half-open breaker lets every call through. One probe is enough to find out, and an upstream that has just come back is spared."
            }
            WedgedByADrop => {
                "that only a result frees the place of the probe. A probe that is dropped has none, so the breaker refuses all calls from then on."
            }
            DropIsAFailure => {
                "that a dropped call counts as a failure. It says nothing about the upstream: the caller has lost interest."
            }
            DropIsASuccess => "that a dropped probe closes the breaker. It has not shown anything.",
            PanicIsNothing => "that a panic counts like a dropped call. It is a failure.",
            PanicOfTheProbeWedges => {
                "that nothing happens to the state when the probe panics: the code after the `.await` does not run. The breaker refuses all calls from then on."
            }
            LateSuccessCloses => {
                "that a call which began before the breaker opened closes it. Its result is older than the failures."
            }
            LateFailureOpens => {
                "that a call which began before the breaker opened starts the pause again when it fails. With many such calls, the probe comes ever later."
            }
            LateFailureCounts => {
                "that a call which began before the breaker opened counts after it has closed again. Remember in which period a call began."
            }
            LateSuccessCounts => {
                "that the success of a call which began before the breaker opened sets the count to zero after it has closed again. \
                 Remember in which period a call began."
            }
            BeginsBeforeThePoll => {
                "that a call begins when `call` is called. A future does nothing before its first poll, and the state may be another \
                 one by then."
            }
            DropByAPanicIsAFailure => {
                "that the destructor asks `std::thread::panicking()`. A panic of the caller drops the call as well, and the operation \
                 has not failed."
            }
            ReportsLater => {
                "that something is awaited between the end of the operation and the change of the state."
            }
            NeedsManyProbes => {
                "that one probe is let through, but several have to succeed before the breaker closes. After the first one no other is let through, and the breaker never closes."
            }
            NoSecondPause => {
                "that a probe which fails does not start a new pause, so the next call is a probe at once."
            }
            OneMillisecondLater => {
                "that the breaker is still open exactly when `pause` has passed."
            }
            CountGoesOn => {
                "that the count of failures is not set to zero when the probe succeeds: the next failure opens the breaker again."
            }
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            WedgedByADrop
            | DropIsAFailure
            | DropIsASuccess
            | DropByAPanicIsAFailure
            | PanicIsNothing
            | PanicOfTheProbeWedges => PROBE,
            LateSuccessCloses | LateFailureOpens | LateFailureCounts | LateSuccessCounts => LATE,
            BeginsBeforeThePoll => FIRST_POLL,
            NeedsManyProbes => NEVER_CLOSES,
            _ => STATES,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Closed,
    Open {
        until: u64,
    },
    Probing,
    /// Half-open, and no probe is let through any more
    Wedged,
}

struct Model {
    mistake: Option<Mistake>,
    failures: u32,
    pause: u64,
    phase: Phase,
    count: u32,
    changes: u32,
}

impl Model {
    fn has(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    fn is_over(&self, until: u64, now: u64) -> bool {
        now >= until + u64::from(self.has(OneMillisecondLater))
    }

    fn state(&self, now: u64) -> State {
        match self.phase {
            Phase::Closed => State::Closed,
            Phase::Open { until } if !self.is_over(until, now) => State::Open,
            _ => State::HalfOpen,
        }
    }

    fn change(&mut self, phase: Phase) {
        self.phase = phase;
        self.changes += 1;
    }

    /// The period in which the call begins, if it is made.
    fn admit(&mut self, now: u64) -> Option<u32> {
        match self.phase {
            Phase::Open { until } if self.is_over(until, now) => self.change(Phase::Probing),
            Phase::Closed => {}
            Phase::Probing if self.has(EveryCallIsAProbe) => {}
            _ => return None,
        }
        Some(self.changes)
    }

    fn open(&mut self, now: u64) {
        self.change(Phase::Open {
            until: now + self.pause,
        });
    }

    fn succeed(&mut self, began: u32) {
        let is_late = began != self.changes;
        match self.phase {
            Phase::Closed if is_late && self.has(LateSuccessCounts) => self.count = 0,
            Phase::Closed if !is_late && !self.has(NotInARow) => self.count = 0,
            Phase::Probing if !is_late && self.has(NeedsManyProbes) && self.failures > 1 => {
                self.change(Phase::Wedged);
            }
            Phase::Probing if !is_late => {
                if !self.has(CountGoesOn) {
                    self.count = 0;
                }
                self.change(Phase::Closed);
            }
            Phase::Open { .. } | Phase::Probing if self.has(LateSuccessCloses) => {
                self.count = 0;
                self.change(Phase::Closed);
            }
            _ => {}
        }
    }

    fn fail(&mut self, began: u32, now: u64) {
        let is_late = began != self.changes;
        match self.phase {
            Phase::Closed if !is_late || self.has(LateFailureCounts) => {
                self.count += 1;
                if self.count >= self.failures + u32::from(self.has(OneFailureMore)) {
                    self.open(now);
                }
            }
            Phase::Probing if !is_late && self.has(NoSecondPause) => {
                self.change(Phase::Open { until: now });
            }
            Phase::Probing if !is_late => self.open(now),
            Phase::Open { .. } if is_late && self.has(LateFailureOpens) => self.open(now),
            _ => {}
        }
    }

    fn leave(&mut self, began: u32, now: u64) {
        if began != self.changes {
            return;
        }
        match self.phase {
            _ if self.has(DropIsAFailure) => self.fail(began, now),
            Phase::Probing if self.has(WedgedByADrop) => self.change(Phase::Wedged),
            Phase::Probing if self.has(DropIsASuccess) => self.succeed(began),
            Phase::Probing => self.change(Phase::Open { until: now }),
            _ => {}
        }
    }
}

impl Plan {
    pub(super) fn outcome(&self, mistake: Option<Mistake>) -> Vec<Seen> {
        let mut model = Model {
            mistake,
            failures: self.failures,
            pause: self.pause,
            phase: Phase::Closed,
            count: 0,
            changes: 0,
        };
        let begins = self
            .calls
            .iter()
            .enumerate()
            .map(|(number, call)| (call.at, number, true));
        let ends = self
            .calls
            .iter()
            .enumerate()
            .map(|(number, call)| (call.ends, number, false));
        let mut events: Vec<_> = begins.chain(ends).collect();
        events.sort_unstable();
        let mut seen: Vec<Option<Seen>> = vec![None; self.calls.len()];
        let mut began = vec![None; self.calls.len()];
        for (now, number, is_begin) in events {
            if is_begin {
                let before = model.state(now);
                began[number] = match mistake {
                    Some(BeginsBeforeThePoll) => Some(0),
                    _ => model.admit(now),
                };
                seen[number] = Some(Seen {
                    before,
                    was_polled: began[number].is_some(),
                    result: Result::Refused,
                    after: model.state(now),
                });
                continue;
            }
            let (Some(period), Some(seen)) = (began[number], &mut seen[number]) else {
                continue;
            };
            seen.result = match self.calls[number].end {
                End::Ok => {
                    model.succeed(period);
                    Result::Value
                }
                End::Error => {
                    model.fail(period, now);
                    Result::Error
                }
                End::Panic => {
                    let is_probe = model.phase == Phase::Probing && period == model.changes;
                    match mistake {
                        Some(PanicOfTheProbeWedges) if is_probe => model.change(Phase::Wedged),
                        Some(PanicOfTheProbeWedges) => {}
                        Some(PanicIsNothing) => model.leave(period, now),
                        _ => model.fail(period, now),
                    }
                    Result::Panicked
                }
                End::Dropped if self.panics_drop && model.has(DropByAPanicIsAFailure) => {
                    model.fail(period, now);
                    Result::Dropped
                }
                End::Dropped => {
                    model.leave(period, now);
                    Result::Dropped
                }
            };
            if model.has(ReportsLater) && seen.result != Result::Dropped {
                seen.result = Result::Late;
            }
            seen.after = model.state(now);
        }
        seen.into_iter().flatten().collect()
    }

    /// What comes before `call` and with it, without the calls that are refused.
    pub(super) fn told(&self, call: usize) -> String {
        let until = self.calls[call].ends;
        let expected = self.outcome(None);
        let matters = |number: usize| expected[number].was_polled || number == call;
        let calls = self.calls.iter().enumerate();
        let calls = calls
            .filter(|(number, call)| call.at <= until && matters(*number))
            .map(|(number, call)| {
                let end = match call.end {
                    End::Ok => "succeeds",
                    End::Error => "fails",
                    End::Panic => "panics",
                    End::Dropped if self.panics_drop => "is dropped by a panic of its caller",
                    End::Dropped => "is dropped",
                };
                format!(
                    "call {number} begins at {} ms and {end} at {}",
                    call.at, call.ends
                )
            });
        let calls: Vec<_> = calls.collect();
        format!(
            "With {} to open and a pause of {}: {}",
            plural(self.failures as usize, "failure"),
            in_ms(ms(self.pause)),
            list(calls.into_iter())
        )
    }
}

impl Seen {
    /// What has happened; `was` is "was" or "been".
    pub(super) fn shown(&self, was: &str) -> String {
        let result = match self.result {
            Result::Value => "returned its value".to_owned(),
            Result::Error => "returned its error".to_owned(),
            Result::Refused => format!("{was} refused"),
            Result::Panicked => "panicked".to_owned(),
            Result::Late => "was pending when its operation was ready".to_owned(),
            Result::Dropped => format!("{was} dropped"),
            Result::Another => "returned what is not its own".to_owned(),
        };
        let polled = match (self.was_polled, self.result) {
            (true, Result::Refused) => " after its operation was polled",
            (false, Result::Dropped) => " before its operation was polled",
            _ => "",
        };
        format!(
            "found {:?}, {result}{polled}, and left {:?}",
            self.before, self.after
        )
    }
}

/// Plans in which each mistake shows.
pub(super) fn probes() -> Vec<Plan> {
    let call = |at, ends, end| Call { at, ends, end };
    let plan = |failures, pause, calls: Vec<Call>| Plan {
        failures,
        pause,
        calls,
        panics_drop: false,
    };
    use End::*;
    vec![
        plan(
            2,
            2,
            vec![
                call(2, 15, Ok),
                call(4, 5, Error),
                call(6, 7, Error),
                call(10, 11, Ok),
                call(12, 13, Error),
                call(16, 17, Error),
            ],
        ),
        Plan {
            panics_drop: true,
            ..plan(1, 10, vec![call(2, 3, Dropped), call(4, 5, Ok)])
        },
        plan(
            2,
            9,
            vec![
                call(2, 3, Error),
                call(4, 5, Ok),
                call(6, 7, Error),
                call(8, 9, Error),
                call(10, 11, Ok),
                call(18, 25, Ok),
                call(20, 21, Error),
                call(26, 27, Error),
                call(28, 29, Ok),
            ],
        ),
        plan(
            1,
            10,
            vec![
                call(2, 3, Error),
                call(14, 15, Dropped),
                call(16, 17, Error),
                call(20, 21, Ok),
                call(30, 31, Panic),
                call(32, 33, Ok),
                call(44, 45, Ok),
            ],
        ),
        plan(
            2,
            10,
            vec![
                call(2, 3, Panic),
                call(4, 5, Panic),
                call(6, 7, Ok),
                call(18, 19, Ok),
                call(20, 21, Dropped),
                call(22, 23, Error),
                call(24, 25, Dropped),
                call(26, 27, Ok),
            ],
        ),
        plan(
            1,
            10,
            vec![
                call(2, 9, Error),
                call(4, 13, Ok),
                call(6, 17, Error),
                call(8, 39, Error),
                call(14, 15, Ok),
                call(20, 21, Ok),
                call(28, 29, Ok),
                call(30, 31, Ok),
                call(32, 33, Ok),
                call(40, 41, Ok),
            ],
        ),
    ]
}
