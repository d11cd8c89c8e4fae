//! A bell that one thread rings and another waits for.

use std::future::poll_fn;
use std::task::{Poll, Waker};

use grading::sync::atomic::{AtomicBool, Ordering::SeqCst};
use grading::sync::{Arc, Mutex};

#[derive(Default)]
pub struct TestWaker {
    rung: AtomicBool,
    waiting: Mutex<Option<Waker>>,
}

impl TestWaker {
    pub fn ring(&self) {
        self.rung.store(true, SeqCst);
        let waiting = self.waiting.lock().unwrap().take();
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    /// The ring comes before the news: who looks in between has looked for the last time.
    pub fn ring_and_then_be_there(&self) {
        let waiting = self.waiting.lock().unwrap().take();
        if let Some(waker) = waiting {
            waker.wake();
        }
        self.rung.store(true, SeqCst);
    }

    pub fn must_have_rung(&self) {
        assert!(self.rung.load(SeqCst), "nobody has rung");
    }
}

/// Leaves the waker, then looks.
pub async fn careful(bell: Arc<TestWaker>) {
    poll_fn(|cx| {
        *bell.waiting.lock().unwrap() = Some(cx.waker().clone());
        if bell.rung.load(SeqCst) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await
}

/// Looks, then leaves the waker: whoever rings in between wakes nobody.
pub async fn looks_twice(bell: Arc<TestWaker>) {
    poll_fn(|cx| {
        if bell.rung.load(SeqCst) {
            return Poll::Ready(());
        }
        *bell.waiting.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    })
    .await
}

/// Asks to be polled at once, again and again.
pub async fn spins(bell: Arc<TestWaker>) {
    poll_fn(|cx| {
        if bell.rung.load(SeqCst) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// The lock is explored, the bell is not.
#[derive(Default)]
pub struct OfTokio {
    rung: Mutex<bool>,
    bell: tokio::sync::Notify,
}

impl OfTokio {
    pub fn ring(&self) {
        *self.rung.lock().unwrap() = true;
        self.bell.notify_waiters();
    }

    /// Looks, then waits: whoever rings in between wakes nobody.
    pub async fn rung(&self) {
        while !*self.rung.lock().unwrap() {
            self.bell.notified().await;
        }
    }
}

pub async fn stub(_bell: Arc<TestWaker>) {
    todo!()
}
