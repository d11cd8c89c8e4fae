//! What `retry` should do, and what it does with each usual mistake.

use std::time::Duration;

use grading::{in_ms, list, ms, plural};

use super::super::{AGAIN, DEADLINE, EXACTLY, LONG, RETRY_AFTER};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Ok,
    Permanent,
    Transient(Option<Duration>),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt {
    pub(super) takes: Duration,
    pub(super) end: End,
}

impl Attempt {
    pub(super) const OK: Self = Self {
        takes: Duration::ZERO,
        end: End::Ok,
    };
}

#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// How many attempts are allowed
    pub(super) limit: u32,
    /// In milliseconds
    pub(super) deadline: u64,
    /// After each failure; the last one also after all others
    pub(super) pauses: Vec<Duration>,
    /// All others succeed at once.
    pub(super) attempts: Vec<Attempt>,
    /// As long as the result is awaited
    pub(super) patience: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) calls: Vec<(Duration, String)>,
    pub(super) result: String,
    pub(super) at: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    RetriesPermanent,
    OneAttemptMore,
    WaitsAfterTheLast,
    IgnoresRetryAfter,
    RetryAfterIsTheWait,
    AddsRetryAfter,
    CapsRetryAfter,
    WaitsUntilTheDeadline,
    AttemptOutlivesTheDeadline,
    DeadlineIsForEach,
    AttemptAtTheDeadline,
    DeadlineLosesTheError,
    FirstError,
    CountsFromZero,
}

use Mistake::*;

impl Mistake {
    pub(super) const ALL: &[Self] = &[
        RetriesPermanent,
        OneAttemptMore,
        WaitsAfterTheLast,
        IgnoresRetryAfter,
        RetryAfterIsTheWait,
        AddsRetryAfter,
        CapsRetryAfter,
        WaitsUntilTheDeadline,
        AttemptOutlivesTheDeadline,
        DeadlineIsForEach,
        AttemptAtTheDeadline,
        DeadlineLosesTheError,
        FirstError,
        CountsFromZero,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            RetriesPermanent => "that a permanent failure is tried again.",
            OneAttemptMore => {
                "that `attempts` is taken for the number of retries. The first attempt is one of them."
            }
            WaitsAfterTheLast => {
                "that it waits, or asks for a pause, after the last attempt. Nothing follows that."
            }
            IgnoresRetryAfter => "that `retry_after` is ignored.",
            RetryAfterIsTheWait => {
                "that `retry_after` replaces the pause. It is a minimum: the longer one of both is the wait."
            }
            AddsRetryAfter => {
                "that `retry_after` is added to the pause. The longer one of both is the wait."
            }
            CapsRetryAfter => {
                "that a long `retry_after` is cut. To come back earlier would ignore what the server asks for."
            }
            WaitsUntilTheDeadline => {
                "that it waits until the deadline although no attempt can begin before it. The caller could have had the error at once."
            }
            AttemptOutlivesTheDeadline => {
                "that the deadline is looked at only between attempts. An attempt that is in progress is dropped at the deadline."
            }
            DeadlineIsForEach => {
                "that each attempt has the whole time, as with `timeout` in the loop. All attempts share one deadline."
            }
            AttemptAtTheDeadline => {
                "that an attempt begins exactly at the deadline. It has to begin before it."
            }
            DeadlineLosesTheError => "that the last error is not kept for `RetryError::Deadline`.",
            FirstError => "that the first error is returned. The last one counts.",
            CountsFromZero => {
                "that `pause` is called with 0 after the first failure. It gets the number of failures so far."
            }
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            RetriesPermanent | OneAttemptMore | WaitsAfterTheLast | FirstError | CountsFromZero => {
                AGAIN
            }
            IgnoresRetryAfter | RetryAfterIsTheWait | AddsRetryAfter | CapsRetryAfter => {
                RETRY_AFTER
            }
            AttemptAtTheDeadline => EXACTLY,
            _ => DEADLINE,
        }
    }
}

impl Plan {
    pub(super) fn outcome(&self, mistake: Option<Mistake>) -> Outcome {
        let has = |other| mistake == Some(other);
        let (mut now, mut calls, mut errors) = (Duration::ZERO, Vec::new(), Vec::new());
        let deadline = ms(self.deadline);
        let deadline_error = |errors: &[usize]| {
            let error = if has(FirstError) {
                errors.first()
            } else {
                errors.last()
            };
            format!(
                "Deadline({:?})",
                error.filter(|_| !has(DeadlineLosesTheError))
            )
        };
        let limit = self.limit as usize + usize::from(has(OneAttemptMore));
        let mut result = None;
        for number in 0.. {
            let is_over = now >= deadline && !(has(AttemptAtTheDeadline) && now == deadline);
            if is_over && !has(DeadlineIsForEach) {
                break;
            }
            calls.push((now, "attempt".to_owned()));
            let attempt = self.attempts.get(number).copied().unwrap_or(Attempt::OK);
            let limit_of_attempt = if has(DeadlineIsForEach) {
                now.saturating_add(deadline)
            } else {
                deadline
            };
            if now.saturating_add(attempt.takes) > limit_of_attempt
                && !has(AttemptOutlivesTheDeadline)
            {
                now = limit_of_attempt;
                break;
            }
            now = now.saturating_add(attempt.takes);
            let asked = match attempt.end {
                End::Ok => {
                    result = Some(format!("Ok({number})"));
                    break;
                }
                End::Permanent if !has(RetriesPermanent) => {
                    result = Some(format!("Permanent({number})"));
                    break;
                }
                End::Permanent => None,
                End::Transient(asked) => asked,
            };
            errors.push(number);
            let is_last = number + 1 == limit;
            let pause_of = |number: usize| self.pauses[number.min(self.pauses.len() - 1)];
            if is_last {
                if has(WaitsAfterTheLast) {
                    calls.push((now, format!("pause({})", number + 1)));
                    now = now.saturating_add(pause_of(number));
                }
                let error = if has(FirstError) { 0 } else { number };
                result = Some(format!("Exhausted({error})"));
                break;
            }
            let argument = if has(CountsFromZero) {
                number
            } else {
                number + 1
            };
            calls.push((now, format!("pause({argument})")));
            let (pause, asked) = (pause_of(argument.max(1) - 1), asked.unwrap_or_default());
            let wait = match mistake {
                Some(IgnoresRetryAfter) => pause,
                Some(RetryAfterIsTheWait) if asked > Duration::ZERO => asked,
                Some(AddsRetryAfter) => pause.saturating_add(asked),
                Some(CapsRetryAfter) => pause.max(asked.min(ms(60_000))),
                _ => pause.max(asked),
            };
            let begins = now.saturating_add(wait);
            let is_too_late = if has(AttemptAtTheDeadline) {
                begins > deadline
            } else {
                begins >= deadline
            };
            if is_too_late && !has(DeadlineIsForEach) {
                if has(WaitsUntilTheDeadline) {
                    now = now.max(deadline);
                }
                break;
            }
            now = begins;
        }
        let result = result.unwrap_or_else(|| deadline_error(&errors));
        if now > self.patience {
            return Outcome {
                calls,
                result: "nothing".to_owned(),
                at: self.patience,
            };
        }
        Outcome {
            calls,
            result,
            at: now,
        }
    }

    /// Whether a server asks for a wait of more than an hour.
    pub(super) fn has_long_retry_after(&self) -> bool {
        let is_long = |attempt: &Attempt| match attempt.end {
            End::Transient(asked) => asked.is_some_and(|asked| asked > ms(3_600_000)),
            _ => false,
        };
        self.attempts.iter().any(is_long)
    }

    pub(super) fn told(&self) -> String {
        let attempts = self.attempts.iter().map(|attempt| {
            let takes = in_ms(attempt.takes);
            match attempt.end {
                End::Ok => format!("succeeds after {takes}"),
                End::Permanent => format!("fails permanently after {takes}"),
                End::Transient(None) => format!("fails after {takes}"),
                End::Transient(Some(Duration::MAX)) => {
                    format!("fails after {takes} with a Retry-After of Duration::MAX")
                }
                End::Transient(Some(asked)) => {
                    format!("fails after {takes} with a Retry-After of {}", in_ms(asked))
                }
            }
        });
        let attempts: Vec<_> = attempts.collect();
        let pauses = self.pauses.iter().map(|pause| match *pause {
            Duration::MAX => "Duration::MAX".to_owned(),
            pause => in_ms(pause),
        });
        let pauses: Vec<_> = pauses.collect();
        format!(
            "At most {}, a deadline after {}, pauses of {}; the attempts: {}",
            plural(self.limit as usize, "attempt"),
            in_ms(ms(self.deadline)),
            list(pauses.into_iter()),
            list(attempts.into_iter())
        )
    }
}

impl Outcome {
    pub(super) fn attempts(&self) -> usize {
        self.calls
            .iter()
            .filter(|(_, call)| call == "attempt")
            .count()
    }

    /// Whether the same was done, but earlier.
    pub(super) fn is_earlier_than(&self, other: &Self) -> bool {
        let calls = self.calls.iter().map(|(_, call)| call);
        let is_same =
            calls.eq(other.calls.iter().map(|(_, call)| call)) && self.result == other.result;
        is_same && self.at < other.at
    }

    pub(super) fn is_deadline(&self) -> bool {
        self.result.starts_with("Deadline")
    }

    /// The calls, and the result with its instant
    fn shown(&self) -> (String, String) {
        let calls = self.calls.iter();
        let calls: Vec<_> = calls
            .map(|(at, call)| format!("{call} at {}", in_ms(*at)))
            .collect();
        let result = format!("{} at {}", self.result, in_ms(self.at));
        (list(calls.into_iter()), result)
    }

    pub(super) fn differs_from(&self, expected: &Self) -> String {
        let ((should_call, should_return), (called, returned)) = (expected.shown(), self.shown());
        format!(
            "It should call {should_call}, and return {should_return}. It called {called}, and returned {returned}."
        )
    }
}

/// Plans in which each mistake shows.
pub(super) fn probes() -> Vec<Plan> {
    let failing = |takes, asked: Option<u64>| Attempt {
        takes: ms(takes),
        end: End::Transient(asked.map(ms)),
    };
    let ending = |takes, end| Attempt {
        takes: ms(takes),
        end,
    };
    let plan = |limit, deadline, attempts: Vec<Attempt>| Plan {
        limit,
        deadline,
        pauses: vec![ms(10), ms(20), ms(40)],
        attempts,
        patience: LONG,
    };
    vec![
        plan(2, 1_000, vec![failing(5, None); 4]),
        plan(9, 1_000, vec![failing(5, None), ending(5, End::Permanent)]),
        plan(
            9,
            1_000,
            vec![failing(5, Some(30)), failing(5, Some(3)), failing(0, None)],
        ),
        plan(9, 1_000_000, vec![failing(5, Some(90_000))]),
        plan(9, 100, vec![failing(5, None), failing(5, Some(300))]),
        plan(
            9,
            50,
            vec![failing(5, None), failing(5, None), ending(30, End::Ok)],
        ),
        plan(9, 15, vec![failing(5, None), ending(3, End::Ok)]),
        plan(9, 0, vec![ending(0, End::Ok)]),
    ]
}
