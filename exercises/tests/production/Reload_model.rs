//! When loads should begin and which calls they should answer, and what becomes of that with each usual mistake.

use grading::{in_ms, list, ms};

use super::super::{CONFIG, LEADER, SINGLE_FLIGHT};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With this configuration
    Ok(u64),
    Error,
    Panic,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    /// In milliseconds, as all times here
    pub(super) takes: u64,
    pub(super) end: End,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    pub(super) at: u64,
    /// When its future is dropped, if it still waits
    pub(super) dropped: u64,
}

/// Calls begin at 500 ms after whole seconds, are dropped at whole seconds, and loads take seconds and a few milliseconds: no two of
/// these happen at the same instant.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) loads: Vec<Load>,
    pub(super) calls: Vec<Call>,
}

/// The instant of a drop that does not happen.
pub(super) const NEVER: u64 = 1_000_000_000_000;

/// The configuration at the beginning.
pub(super) const FIRST: u64 = 0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Ok(u64),
    /// The number of the load that has failed
    Error(usize),
    Panicked,
    Dropped,
    Never,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    pub(super) loads: Vec<u64>,
    /// The answer of each call, when it came, and the configuration that was current then
    pub(super) calls: Vec<(Answer, u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    JoinsTheLoad,
    NotCombined,
    NotAtOneTime,
    ErrorIsNotShared,
    ErrorIsForgotten,
    ReturnsTheCurrent,
    FirstWins,
    RestartsTheLoad,
    WaitersAreWedged,
    RunsOnWhenDropped,
    OwnLimit,
}

use Mistake::*;

impl Mistake {
    /// All that a run may be explained by. `OwnLimit` is seen in another way.
    pub(super) const ALL: &[Self] = &[
        JoinsTheLoad,
        NotCombined,
        NotAtOneTime,
        ErrorIsNotShared,
        ErrorIsForgotten,
        ReturnsTheCurrent,
        FirstWins,
        RestartsTheLoad,
        WaitersAreWedged,
        RunsOnWhenDropped,
    ];

    pub(super) fn meaning(self) -> &'static str {
        match self {
            JoinsTheLoad => {
                "that a call joins the load in progress. That has perhaps read the file before it was changed: the call has to be answered by a \
                 load that begins after it."
            }
            NotCombined => {
                "that each call makes a load of its own, one after the other. Calls that wait share the next one: when a call gets its turn, \
                 a load may have begun and ended since it came."
            }
            NotAtOneTime => {
                "that loads run at the same time. The one that ends last wins, and that may be the one that has read the oldest file."
            }
            ErrorIsNotShared => {
                "that calls share a load only if it succeeds. They share its error, too: otherwise each call that waits repeats a load that fails."
            }
            ErrorIsForgotten => {
                "that a load that fails is not an error for the calls that share it: they return the current configuration."
            }
            ReturnsTheCurrent => {
                "that `Ok` with the current configuration is returned when the load fails. The operator has to be told."
            }
            FirstWins => {
                "that a call that comes while a load is in progress does nothing, and returns the current configuration."
            }
            RestartsTheLoad => {
                "that a new call drops the load in progress and begins another one. With calls that come often enough, no load ever ends."
            }
            WaitersAreWedged => {
                "that the calls that wait never learn that the call with the load was dropped or has panicked. A flag that is set before an `.await` \
                 and cleared after it stays set; a lock guard does not."
            }
            OwnLimit => {
                "that the answer has a limit of its own for a load. A load ends by itself, or is dropped with its call."
            }
            RunsOnWhenDropped => "that a load goes on when the call that runs it is dropped.",
        }
    }

    pub(super) fn page(self) -> &'static str {
        match self {
            JoinsTheLoad | NotCombined | ErrorIsNotShared | ErrorIsForgotten => SINGLE_FLIGHT,
            WaitersAreWedged | RunsOnWhenDropped => LEADER,
            _ => CONFIG,
        }
    }
}

/// A load in progress: its number, when it ends, and whom it answers. The first of them runs it.
struct Running {
    number: usize,
    ends: u64,
    members: Vec<usize>,
}

struct Model<'a> {
    plan: &'a Plan,
    mistake: Option<Mistake>,
    running: Vec<Running>,
    waiting: Vec<usize>,
    is_wedged: bool,
    current: u64,
    seen: Seen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Dropped(usize),
    Calls(usize),
}

impl Plan {
    pub(super) fn load(&self, number: usize) -> Load {
        let last = Load {
            takes: 1_001,
            end: End::Ok(7),
        };
        let load = self.loads.get(number).copied().unwrap_or(last);
        // No two loads end at the same instant, not even if they run at the same time.
        let takes = load.takes + 2 * number as u64;
        Load { takes, ..load }
    }

    pub(super) fn outcome(&self, mistake: Option<Mistake>) -> Seen {
        let mut model = Model {
            plan: self,
            mistake,
            running: Vec::new(),
            waiting: Vec::new(),
            is_wedged: false,
            current: FIRST,
            seen: Seen {
                loads: Vec::new(),
                calls: vec![(Answer::Never, 0, FIRST); self.calls.len()],
            },
        };
        let mut events = Vec::new();
        for (number, call) in self.calls.iter().enumerate() {
            events.push((call.at, Event::Calls(number)));
            if call.dropped < NEVER {
                events.push((call.dropped, Event::Dropped(number)));
            }
        }
        events.sort_unstable();
        let mut events = events.into_iter().peekable();
        loop {
            let ends = model.running.iter().map(|running| running.ends).min();
            match (events.peek(), ends) {
                (None, None) => break,
                (Some((at, _)), Some(ends)) if ends < *at => model.ends(ends),
                (None, Some(ends)) => model.ends(ends),
                (Some(_), _) => {
                    if let Some((at, event)) = events.next() {
                        model.happens(at, event);
                    }
                }
            }
        }
        model.seen
    }

    pub(super) fn told(&self) -> String {
        let calls = self.calls.iter().map(|call| match call.dropped {
            NEVER => in_ms(ms(call.at)),
            dropped => format!("{}, dropped at {}", in_ms(ms(call.at)), in_ms(ms(dropped))),
        });
        let loads = (0..self.loads.len()).map(|number| {
            let load = self.load(number);
            let end = match load.end {
                End::Ok(config) => format!("return {config}"),
                End::Error => "fail".to_owned(),
                End::Panic => "panic".to_owned(),
            };
            format!("{end} after {}", in_ms(ms(load.takes)))
        });
        format!(
            "With calls at {} and loads that {}",
            list(calls),
            list(loads)
        )
    }
}

impl Model<'_> {
    fn has(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    fn happens(&mut self, at: u64, event: Event) {
        match event {
            Event::Calls(number) => {
                let is_busy = !self.running.is_empty() || self.is_wedged;
                match self.mistake {
                    _ if !is_busy => {
                        self.waiting.push(number);
                        self.begin(at);
                    }
                    Some(NotAtOneTime) => {
                        self.waiting.push(number);
                        self.begin(at);
                    }
                    Some(JoinsTheLoad) if !self.is_wedged => {
                        if let Some(running) = self.running.first_mut() {
                            running.members.push(number);
                        }
                    }
                    Some(FirstWins) => self.answer(number, Answer::Ok(self.current), at),
                    Some(RestartsTheLoad) => {
                        let dropped = self.running.drain(..);
                        let members = dropped.flat_map(|running| running.members);
                        self.waiting.extend(members);
                        self.waiting.push(number);
                        self.begin(at);
                    }
                    _ => self.waiting.push(number),
                }
            }
            Event::Dropped(number) => {
                if self.waiting.contains(&number) {
                    self.waiting.retain(|other| *other != number);
                    self.answer(number, Answer::Dropped, at);
                    return;
                }
                let load = self
                    .running
                    .iter()
                    .position(|running| running.members.contains(&number));
                let Some(load) = load else {
                    return;
                };
                self.answer(number, Answer::Dropped, at);
                let leads = self.running[load].members[0] == number;
                if !leads || self.has(RunsOnWhenDropped) {
                    let members = &mut self.running[load].members;
                    members.retain(|other| *other != number);
                    if members.is_empty() {
                        // It goes on without any call.
                        members.push(usize::MAX);
                    }
                    return;
                }
                self.abandons(load, at);
            }
        }
    }

    /// The call that runs this load is gone.
    fn abandons(&mut self, load: usize, at: u64) {
        let running = self.running.remove(load);
        let mut left: Vec<_> = running.members[1..].to_vec();
        left.append(&mut self.waiting);
        self.waiting = left;
        if self.has(WaitersAreWedged) {
            self.is_wedged = true;
        } else {
            self.begin(at);
        }
    }

    fn begin(&mut self, at: u64) {
        if self.waiting.is_empty() {
            return;
        }
        let members = if self.has(NotCombined) {
            vec![self.waiting.remove(0)]
        } else {
            std::mem::take(&mut self.waiting)
        };
        let number = self.seen.loads.len();
        self.seen.loads.push(at);
        self.running.push(Running {
            number,
            ends: at + self.plan.load(number).takes,
            members,
        });
    }

    fn answer(&mut self, call: usize, answer: Answer, at: u64) {
        if let Some(seen) = self.seen.calls.get_mut(call) {
            *seen = (answer, at, self.current);
        }
    }

    /// The load ends that ends at this instant.
    fn ends(&mut self, at: u64) {
        let Some(load) = self.running.iter().position(|running| running.ends == at) else {
            return;
        };
        let end = self.plan.load(self.running[load].number).end;
        let (number, members) = (
            self.running[load].number,
            self.running[load].members.clone(),
        );
        match end {
            End::Panic => {
                if let Some(call) = members.first() {
                    self.answer(*call, Answer::Panicked, at);
                }
                return self.abandons(load, at);
            }
            End::Ok(config) => {
                self.current = config;
                for call in &members {
                    self.answer(*call, Answer::Ok(config), at);
                }
            }
            End::Error => {
                let (leader, others) = members.split_at(1);
                for call in leader {
                    let answer = match self.mistake {
                        Some(ReturnsTheCurrent) => Answer::Ok(self.current),
                        _ => Answer::Error(number),
                    };
                    self.answer(*call, answer, at);
                }
                if self.has(ErrorIsNotShared) {
                    let mut left = others.to_vec();
                    left.append(&mut self.waiting);
                    self.waiting = left;
                } else {
                    for call in others {
                        let answer = match self.mistake {
                            Some(ReturnsTheCurrent | ErrorIsForgotten) => Answer::Ok(self.current),
                            _ => Answer::Error(number),
                        };
                        self.answer(*call, answer, at);
                    }
                }
            }
        }
        self.running.remove(load);
        if self.running.is_empty() {
            self.begin(at);
        }
    }
}

impl Seen {
    /// The first thing that `self` does and `expected` does not.
    pub(super) fn differs(&self, expected: &Self) -> String {
        let same = self.loads.iter().zip(&expected.loads);
        let same = same.take_while(|(a, b)| a == b).count();
        if self.loads != expected.loads {
            let begins = |loads: &[u64]| match loads.get(same) {
                Some(at) => format!("begin at {}", in_ms(ms(*at))),
                None => "not begin".to_owned(),
            };
            return format!(
                "load {same} should {}; it did {}",
                begins(&expected.loads),
                begins(&self.loads)
            );
        }
        let call = (0..self.calls.len()).find(|call| self.calls[*call] != expected.calls[*call]);
        let call = call.unwrap_or(0);
        let shown = |(answer, at, current): (Answer, u64, u64)| {
            let at = in_ms(ms(at));
            match answer {
                Answer::Ok(config) => format!("return {config} at {at}, when {current} is current"),
                Answer::Error(load) => {
                    format!("return the error of load {load} at {at}, when {current} is current")
                }
                Answer::Panicked => format!("panic at {at}"),
                Answer::Dropped => format!("wait until {at}"),
                Answer::Never => "not return".to_owned(),
            }
        };
        format!(
            "call {call} should {}; it did {}",
            shown(expected.calls[call]),
            shown(self.calls[call])
        )
    }
}

/// Plans in which each mistake shows.
pub(super) fn probes() -> Vec<Plan> {
    let load = |takes, end| Load { takes, end };
    let call = |at| Call { at, dropped: NEVER };
    let dropped = |at, dropped| Call { at, dropped };
    vec![
        Plan {
            loads: vec![
                load(3_001, End::Ok(1)),
                load(1_001, End::Ok(2)),
                load(2_001, End::Error),
                load(1_001, End::Ok(3)),
            ],
            calls: vec![
                call(500),
                call(1_500),
                call(2_500),
                call(6_500),
                call(7_500),
                call(8_500),
                call(12_500),
            ],
        },
        Plan {
            loads: vec![
                load(3_001, End::Ok(1)),
                load(2_001, End::Error),
                load(2_001, End::Error),
                load(1_001, End::Ok(3)),
            ],
            calls: vec![call(500), call(1_500), call(2_500), call(3_500)],
        },
        Plan {
            loads: vec![load(9_001, End::Ok(1)), load(1_001, End::Ok(2))],
            calls: vec![dropped(500, 3_000), call(1_500), call(2_500), call(15_500)],
        },
        Plan {
            loads: vec![load(3_001, End::Panic), load(1_001, End::Ok(2))],
            calls: vec![call(500), call(1_500), call(2_500)],
        },
    ]
}
