//! Callers of an `InventoryActor` that come and leave when a case says so, and what each of them should see.
//!
//! No two things happen at the same instant. Caller `n` comes `n` ms and leaves 32 + `n` ms after a multiple of 64 ms,
//! and a query takes a multiple of 64 ms: so it ends `n` ms after one if caller `n` found the actor idle, or 32 + `n` ms
//! after one if caller `n` made it idle by leaving.

use std::collections::VecDeque;

use super::*;
use exercises::queues::{InventoryActor, OutOfStock};
use grading::Case;

const STEP: u64 = 64;

#[derive(Debug, Clone, Copy)]
pub(super) enum Request {
    Add(u32),
    Take(u32),
}

pub(super) struct Caller {
    pub(super) request: Request,
    pub(super) comes_at: Duration,
    leaves_at: Option<Duration>,
}

/// When a call returned, and what. `None` if its caller left before.
pub(super) type Ended = Option<(Duration, Result<u32, OutOfStock>)>;

pub(super) struct Traffic {
    stock: u32,
    latency: Duration,
    capacity: usize,
    pub(super) callers: Vec<Caller>,
}

impl Traffic {
    /// Callers that all stay, and an inbox that may be full.
    pub(super) fn patient(case: &Case) -> Self {
        let capacity = case.size("capacity", 1..=4);
        Self::drawn(case, |_| capacity, |_| 0)
    }

    /// Callers some of which leave, and an inbox with a slot for each.
    pub(super) fn impatient(case: &Case) -> Self {
        let leave = |count| case.size("how many leave", 0..=count);
        Self::drawn(case, |count| count.max(1), leave)
    }

    fn drawn(
        case: &Case,
        capacity: impl Fn(usize) -> usize,
        leave: impl Fn(usize) -> usize,
    ) -> Self {
        let count = case.size("callers", 0..=16);
        let steps = case.numbers("come at, in steps of 64 ms", count, 6);
        let kinds = case.numbers("kinds, 1 for `add`", count, 1);
        let units = case.numbers("units", count, 50);
        let stock = case.number("stock", 100) as u32;
        let latency = case.number("latency, in steps of 64 ms", 3);
        let leaving = leave(count);
        let after = case.numbers("leave after, in steps of 64 ms", leaving, 6);
        let caller = |n: usize| {
            let at = |steps, ms| Duration::from_millis(steps * STEP + ms + n as u64);
            let comes = steps[n];
            let units = units[n] as u32;
            Caller {
                request: match kinds[n] {
                    1 => Request::Add(units),
                    _ => Request::Take(units),
                },
                comes_at: at(comes, 0),
                leaves_at: after.get(n).map(|after| at(comes + after, STEP / 2)),
            }
        };
        Self {
            stock,
            latency: Duration::from_millis(latency * STEP),
            capacity: capacity(count),
            callers: (0..count).map(caller).collect(),
        }
    }

    /// What each caller sees, and the units that are left in the end.
    pub(super) async fn run(&self) -> (Vec<Ended>, Result<u32, OutOfStock>) {
        let actor = InventoryActor::spawn(self.stock, self.latency, self.capacity);
        let clock = Clock::start();
        let calls = self.callers.iter().map(async |caller| {
            sleep(caller.comes_at).await;
            let call = async {
                let reply = match caller.request {
                    Request::Add(units) => {
                        actor.add(units).await;
                        Ok(units)
                    }
                    Request::Take(units) => actor.take(units).await,
                };
                (clock.elapsed(), reply)
            };
            match caller.leaves_at {
                Some(leaves_at) => timeout(leaves_at - caller.comes_at, call).await.ok(),
                None => Some(call.await),
            }
        });
        let ended = grading::join_all(calls).await;
        (ended, actor.take(0).await)
    }

    /// What they should see.
    pub(super) fn expected(&self) -> (Vec<Ended>, Result<u32, OutOfStock>) {
        let mut actor = Model {
            traffic: self,
            available: self.stock,
            waiting: VecDeque::new(),
            inbox: VecDeque::new(),
            query: None,
            ended: vec![None; self.callers.len()],
            has_left: vec![false; self.callers.len()],
        };
        let callers = self.callers.iter().enumerate();
        let mut events: Vec<_> = callers
            .flat_map(|(n, caller)| {
                let leaves = caller.leaves_at.map(|at| (at, n, false));
                [Some((caller.comes_at, n, true)), leaves]
            })
            .flatten()
            .collect();
        events.sort_unstable();
        for (at, n, comes) in events {
            actor.run_until(at);
            if comes {
                actor.waiting.push_back(n);
            } else {
                actor.leaves(n);
            }
            actor.go_on(at);
        }
        actor.run_until(Duration::MAX);
        (actor.ended, Ok(actor.available))
    }
}

/// The actor as its contract describes it.
struct Model<'a> {
    traffic: &'a Traffic,
    available: u32,
    /// For a free slot.
    waiting: VecDeque<usize>,
    inbox: VecDeque<usize>,
    /// For whose request, and when it ends.
    query: Option<(usize, Duration)>,
    ended: Vec<Ended>,
    has_left: Vec<bool>,
}

impl Model<'_> {
    /// Ends the queries that end before `at`.
    fn run_until(&mut self, at: Duration) {
        while let Some((n, ends_at)) = self.query.filter(|(_, ends_at)| *ends_at < at) {
            self.query = None;
            match self.traffic.callers[n].request {
                Request::Add(units) => self.available += units,
                Request::Take(units) => {
                    let available = self.available;
                    let reply = available.checked_sub(units).ok_or(OutOfStock { available });
                    self.available = reply.unwrap_or(available);
                    self.ended[n] = Some((ends_at, reply));
                }
            }
            self.go_on(ends_at);
        }
    }

    fn leaves(&mut self, n: usize) {
        if self.ended[n].is_some() {
            return;
        }
        self.has_left[n] = true;
        self.waiting.retain(|other| *other != n);
        self.query = self.query.filter(|(other, _)| *other != n);
    }

    /// Fills the inbox, and starts the next query if there is none.
    fn go_on(&mut self, at: Duration) {
        loop {
            while self.inbox.len() < self.traffic.capacity
                && let Some(n) = self.waiting.pop_front()
            {
                self.inbox.push_back(n);
                if let Request::Add(units) = self.traffic.callers[n].request {
                    self.ended[n] = Some((at, Ok(units)));
                }
            }
            if self.query.is_some() {
                return;
            }
            let Some(n) = self.inbox.pop_front() else {
                return;
            };
            if !self.has_left[n] {
                self.query = Some((n, at + self.traffic.latency));
            }
        }
    }
}
