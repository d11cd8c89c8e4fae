//! Gates that a future waits for, each with another mistake in how it treats wakers.

use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use grading::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Gate {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_open: bool,
    first: Option<Waker>,
    stored: Vec<Waker>,
}

/// What a poll does with its waker.
type Store = fn(&mut State, &mut Context<'_>);

impl Gate {
    pub fn open(&self) {
        let wakers = {
            let mut state = self.state.lock().unwrap();
            state.is_open = true;
            std::mem::take(&mut state.stored)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// The woken task may want the lock.
    pub fn open_and_wake_under_the_lock(&self) {
        let mut state = self.state.lock().unwrap();
        state.is_open = true;
        state.stored.drain(..).for_each(Waker::wake);
    }

    /// The woken task finds the gate closed.
    pub fn wake_and_then_open(&self) {
        let wakers = std::mem::take(&mut self.state.lock().unwrap().stored);
        wakers.into_iter().for_each(Waker::wake);
        self.state.lock().unwrap().is_open = true;
    }

    pub fn open_without_waking(&self) {
        self.state.lock().unwrap().is_open = true;
    }
}

pub async fn stores_the_latest(gate: Arc<Gate>) {
    wait(gate, |state, cx| state.stored = vec![cx.waker().clone()]).await
}

pub async fn keeps_the_first(gate: Arc<Gate>) {
    wait(gate, |state, cx| {
        if state.stored.is_empty() {
            state.stored.push(cx.waker().clone());
        }
    })
    .await
}

/// After a poll by another task, a poll by the first one stores nothing.
pub async fn compares_with_the_first(gate: Arc<Gate>) {
    wait(gate, |state, cx| {
        let first = state.first.get_or_insert_with(|| cx.waker().clone());
        if state.stored.is_empty() || !first.will_wake(cx.waker()) {
            state.stored = vec![cx.waker().clone()];
        }
    })
    .await
}

pub async fn keeps_all(gate: Arc<Gate>) {
    wait(gate, |state, cx| {
        if !state.stored.iter().any(|waker| waker.will_wake(cx.waker())) {
            state.stored.push(cx.waker().clone());
        }
    })
    .await
}

pub async fn busy_loop(gate: Arc<Gate>) {
    wait(gate, |state, cx| {
        state.stored = vec![cx.waker().clone()];
        cx.waker().wake_by_ref();
    })
    .await
}

pub async fn is_ready_at_its_second_poll(gate: Arc<Gate>) {
    wait(gate, |state, cx| {
        state.stored = vec![cx.waker().clone()];
        state.is_open = true;
    })
    .await
}

async fn wait(gate: Arc<Gate>, store: Store) {
    poll_fn(|cx| {
        let mut state = gate.state.lock().unwrap();
        if state.is_open {
            return Poll::Ready(());
        }
        store(&mut state, cx);
        Poll::Pending
    })
    .await
}
