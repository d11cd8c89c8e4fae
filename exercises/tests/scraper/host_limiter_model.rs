//! When requests start, by the contract and with the usual mistakes.

use std::collections::BTreeMap;
use std::time::Duration;

use grading::{Case, in_ms, list, ms};

use super::super::{HOSTS, RATE_AND_LIMIT};

/// A call of `run`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) host: usize,
    pub(super) at: Duration,
    pub(super) takes: Duration,
    /// When its future is dropped, if it is.
    pub(super) leaves: Option<Duration>,
    /// Whether its request panics at its end.
    pub(super) panics: bool,
    /// Whether another task makes its first poll.
    pub(super) moves: bool,
}

impl Call {
    pub(super) fn taking(takes: Duration) -> Self {
        Self {
            host: 0,
            at: Duration::ZERO,
            takes,
            leaves: None,
            panics: false,
            moves: false,
        }
    }
}

/// The name of a host: some differ in nothing but case, a last dot or a port.
pub(super) fn name(host: usize) -> String {
    let group = host / 4;
    match host % 4 {
        0 => format!("{group}.example"),
        1 => format!("{group}.EXAMPLE"),
        2 => format!("{group}.example."),
        _ => format!("{group}.example:80"),
    }
}

/// The calls of a test, in the order in which they are made.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) limit: usize,
    pub(super) gap: Duration,
    pub(super) calls: Vec<Call>,
}

/// What answers do wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    NoGap,
    GapAfterTheEnd,
    OneAtATime,
    HostsTogether,
    CancelledCallsCount,
    GapBeforeThePlace,
    Burst,
    GapForgotten,
    SharedGap,
}

impl Mistake {
    pub(super) const ALL: [Self; 9] = [
        Self::NoGap,
        Self::GapAfterTheEnd,
        Self::OneAtATime,
        Self::HostsTogether,
        Self::CancelledCallsCount,
        Self::GapBeforeThePlace,
        Self::Burst,
        Self::GapForgotten,
        Self::SharedGap,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::NoGap => "that nothing waits for the gap.",
            Self::GapAfterTheEnd => {
                "that the gap is counted from the end of a request. It is between starts."
            }
            Self::OneAtATime => {
                "that the lock with which a call waits for the gap is held while its request is awaited, so that one request \
                 runs at a time."
            }
            Self::HostsTogether => "that all hosts share one limit.",
            Self::CancelledCallsCount => {
                "that a call reserves its instant before it waits for it. If it is dropped in that time, the instant is lost. \
                 Record a start when there is nothing left to wait for."
            }
            Self::GapBeforeThePlace => {
                "that the gap is waited for, and the start recorded, before there is a place for the request. Then it starts \
                 later than recorded, and the next one too soon after it."
            }
            Self::Burst => {
                "that instants at which no request was waiting are made up for, as `interval` does: after a pause, requests \
                 follow each other without a gap."
            }
            Self::GapForgotten => {
                "that a host is forgotten with its last call, and its gap with it. An entry must stay until the gap is over."
            }
            Self::SharedGap => "that the gap is between starts of all hosts.",
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            Self::HostsTogether => HOSTS,
            _ => RATE_AND_LIMIT,
        }
    }
}

/// What is known about a host while the calls are made.
#[derive(Default)]
struct Host {
    last_start: Option<Duration>,
    /// The start and the end of each request.
    requests: Vec<(Duration, Duration)>,
    /// When the call before has started or was dropped.
    before: Duration,
    /// The instant up to which calls exist.
    busy_until: Duration,
    /// The next instant of a grid.
    tick: Duration,
}

impl Host {
    /// The first instant from `from` on at which fewer than `limit` requests are in progress.
    fn place(&self, from: Duration, limit: usize) -> Duration {
        let in_progress = |at: Duration| {
            let requests = self.requests.iter();
            requests
                .filter(|(start, end)| *start <= at && at < *end)
                .count()
        };
        let mut ends: Vec<_> = self.requests.iter().map(|(_, end)| *end).collect();
        ends.push(from);
        ends.sort_unstable();
        let place = ends
            .into_iter()
            .find(|at| *at >= from && in_progress(*at) < limit);
        place.unwrap_or(from)
    }
}

impl Host {
    /// The first instant from `at` on that is `gap` after every end of a request before it.
    fn after_ends(&self, mut at: Duration, gap: Duration) -> Duration {
        loop {
            let ends = self.requests.iter().map(|(_, end)| *end);
            let last = ends.filter(|end| *end <= at).max();
            match last.map(|last| last + gap) {
                Some(until) if until > at => at = until,
                _ => return at,
            }
        }
    }
}

impl Plan {
    /// When each request starts, if it does.
    pub(super) fn starts(&self) -> Vec<Option<Duration>> {
        self.starts_of(None)
    }

    pub(super) fn starts_with(&self, mistake: Mistake) -> Vec<Option<Duration>> {
        self.starts_of(Some(mistake))
    }

    fn starts_of(&self, mistake: Option<Mistake>) -> Vec<Option<Duration>> {
        let is = |other: Mistake| mistake == Some(other);
        let most = self.calls.iter().map(|call| call.host).max().unwrap_or(0);
        let mut hosts: Vec<Host> = (0..=most).map(|_| Host::default()).collect();
        let mut last_of_all: Option<Duration> = None;
        let gap = if is(Mistake::NoGap) {
            Duration::ZERO
        } else {
            self.gap
        };
        let limit = if is(Mistake::OneAtATime) {
            1
        } else {
            self.limit
        };
        let mut starts = Vec::new();
        for call in &self.calls {
            let host = match mistake {
                Some(Mistake::HostsTogether) => &mut hosts[0],
                _ => &mut hosts[call.host],
            };
            let from = call.at.max(host.before);
            if is(Mistake::GapForgotten) && from >= host.busy_until {
                host.last_start = None;
            }
            let last = if is(Mistake::SharedGap) {
                last_of_all
            } else {
                host.last_start
            };
            let after_gap = match mistake {
                Some(Mistake::GapAfterTheEnd) => host.after_ends(host.place(from, limit), gap),
                Some(Mistake::Burst) => host.tick,
                _ => last.map_or(Duration::ZERO, |last| last + gap),
            };
            let recorded = from.max(after_gap);
            let start = if is(Mistake::GapBeforeThePlace) {
                host.place(recorded, limit)
            } else {
                host.place(from, limit).max(after_gap)
            };
            let record = if is(Mistake::GapBeforeThePlace) {
                recorded
            } else {
                start
            };
            let left = call.leaves.filter(|leaves| *leaves < start);
            if let Some(left) = left {
                if is(Mistake::CancelledCallsCount) {
                    host.last_start = Some(start);
                }
                host.before = host
                    .before
                    .max(left.min(host.place(from, limit).max(after_gap)));
                host.busy_until = host.busy_until.max(left);
                starts.push(None);
                continue;
            }
            let end = start + call.takes;
            let end = call.leaves.map_or(end, |leaves| end.min(leaves));
            host.requests.push((start, end));
            host.last_start = Some(record);
            last_of_all = Some(record);
            host.before = if is(Mistake::GapBeforeThePlace) {
                recorded
            } else {
                start
            };
            host.tick += gap;
            host.busy_until = host.busy_until.max(end);
            starts.push(Some(start));
        }
        starts
    }

    /// Whether a request started before that of an earlier call to the same host.
    pub(super) fn is_out_of_order(&self, starts: &[Option<Duration>]) -> bool {
        let mut last = BTreeMap::new();
        self.calls.iter().zip(starts).any(|(call, start)| {
            let start = start.unwrap_or_default();
            let before = last.insert(call.host, start).unwrap_or_default();
            !start.is_zero() && start < before
        })
    }

    /// Moves the instants at which calls are dropped away from those at which their requests could start.
    pub(super) fn leave_between_starts(&mut self) {
        for number in 0..self.calls.len() {
            // As if this call were not dropped, nor any after it.
            let mut until = self.clone();
            until.calls.truncate(number + 1);
            until.calls[number].leaves = None;
            let start = until.starts()[number];
            let call = &mut self.calls[number];
            if call.leaves.is_some() && call.leaves == start {
                call.leaves = call.leaves.map(|leaves| leaves + ms(1));
            }
        }
    }

    /// How many hosts have an entry at this instant.
    pub(super) fn hosts_at(&self, at: Duration) -> usize {
        let starts = self.starts();
        let in_use = |(call, start): (&Call, &Option<Duration>)| {
            let start = start.unwrap_or_default();
            let until = (start + call.takes).max(start + self.gap);
            (call.at <= at && at < until).then_some(call.host)
        };
        let mut hosts: Vec<_> = self.calls.iter().zip(&starts).filter_map(in_use).collect();
        hosts.sort_unstable();
        hosts.dedup();
        hosts.len()
    }

    /// The calls up to this one, and what is said about them.
    pub(super) fn told(&self, last: usize) -> String {
        let calls = self.calls.iter().take(last + 1).enumerate();
        let calls = calls.map(|(number, call)| {
            let leaves = match call.leaves {
                Some(leaves) => format!(", dropped at {}", in_ms(leaves)),
                None => String::new(),
            };
            format!(
                "{number} at {} to {:?} for {}{leaves}{}{}",
                in_ms(call.at),
                name(call.host),
                in_ms(call.takes),
                if call.panics { ", which panics" } else { "" },
                if call.moves {
                    ", polled by another task at first"
                } else {
                    ""
                }
            )
        });
        format!(
            "calls are made {}",
            list(calls.collect::<Vec<_>>().into_iter())
        )
    }
}

/// Calls for one host that are all made at the start.
pub(super) fn drawn_calls(case: &Case, count: usize) -> Vec<Call> {
    let takes = case.whole_ms_each("requests take", count, 50);
    takes.into_iter().map(Call::taking).collect()
}

/// Calls that are made at the start or later, each later than the one before it unless both are made at the start.
pub(super) fn spread(case: &Case, calls: &mut [Call]) {
    let pauses = case.whole_ms_each("pauses between calls", calls.len(), 60);
    let mut at = Duration::ZERO;
    for (call, pause) in calls.iter_mut().zip(pauses) {
        at += pause;
        if !at.is_zero() && pause.is_zero() {
            at += ms(1);
        }
        call.at = at;
    }
}

/// Lets some of the requests panic.
pub(super) fn panicking(case: &Case, calls: &mut [Call]) {
    for call in calls {
        call.panics = *case.pick("panics", &[false, true]);
    }
}

/// Lets some of the calls be polled by another task, before the one that awaits them.
pub(super) fn moving(case: &Case, calls: &mut [Call]) {
    for call in calls {
        call.moves = *case.pick("moves", &[false, true]);
    }
}

/// Plans that tell the mistakes apart.
pub(super) fn probes() -> Vec<Plan> {
    let call = |host: usize, at: u64, takes: u64| Call {
        host,
        at: ms(at),
        takes: ms(takes),
        leaves: None,
        panics: false,
        moves: false,
    };
    let leaving = |at: u64, takes: u64, leaves: u64| Call {
        leaves: Some(ms(leaves)),
        ..call(0, at, takes)
    };
    let plan = |limit: usize, gap: u64, calls: Vec<Call>| Plan {
        limit,
        gap: ms(gap),
        calls,
    };
    vec![
        plan(
            5,
            20,
            vec![
                call(0, 0, 50),
                call(0, 0, 50),
                call(0, 0, 5),
                call(0, 0, 50),
            ],
        ),
        plan(2, 0, vec![call(0, 0, 50), call(0, 0, 70), call(0, 1, 50)]),
        plan(1, 30, vec![call(0, 0, 70), call(0, 0, 10), call(0, 0, 10)]),
        plan(
            2,
            20,
            vec![
                call(0, 0, 50),
                call(1, 0, 50),
                call(1, 1, 50),
                call(2, 2, 5),
            ],
        ),
        plan(
            1,
            50,
            vec![call(0, 0, 5), leaving(10, 5, 20), call(0, 60, 5)],
        ),
        plan(
            5,
            10,
            vec![
                call(0, 0, 5),
                call(0, 100, 5),
                call(0, 101, 5),
                call(0, 102, 5),
            ],
        ),
        plan(5, 50, vec![call(0, 0, 5), call(0, 10, 5), call(0, 20, 5)]),
    ]
}
