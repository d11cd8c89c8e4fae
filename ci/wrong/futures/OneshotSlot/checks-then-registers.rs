//! Checks for the value and stores the waker under two separate locks. Caught by `OneshotSlot::no_value_is_lost_in_any_interleaving`, which says "a wake-up is lost".

use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub struct OneshotSlot<T> {
    value: Mutex<Option<T>>,
    waker: Mutex<Option<Waker>>,
    sender_dropped: AtomicBool,
    receiver_dropped: AtomicBool,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            value: Mutex::new(None),
            waker: Mutex::new(None),
            sender_dropped: AtomicBool::new(false),
            receiver_dropped: AtomicBool::new(false),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        if self.receiver_dropped.load(SeqCst) {
            return Err(value);
        }
        *self.value.lock().unwrap() = Some(value);
        let receiver = self.waker.lock().unwrap().take();
        wake(receiver);
        Ok(())
    }

    pub fn sender_dropped(&self) {
        self.sender_dropped.store(true, SeqCst);
        let receiver = self.waker.lock().unwrap().take();
        wake(receiver);
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        // A sender that sends and is dropped between these two steps has sent first.
        let sender_dropped = self.sender_dropped.load(SeqCst);
        if let Some(value) = self.value.lock().unwrap().take() {
            return Poll::Ready(Ok(value));
        }
        if sender_dropped {
            return Poll::Ready(Err(Closed));
        }
        *self.waker.lock().unwrap() = Some(cx.waker().clone());
        Poll::Pending
    }

    pub fn receiver_dropped(&self) {
        self.receiver_dropped.store(true, SeqCst);
        *self.value.lock().unwrap() = None;
        *self.waker.lock().unwrap() = None;
    }
}
