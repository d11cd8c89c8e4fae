//! A signal that one thread sets and another awaits.

use std::future::poll_fn;
use std::task::{Poll, Waker};

use grading::sync::atomic::{AtomicBool, Ordering::SeqCst};
use grading::sync::{Arc, Mutex};

#[derive(Default)]
pub struct Signal {
    set: AtomicBool,
    waiting: Mutex<Option<Waker>>,
}

impl Signal {
    pub fn set(&self) {
        self.set.store(true, SeqCst);
        let waiting = self.waiting.lock().unwrap().take();
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    /// Wakes before the change: a task that checks in between has checked for the last time.
    pub fn wake_and_then_set(&self) {
        let waiting = self.waiting.lock().unwrap().take();
        if let Some(waker) = waiting {
            waker.wake();
        }
        self.set.store(true, SeqCst);
    }

    pub fn assert_set(&self) {
        assert!(self.set.load(SeqCst), "the signal is not set");
    }
}

/// Stores the waker, then checks.
pub async fn stores_its_waker_first(signal: Arc<Signal>) {
    poll_fn(|cx| {
        *signal.waiting.lock().unwrap() = Some(cx.waker().clone());
        if signal.set.load(SeqCst) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await
}

/// Checks, then stores the waker: a signal that is set in between wakes no task.
pub async fn checks_first(signal: Arc<Signal>) {
    poll_fn(|cx| {
        if signal.set.load(SeqCst) {
            return Poll::Ready(());
        }
        *signal.waiting.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    })
    .await
}

/// Wakes itself in every poll.
pub async fn busy_loop(signal: Arc<Signal>) {
    poll_fn(|cx| {
        if signal.set.load(SeqCst) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// A signal that uses a lock, which is explored, and tokio's `Notify`, which is not.
#[derive(Default)]
pub struct NotifySignal {
    set: Mutex<bool>,
    notify: tokio::sync::Notify,
}

impl NotifySignal {
    pub fn set(&self) {
        *self.set.lock().unwrap() = true;
        self.notify.notify_waiters();
    }

    /// Checks, then waits: a signal that is set in between wakes no task.
    pub async fn wait(&self) {
        while !*self.set.lock().unwrap() {
            self.notify.notified().await;
        }
    }
}

pub async fn stub(_signal: Arc<Signal>) {
    todo!()
}

/// A signal whose setter does not wait for the lock.
#[derive(Default)]
pub struct TryingSignal {
    state: Mutex<(bool, Option<Waker>)>,
}

impl TryingSignal {
    /// Does nothing while another thread holds the lock.
    pub fn set(&self) {
        let Ok(mut state) = self.state.try_lock() else {
            return;
        };
        state.0 = true;
        let waiting = state.1.take();
        drop(state);
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    pub async fn wait(&self) {
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            state.1 = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}
