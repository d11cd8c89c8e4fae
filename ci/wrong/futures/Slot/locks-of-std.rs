//! Its locks come from `std::sync`, so that no order of the steps was tried. Caught by `Slot::nothing_is_lost_whoever_is_first`, which says "No lock and no atomic of your answer comes from `crate::sync`".

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub struct Slot<T> {
    value: std::sync::Mutex<Option<T>>,
    waker: std::sync::Mutex<Option<Waker>>,
    sender_gone: AtomicBool,
    receiver_gone: AtomicBool,
}

impl<T> Slot<T> {
    pub fn empty() -> Self {
        Self {
            value: std::sync::Mutex::new(None),
            waker: std::sync::Mutex::new(None),
            sender_gone: AtomicBool::new(false),
            receiver_gone: AtomicBool::new(false),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        if self.receiver_gone.load(SeqCst) {
            return Err(value);
        }
        *self.value.lock().unwrap() = Some(value);
        let waiting = self.waker.lock().unwrap().take();
        wake(waiting);
        Ok(())
    }

    pub fn sender_gone(&self) {
        self.sender_gone.store(true, SeqCst);
        let waiting = self.waker.lock().unwrap().take();
        wake(waiting);
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        // Whoever sends and leaves in between has sent first.
        let sender_gone = self.sender_gone.load(SeqCst);
        if let Some(value) = self.value.lock().unwrap().take() {
            return Poll::Ready(Ok(value));
        }
        if sender_gone {
            return Poll::Ready(Err(Closed));
        }
        *self.waker.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    }

    pub fn receiver_gone(&self) {
        self.receiver_gone.store(true, SeqCst);
        *self.value.lock().unwrap() = None;
        *self.waker.lock().unwrap() = None;
    }
}
