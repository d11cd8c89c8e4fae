//! Debouncers, right and wrong ones.

use std::collections::VecDeque;
use std::future::pending;

use exercises::testing::Debouncer;
use tokio::time::{Instant, sleep_until};

use super::*;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Right,
    Replaces,
    PassesAll,
    FirstOfBurst,
    Early,
    Late,
    CountsFromTheFirst,
    Twice,
    EndsEarly,
    CountsFromNext,
    LosesOnDrop,
    RestartsOnDrop,
    ForgetsSettled,
    LastSettledFirst,
    CloseForgets,
    CloseWaits,
    TakesMoreAfterClose,
    NeverEnds,
    EndsOnce,
}

pub(super) struct Fake {
    kind: Kind,
    quiet: Duration,
    case: Case,
    settled: VecDeque<u32>,
    last: Option<Last>,
    is_closed: bool,
    has_ended: bool,
}

/// The last value of a burst.
#[derive(Clone, Copy)]
struct Last {
    value: u32,
    settles: Instant,
    /// Whether a `next` that waited for it was dropped.
    restarts: bool,
}

impl Fake {
    pub(super) fn new(kind: Kind, quiet: Duration, case: &Case) -> Self {
        Self {
            kind,
            quiet,
            case: case.clone(),
            settled: VecDeque::new(),
            last: None,
            is_closed: false,
            has_ended: false,
        }
    }

    fn settle(&mut self, value: u32) {
        self.settled.push_back(value);
        if self.kind == Kind::Twice {
            self.settled.push_back(value);
        }
    }

    /// Settles the last value if its time has come.
    fn settle_in_time(&mut self, at_the_instant: bool) {
        let now = Instant::now();
        if let Some(last) = self.last
            && (last.settles < now || last.settles == now && at_the_instant)
        {
            self.last = None;
            self.settle(last.value);
        }
    }

    fn next_settled(&mut self) -> Option<u32> {
        match self.kind {
            Kind::LastSettledFirst => self.settled.pop_back(),
            _ => self.settled.pop_front(),
        }
    }
}

impl Debouncer for Fake {
    fn push(&mut self, value: u32) {
        if self.is_closed {
            if self.kind == Kind::TakesMoreAfterClose {
                self.settle(value);
            }
            return;
        }
        self.settle_in_time(self.kind != Kind::Replaces);
        if self.kind == Kind::ForgetsSettled {
            self.settled.clear();
        }
        let now = Instant::now();
        let mut next = Last {
            value,
            settles: match self.kind {
                Kind::Early => now + self.quiet - ms(1),
                Kind::Late => now + self.quiet + ms(1),
                _ => now + self.quiet,
            },
            restarts: false,
        };
        if let Some(before) = self.last {
            match self.kind {
                Kind::PassesAll => self.settle(before.value),
                Kind::FirstOfBurst => next.value = before.value,
                Kind::CountsFromTheFirst => next.settles = before.settles,
                _ => {}
            }
        }
        self.last = Some(next);
    }

    async fn next(&mut self) -> Option<u32> {
        if let Some(last) = &mut self.last
            && (self.kind == Kind::CountsFromNext || last.restarts)
        {
            last.settles = Instant::now() + self.quiet;
        }
        self.case.turns().await;
        loop {
            self.settle_in_time(true);
            if let Some(value) = self.next_settled() {
                return Some(value);
            }
            let Some(last) = self.last else {
                let ends = self.is_closed || self.kind == Kind::EndsEarly;
                if !ends || self.kind == Kind::NeverEnds || self.has_ended {
                    pending::<()>().await;
                }
                self.has_ended = self.kind == Kind::EndsOnce;
                return None;
            };
            match (self.kind, &mut self.last) {
                (Kind::LosesOnDrop, _) => self.last = None,
                // A call that is not dropped settles the value itself, below.
                (Kind::RestartsOnDrop, Some(kept)) => kept.restarts = true,
                _ => {}
            }
            sleep_until(last.settles).await;
            self.case.turns().await;
            self.last = Some(last);
        }
    }

    fn close(&mut self) {
        self.settle_in_time(true);
        self.is_closed = true;
        match self.kind {
            Kind::CloseForgets => self.last = None,
            Kind::CloseWaits => {}
            _ => {
                if let Some(last) = self.last.take() {
                    self.settle(last.value);
                }
            }
        }
    }
}
