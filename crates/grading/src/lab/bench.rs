//! The grader's end of the laboratory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Full, Lab};
use crate::clock::{Clock, ms};
use crate::gauge::{Gauge, InFlight};
use crate::shuffled::Shuffle;

/// Where something is done to a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Station {
    /// `Lab::spin`
    Spin,
    /// `Lab::analyse`
    Analyse,
    /// `Lab::store`
    Store,
}

/// One call of a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The number of the sample
    pub number: u32,
    /// When it was first polled, since the bench was made
    pub began: Duration,
    /// When it was done
    pub finished: Option<Duration>,
    /// When it was dropped before it was done
    pub cancelled: Option<Duration>,
}

/// Says how long the stations take, and writes down what they do. Clones are the same bench.
#[derive(Debug, Clone)]
pub struct Bench {
    state: Arc<Mutex<State>>,
    gauges: [Gauge; 3],
    clock: Clock,
}

#[derive(Debug, Default)]
struct State {
    times: HashMap<Station, Duration>,
    special: HashMap<(Station, u32), Duration>,
    shuffle: Option<Shuffle>,
    shelf: Option<usize>,
    visits: Vec<(Station, Visit)>,
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

impl Bench {
    /// A bench at which everything takes 10 ms. Its clock begins here.
    pub fn new() -> Self {
        Self {
            state: Arc::default(),
            gauges: Default::default(),
            clock: Clock::start(),
        }
    }

    /// From here on `station` takes this long for every sample.
    #[must_use]
    pub fn time(self, station: Station, time: Duration) -> Self {
        self.state().times.insert(station, time);
        self
    }

    /// For the sample of this number `station` takes this long.
    #[must_use]
    pub fn time_for(self, station: Station, number: u32, time: Duration) -> Self {
        self.state().special.insert((station, number), time);
        self
    }

    /// Every visit takes from 0 to 3 ms, and some turns, as `shuffle` has it.
    #[must_use]
    pub fn shuffled(self, shuffle: &Shuffle) -> Self {
        self.state().shuffle = Some(shuffle.clone());
        self
    }

    /// The archive has room for so many reports.
    #[must_use]
    pub fn shelf(self, reports: usize) -> Self {
        self.state().shelf = Some(reports);
        self
    }

    /// What an answer gets.
    pub fn lab(&self) -> Lab {
        let bench = self.clone();
        Lab { bench }
    }

    /// All visits to a station, in the order in which they began.
    pub fn visits(&self, station: Station) -> Vec<Visit> {
        let state = self.state();
        let at = |(place, _): &&(Station, Visit)| *place == station;
        state
            .visits
            .iter()
            .filter(at)
            .map(|(_, visit)| *visit)
            .collect()
    }

    /// The numbers of the samples that came to a station, in the order in which they did.
    pub fn started(&self, station: Station) -> Vec<u32> {
        numbers(&self.visits(station), |_| true)
    }

    /// The numbers of the samples that a station is through with, in the order in which they began.
    pub fn finished(&self, station: Station) -> Vec<u32> {
        numbers(&self.visits(station), |visit| visit.finished.is_some())
    }

    /// The numbers of the samples that were dropped at a station, in the order in which they began.
    pub fn cancelled(&self, station: Station) -> Vec<u32> {
        numbers(&self.visits(station), |visit| visit.cancelled.is_some())
    }

    /// How many samples are at a station now.
    pub fn under_way(&self, station: Station) -> usize {
        self.gauges[station as usize].now()
    }

    /// The most samples that ever were at a station at the same time.
    pub fn peak(&self, station: Station) -> usize {
        self.gauges[station as usize].peak()
    }

    pub(super) async fn visit(&self, station: Station, number: u32) {
        let (visiting, time, shuffle) = self.begin(station, number);
        if time.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(time).await;
        }
        if let Some(shuffle) = shuffle {
            shuffle.turns().await;
        }
        visiting.finish();
    }

    pub(super) fn shelve(&self) -> Result<(), Full> {
        match &mut self.state().shelf {
            Some(0) => Err(Full),
            Some(room) => {
                *room -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn begin(&self, station: Station, number: u32) -> (Visiting, Duration, Option<Shuffle>) {
        let mut state = self.state();
        let shuffle = state.shuffle.clone();
        let special = state.special.get(&(station, number));
        let time = match (&shuffle, special.or(state.times.get(&station))) {
            (Some(shuffle), _) => ms(shuffle.below(4)),
            (None, Some(time)) => *time,
            (None, None) => ms(10),
        };
        let visit = Visit {
            number,
            began: self.clock.elapsed(),
            finished: None,
            cancelled: None,
        };
        let place = state.visits.len();
        state.visits.push((station, visit));
        drop(state);
        let visiting = Visiting {
            bench: self.clone(),
            place,
            done: false,
            _in_flight: self.gauges[station as usize].enter(),
        };
        (visiting, time, shuffle)
    }

    /// Nothing in it is ever half changed, so a poisoned lock tells nothing.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn numbers(visits: &[Visit], which: impl Fn(&Visit) -> bool) -> Vec<u32> {
    let visits = visits.iter().filter(|visit| which(visit));
    visits.map(|visit| visit.number).collect()
}

/// A visit that is under way. Dropped before it is done, it was cancelled.
struct Visiting {
    bench: Bench,
    place: usize,
    done: bool,
    _in_flight: InFlight,
}

impl Visiting {
    fn finish(mut self) {
        self.done = true;
    }
}

impl Drop for Visiting {
    fn drop(&mut self) {
        let now = Some(self.bench.clock.elapsed());
        let visit = &mut self.bench.state().visits[self.place].1;
        match self.done {
            true => visit.finished = now,
            false => visit.cancelled = now,
        }
    }
}
