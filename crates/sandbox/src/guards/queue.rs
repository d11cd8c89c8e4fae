//! A first-in, first-out queue for a limited number of slots.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::cancel::Cancel;
use crate::pause::TICK;

/// A limited number of slots, and the callers that wait for one.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    free: usize,
    /// The number of the next caller.
    next: u64,
    waiting: VecDeque<u64>,
}

/// A slot, occupied until this is dropped.
pub(super) struct Slot<'a>(&'a Queue);

impl Queue {
    pub(super) fn new(slots: usize) -> Self {
        Self {
            state: Mutex::new(State {
                free: slots,
                next: 0,
                waiting: VecDeque::new(),
            }),
            changed: Condvar::new(),
        }
    }

    /// Waits until a slot is free and all earlier callers have had theirs. Returns `None` once `cancel`
    /// is cancelled.
    pub(super) fn wait(&self, cancel: &Cancel) -> Option<Slot<'_>> {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.waiting.push_back(number);
        loop {
            let cancelled = cancel.is_cancelled();
            if cancelled || (state.free > 0 && state.waiting.front() == Some(&number)) {
                state.waiting.retain(|&waiting| waiting != number);
                // The next caller may now be at the front.
                self.changed.notify_all();
                if cancelled {
                    return None;
                }
                state.free -= 1;
                return Some(Slot(self));
            }
            state = self
                .changed
                .wait_timeout(state, TICK)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.lock().free += 1;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn serves_callers_in_order_of_arrival() {
        let queue = Queue::new(1);
        let (tx, served) = mpsc::channel();
        let slot = queue.wait(&Cancel::default());
        thread::scope(|scope| {
            for number in 0..10 {
                let (queue, tx) = (&queue, tx.clone());
                scope.spawn(move || {
                    let _slot = queue.wait(&Cancel::default());
                    tx.send(number).unwrap();
                });
                while queue.lock().waiting.len() <= number {
                    thread::yield_now();
                }
            }
            drop(slot);
        });
        drop(tx);
        assert!(served.into_iter().eq(0..10));
    }

    #[test]
    fn a_cancelled_caller_leaves_the_queue() {
        let queue = Queue::new(1);
        let cancelled = Cancel::default();
        cancelled.cancel();
        let slot = queue.wait(&Cancel::default());
        assert!(queue.wait(&cancelled).is_none());
        drop(slot);
        assert!(queue.wait(&Cancel::default()).is_some());
    }
}
