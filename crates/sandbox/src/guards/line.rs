//! Waiting in line.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::Cancel;
use crate::supervise::TICK;

/// A number of places, and those who wait for one.
pub(super) struct Line {
    state: Mutex<State>,
    moved: Condvar,
}

struct State {
    free: usize,
    /// The number of the next to come.
    next: u64,
    waiting: VecDeque<u64>,
}

/// A place, until it is dropped.
pub(super) struct Place<'a>(&'a Line);

impl Line {
    pub(super) fn new(places: usize) -> Self {
        Self {
            state: Mutex::new(State {
                free: places,
                next: 0,
                waiting: VecDeque::new(),
            }),
            moved: Condvar::new(),
        }
    }

    /// Waits until all who came earlier have had a place and one is free. `None` once it is cancelled.
    pub(super) fn wait(&self, cancel: &Cancel) -> Option<Place<'_>> {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.waiting.push_back(number);
        loop {
            let cancelled = cancel.is_cancelled();
            if cancelled || (state.free > 0 && state.waiting.front() == Some(&number)) {
                state.waiting.retain(|&waiting| waiting != number);
                // The next in line may now be the first.
                self.moved.notify_all();
                if cancelled {
                    return None;
                }
                state.free -= 1;
                return Some(Place(self));
            }
            state = self
                .moved
                .wait_timeout(state, TICK)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.lock().free += 1;
        self.0.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn who_comes_first_is_served_first() {
        let line = Line::new(1);
        let (sender, served) = mpsc::channel();
        let place = line.wait(&Cancel::default());
        thread::scope(|scope| {
            for number in 0..10 {
                let (line, sender) = (&line, sender.clone());
                scope.spawn(move || {
                    let _place = line.wait(&Cancel::default());
                    sender.send(number).unwrap();
                });
                while line.lock().waiting.len() <= number {
                    thread::yield_now();
                }
            }
            drop(place);
        });
        drop(sender);
        assert!(served.into_iter().eq(0..10));
    }

    #[test]
    fn who_is_cancelled_leaves_the_line() {
        let line = Line::new(1);
        let cancelled = Cancel::default();
        cancelled.cancel();
        let place = line.wait(&Cancel::default());
        assert!(line.wait(&cancelled).is_none());
        drop(place);
        assert!(line.wait(&Cancel::default()).is_some());
    }
}
