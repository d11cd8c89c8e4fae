//! Queues: a laboratory in which samples go from hand to hand.
//!
//! `lab.analyse(sample).await` gives the [`Report`] of a [`Sample`]. A [`Lab`] is a handle: clones are the
//! same laboratory.

use std::time::Duration;

use grading::lab::{Full, Lab, Report, Sample};
use tokio::sync::{mpsc, oneshot};

/// Analyses every sample that comes out of `rack`, with `analysers` workers.
///
/// A worker takes a sample when it is free, and no earlier: what nobody works on stays in the rack. While there is
/// none, the workers sleep.
/// Returns all reports, in any order, when the rack is closed and empty and the last analysis is done.
/// If the future is dropped, all workers stop.
pub async fn worker_pool(rack: mpsc::Receiver<Sample>, analysers: usize, lab: &Lab) -> Vec<Report> {
    todo!()
}

/// Analyses the samples that come out of `rack`, one after the other, until it is evening.
///
/// It is evening when `evening` is ready: something was sent, or its sender is gone. At that instant the
/// rack closes, whatever goes on: whoever waits for a place in it gets the sample back.
/// What had been accepted is still analysed, without a pause: the sample under way, what is in the rack, and what
/// comes through a place that was reserved. Then, or when all senders are gone, it returns all reports, in order.
/// If the future is dropped, everything stops.
pub async fn drain_close(
    mut rack: mpsc::Receiver<Sample>,
    mut evening: oneshot::Receiver<()>,
    lab: &Lab,
) -> Vec<Report> {
    todo!()
}

/// There are not enough bags; so many are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short {
    /// How many there are
    pub there: u32,
}

/// The blood bank: a handle to its keeper, who is a task and alone knows how many bags there are.
/// Clones reach the same keeper.
///
/// Requests are served one after the other, in the order in which they came. For each of them the keeper
/// walks to the fridge first, which takes `walk`.
/// Up to `room` requests wait in the keeper's box. Callers who find it full wait for a place.
/// When the last handle is gone, and the box is empty, the keeper ends.
#[derive(Debug, Clone)]
pub struct BloodBank {
    // Your fields in place of this one.
    _bags: std::marker::PhantomData<u32>,
}

impl BloodBank {
    /// Opens with so many `bags` in the fridge. Spawns the keeper.
    pub fn open(bags: u32, walk: Duration, room: usize) -> Self {
        todo!()
    }

    /// Brings `bags`. Ready when the request is in the box.
    pub async fn bring(&self, bags: u32) {
        todo!()
    }

    /// Fetches `bags`, and returns how many are left; all of them, or none.
    ///
    /// A caller who leaves before the keeper has answered gets nothing and costs nothing: no bag, and from then on none of
    /// the keeper's time.
    pub async fn fetch(&self, bags: u32) -> Result<u32, Short> {
        todo!()
    }
}

/// A queue with room for so many samples, out of which the most urgent comes first.
///
/// Both its ends are reached through `&self`, by any number of tasks. Who is dropped while it waits has
/// changed nothing.
#[derive(Debug)]
pub struct UrgentFirst {
    // Your fields in place of this one.
    _samples: std::marker::PhantomData<Sample>,
}

impl UrgentFirst {
    /// An empty queue with this much room, at least 1.
    pub fn new(room: usize) -> Self {
        todo!()
    }

    /// Puts a sample in, and waits for room if there is none. Gives it back if the queue is closed. Those who wait for
    /// room get it in the order in which they came, urgent or not.
    pub async fn put(&self, urgency: u8, sample: Sample) -> Result<(), Sample> {
        todo!()
    }

    /// Takes the sample with the greatest urgency, and of these the one that was put in first. Waits if there
    /// is none. `None` if the queue is closed and empty.
    pub async fn take(&self) -> Option<Sample> {
        todo!()
    }

    /// Nothing goes in any more. Whoever waits is told at once; what is in it can still be taken.
    pub fn close(&self) {
        todo!()
    }
}

/// Brings every sample through three stations, and returns how many reports were stored.
///
/// `lab.spin(sample)` comes first, one sample at a time. `lab.analyse(sample)` is next, for at most
/// `analysers` samples at a time, and `lab.store(report)` is last, one at a time. All three work at the same
/// time, on different samples.
/// Between two stations up to `room` samples wait; `room` is 1 or more. Who cannot hand on what it has done
/// waits, and takes nothing new.
/// If `store` says [`Full`], that is the result, at that instant, and everything stops. So it does if
/// the future is dropped.
pub async fn pipeline(
    mut samples: mpsc::Receiver<Sample>,
    analysers: usize,
    room: usize,
    lab: &Lab,
) -> Result<usize, Full> {
    todo!()
}
