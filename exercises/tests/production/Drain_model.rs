//! What a drain should do, and what it does with each usual mistake.

use exercises::production::Drained;
use grading::{in_ms, ms, plural};

use super::super::{CONDITION, DRAIN, DROPPED, NO_DEADLINE, SECOND};

/// In milliseconds, as all times here
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    pub(super) begins: u64,
    pub(super) ends: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) at: u64,
    pub(super) deadline: u64,
    /// When its future is dropped, if it still waits
    pub(super) dropped: u64,
}

/// No two events of different kinds happen at the same instant, so that their order is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub(super) requests: Vec<Request>,
    pub(super) calls: Vec<Call>,
    pub(super) begin: Option<u64>,
    pub(super) stop: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    With(Drained, u64),
    Dropped,
    Never,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    /// Whether each request was admitted, and how many were in flight then
    pub(super) admitted: Vec<(bool, usize)>,
    pub(super) calls: Vec<Ended>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    AdmitsAll,
    DrainDoesNotBegin,
    StopDoesNotBegin,
    RefusedAreCounted,
    NoneIsAbandoned,
    CountsAtTheBegin,
    WaitsForTheDeadline,
    NoDeadline,
    FirstDeadline,
    DeadlineForgets,
    ClockFirst,
    StopIsIgnored,
    StopIsNotRemembered,
    StopIsClean,
    StopIsADeadline,
    StopIsNeverClean,
    DropUndoesTheBegin,
    LooksOnce,
    WakesOne,
    OwnLimit,
}

use Mistake::*;

impl Mistake {
    /// All that a run may be explained by. `WakesOne` and `OwnLimit` are seen in other ways.
    pub(super) const ALL: &[Self] = &[
        AdmitsAll,
        DrainDoesNotBegin,
        StopDoesNotBegin,
        RefusedAreCounted,
        NoneIsAbandoned,
        CountsAtTheBegin,
        WaitsForTheDeadline,
        NoDeadline,
        FirstDeadline,
        DeadlineForgets,
        ClockFirst,
        StopIsIgnored,
        StopIsNotRemembered,
        StopIsClean,
        StopIsADeadline,
        StopIsNeverClean,
        DropUndoesTheBegin,
        LooksOnce,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            AdmitsAll => {
                "that requests are admitted after the drain has begun. While new ones come in, a drain may never end."
            }
            DrainDoesNotBegin => {
                "that `drain` only waits, and requests are still admitted. It begins the drain as `begin` does."
            }
            StopDoesNotBegin => {
                "that `stop` does not begin the drain, so requests are admitted after it."
            }
            RefusedAreCounted => {
                "that a request is counted before it is refused, and not taken off the count again."
            }
            NoneIsAbandoned => {
                "that the drain is called clean although requests are in flight at the deadline. The exit code and the log have to tell."
            }
            CountsAtTheBegin => {
                "that requests are counted when the drain begins, and not when it ends. Those that ended in time are not abandoned."
            }
            WaitsForTheDeadline => {
                "that it waits until the deadline in any case. When no request is in flight, there is nothing to wait for."
            }
            NoDeadline => {
                "that the deadline does not end the wait. One request that hangs then keeps the service from stopping."
            }
            FirstDeadline => {
                "that the deadline of the first call holds for all of them. Each call has its own."
            }
            DeadlineForgets => {
                "that the count is set to zero at a deadline. The requests are still in flight, and a later call waits for them."
            }
            ClockFirst => {
                "that the clock is looked at before the count. If no request is in flight, the drain is clean, also after its deadline."
            }
            StopIsIgnored => "that `stop` does not end a call that waits.",
            StopIsNotRemembered => {
                "that `stop` ends only the calls that are waiting. It has to be remembered for those that come later."
            }
            StopIsClean => {
                "that a drain that was stopped is called clean, although requests are in flight."
            }
            StopIsADeadline => {
                "that a drain that was stopped is said to have reached its deadline."
            }
            StopIsNeverClean => {
                "that `stop` is looked at before the count. If no request is in flight, the drain is clean."
            }
            DropUndoesTheBegin => {
                "that the drain has not begun any more when the future of `drain` is dropped. What it has begun stays begun."
            }
            LooksOnce => {
                "that a call returns when it is woken, whatever is so then. Look at the state again, in a loop."
            }
            WakesOne => {
                "that one waiter is woken, as by `notify_one`, and another one was needed: `notify_waiters` wakes all of them."
            }
            OwnLimit => {
                "that the answer has a limit of its own. Only the deadline and `stop` end the wait for a request."
            }
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            StopDoesNotBegin | StopIsIgnored | StopIsNotRemembered | StopIsClean
            | StopIsADeadline | StopIsNeverClean => SECOND,
            DropUndoesTheBegin => DROPPED,
            NoDeadline => NO_DEADLINE,
            LooksOnce | WakesOne => CONDITION,
            _ => DRAIN,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Begins(usize),
    Ends(usize),
    Calls(usize),
    Deadline,
    Dropped(usize),
    Begin,
    Stop,
}

struct Model<'a> {
    plan: &'a Plan,
    mistake: Option<Mistake>,
    is_draining: bool,
    is_stopped: bool,
    in_flight: usize,
    /// The calls that wait, with the count at their begin
    waiting: Vec<(usize, usize)>,
    seen: Seen,
}

impl Plan {
    fn events(&self) -> Vec<(u64, Event)> {
        let mut events = Vec::new();
        for (number, request) in self.requests.iter().enumerate() {
            events.push((request.begins, Event::Begins(number)));
            events.push((request.ends, Event::Ends(number)));
        }
        for (number, call) in self.calls.iter().enumerate() {
            events.push((call.at, Event::Calls(number)));
            events.push((call.deadline.max(call.at), Event::Deadline));
            if call.dropped < NEVER {
                events.push((call.dropped, Event::Dropped(number)));
            }
        }
        events.extend(self.begin.map(|at| (at, Event::Begin)));
        events.extend(self.stop.map(|at| (at, Event::Stop)));
        // A stable sort: a call comes before its own deadline.
        events.sort_by_key(|(at, _)| *at);
        events
    }

    pub(super) fn outcome(&self, mistake: Option<Mistake>) -> Seen {
        let mut model = Model {
            plan: self,
            mistake,
            is_draining: false,
            is_stopped: false,
            in_flight: 0,
            waiting: Vec::new(),
            seen: Seen {
                admitted: vec![(false, 0); self.requests.len()],
                calls: vec![Ended::Never; self.calls.len()],
            },
        };
        for (at, event) in self.events() {
            model.happens(at, event);
        }
        model.seen
    }

    pub(super) fn told(&self) -> String {
        let mut told = Vec::new();
        for (at, event) in self.events() {
            let when = in_ms(ms(at));
            let event = match event {
                Event::Begins(number) => format!("request {number} comes at {when}"),
                Event::Ends(number) => format!("request {number} ends at {when}"),
                Event::Calls(number) => format!(
                    "`drain` {number} is called at {when} with a deadline at {}",
                    in_ms(ms(self.calls[number].deadline))
                ),
                Event::Dropped(number) if at < NEVER => {
                    format!("`drain` {number} is dropped at {when}")
                }
                Event::Deadline | Event::Dropped(_) => continue,
                Event::Begin => format!("`begin` at {when}"),
                Event::Stop => format!("`stop` at {when}"),
            };
            told.push(event);
        }
        let more = told.len().saturating_sub(12);
        told.truncate(12);
        if more > 0 {
            told.push(format!("and {}", plural(more, "more event")));
        }
        told.join(", ")
    }
}

/// The instant of a drop that does not happen.
pub(super) const NEVER: u64 = 1_000_000_000_000;

impl Model<'_> {
    fn has(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    fn happens(&mut self, at: u64, event: Event) {
        match event {
            Event::Begins(number) => {
                let is_admitted = !self.is_draining || self.has(AdmitsAll);
                self.in_flight += usize::from(is_admitted || self.has(RefusedAreCounted));
                self.seen.admitted[number] = (is_admitted, self.in_flight);
            }
            Event::Ends(number) => {
                if self.seen.admitted[number].0 {
                    self.in_flight = self.in_flight.saturating_sub(1);
                }
            }
            Event::Begin => self.is_draining = true,
            Event::Stop => {
                self.is_draining |= !self.has(StopDoesNotBegin);
                self.is_stopped = !self.has(StopIsIgnored);
            }
            Event::Calls(number) => {
                self.is_draining |= !self.has(DrainDoesNotBegin);
                self.waiting.push((number, self.in_flight));
            }
            Event::Deadline => {}
            Event::Dropped(number) => {
                let waits = self.waiting.iter().any(|(call, _)| *call == number);
                if waits {
                    self.waiting.retain(|(call, _)| *call != number);
                    self.seen.calls[number] = Ended::Dropped;
                    self.is_draining &= !self.has(DropUndoesTheBegin);
                }
            }
        }
        loop {
            let before = self.in_flight;
            let waiting = std::mem::take(&mut self.waiting);
            for (number, count) in waiting {
                let is_change = match event {
                    Event::Ends(request) => self.seen.admitted[request].0,
                    event => wakes(event, number),
                };
                let is_woken = self.has(LooksOnce) && is_change;
                match self.ended(number, count, at, is_woken) {
                    Some(drained) => self.seen.calls[number] = Ended::With(drained, at),
                    None => self.waiting.push((number, count)),
                }
            }
            if self.in_flight == before {
                break;
            }
        }
        if self.has(StopIsNotRemembered) {
            self.is_stopped = false;
        }
    }

    /// How a call that waits ends at this instant, if it does.
    fn ended(&mut self, number: usize, count: usize, at: u64, is_woken: bool) -> Option<Drained> {
        let deadline = match self.mistake {
            Some(NoDeadline) => NEVER,
            Some(FirstDeadline) => {
                let first = self.plan.calls.iter().min_by_key(|call| call.at);
                first.map_or(0, |first| first.deadline)
            }
            _ => self.plan.calls[number].deadline,
        };
        let is_late = at >= deadline;
        let in_flight = self.in_flight;
        let is_clean = in_flight == 0
            && !(self.is_stopped && self.has(StopIsNeverClean))
            && !(is_late && self.has(ClockFirst));
        if is_clean && !(self.has(WaitsForTheDeadline) && !is_late && !self.is_stopped) {
            return Some(Drained::Clean);
        }
        let abandoned = match self.mistake {
            Some(CountsAtTheBegin) => count,
            _ => in_flight,
        };
        if self.is_stopped && !(is_late && self.has(ClockFirst)) {
            return Some(match self.mistake {
                Some(StopIsClean) => Drained::Clean,
                Some(StopIsADeadline) => Drained::DeadlineReached { abandoned },
                _ => Drained::Stopped { abandoned },
            });
        }
        if !is_late && !is_woken {
            return None;
        }
        if self.has(DeadlineForgets) {
            self.in_flight = 0;
        }
        Some(match self.mistake {
            Some(NoneIsAbandoned) => Drained::Clean,
            _ => Drained::DeadlineReached { abandoned },
        })
    }
}

/// Whether an event that is no end of a request wakes a call that has waited before.
fn wakes(event: Event, waiting: usize) -> bool {
    match event {
        Event::Begin | Event::Stop => true,
        Event::Calls(number) => number != waiting,
        Event::Begins(_) | Event::Ends(_) | Event::Deadline | Event::Dropped(_) => false,
    }
}

impl Seen {
    /// The first thing that `self` does and `expected` does not. `plan` says when.
    pub(super) fn differs(&self, expected: &Self, plan: &Plan) -> String {
        let admitted = (0..self.admitted.len())
            .filter(|number| self.admitted[*number] != expected.admitted[*number])
            .min_by_key(|number| plan.requests[*number].begins);
        let ended = (0..self.calls.len())
            .filter(|number| self.calls[*number] != expected.calls[*number])
            .min_by_key(|number| plan.calls[*number].at);
        let admits_first = match (admitted, ended) {
            (Some(request), Some(call)) => {
                plan.requests[request].begins < expected.calls[call].at().min(self.calls[call].at())
            }
            (request, _) => request.is_some(),
        };
        let shown = |(is_admitted, in_flight): (bool, usize)| {
            let is_admitted = if is_admitted { "admitted" } else { "refused" };
            format!(
                "{is_admitted}, with {} in flight after that",
                plural(in_flight, "request")
            )
        };
        if admits_first && let Some(number) = admitted {
            return format!(
                "Request {number} should be {}; it was {}.",
                shown(expected.admitted[number]),
                shown(self.admitted[number])
            );
        }
        let number = ended.unwrap_or(0);
        format!(
            "`drain` {number} should {}; it did {}.",
            expected.calls[number].shown(),
            self.calls[number].shown()
        )
    }
}

impl Ended {
    fn at(self) -> u64 {
        match self {
            Ended::With(_, at) => at,
            Ended::Dropped | Ended::Never => NEVER,
        }
    }

    fn shown(self) -> String {
        match self {
            Ended::With(drained, at) => format!("return `{drained:?}` at {}", in_ms(ms(at))),
            Ended::Dropped => "wait until it is dropped".to_owned(),
            Ended::Never => "not return".to_owned(),
        }
    }
}

/// Plans in which each mistake shows.
pub(super) fn probes() -> Vec<Plan> {
    let request = |begins, ends| Request { begins, ends };
    let call = |at, deadline| Call {
        at,
        deadline,
        dropped: NEVER,
    };
    let requests = vec![
        request(0, 42),
        request(10, 82),
        request(20, 102),
        request(60, 122),
        request(110, 132),
    ];
    vec![
        Plan {
            requests: requests.clone(),
            calls: vec![call(34, 96), call(44, 66), call(104, 306), call(134, 136)],
            ..Plan::default()
        },
        Plan {
            requests: requests.clone(),
            calls: vec![call(24, 506), call(34, 36), call(54, 406), call(144, 406)],
            stop: Some(48),
            ..Plan::default()
        },
        Plan {
            requests: requests.clone(),
            calls: vec![call(144, 106), call(144, 106), call(154, 406)],
            stop: Some(28),
            begin: None,
        },
        Plan {
            requests,
            calls: vec![
                Call {
                    dropped: 57,
                    ..call(54, 306)
                },
                call(144, 306),
            ],
            begin: None,
            stop: None,
        },
    ]
}
